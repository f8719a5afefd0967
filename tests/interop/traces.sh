# traces: whether a program left anything behind, for tests in namespaces, where nobody else changes these (sourced).
# shellcheck disable=SC2154 # net.sh sets here and work
top=$(cd "$here/../.." && pwd)

# A /run and a /tmp of its own, in which the tree stays in its place if it lies there. Where that is not to be had, what
# programs put under TMPDIR must do.
places=
if mount --make-rprivate / 2>/dev/null; then
	places='/run /tmp'
	mount -t tmpfs none /run &&
		mount --bind "$top" /mnt && mount -t tmpfs none /tmp && mkdir -p "$top" && mount --bind /mnt "$top" ||
		fail "cannot make a /tmp for the test"
fi
mkdir -p "$work/tmp"
exec 9>"$top/build/traces.lock" && flock 9 # the tests that use this share the tree
export TMPDIR=$work/tmp

trace_files() {
	# shellcheck disable=SC2086 # one word a directory
	ls -A $places "$work/tmp"
	if command -v git >/dev/null; then git -c safe.directory="$top" -C "$top" status --porcelain; fi
}
trace_kernel() {
	ip -br link
	cut -d ' ' -f 5 /proc/self/mountinfo | grep -v ^/run/netns/ # others': files in there are looked for above
}
remember_traces() {
	files=$(trace_files)
	kernel=$(trace_kernel)
	processes=(/proc/[0-9]*)
}
# It may have been killed, and take a moment to go.
is_left() { # PROCESS
	local try
	for ((try = 0; try < 20; try++)); do
		[ -e "$1" ] || return 1
		sleep 0.1
	done
}
no_traces() { # since remember_traces
	local now=(/proc/[0-9]*) process
	for process in "${now[@]}"; do
		case " ${processes[*]} " in
		*" $process "*) ;;
		*) if is_left "$process"; then fail "a process is left: $(tr '\0' ' ' <"$process/cmdline")"; fi ;;
		esac
	done
	[ "$(trace_files)" = "$files" ] || fail "files are left: $(trace_files)"
	[ "$(trace_kernel)" = "$kernel" ] || fail "an interface or a mount is left: $(trace_kernel)"
}
