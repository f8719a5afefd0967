# uml: a User Mode Linux guest on a tap interface, for what this kernel does not have (sourced after net.sh).
# The guest is 10.94.0.2; the host `server` has the other end of the wire, 10.94.0.1.
# shellcheck disable=SC2154 # net.sh has on_server, work, here

UML_BOOT_SECONDS=60
uml_pid=''

# uml_start SCRIPT [WORD ...]: boot in the background; the script is in tests/interop/uml, words are guest_NAME=VALUE.
uml_start() {
	local script=$1
	shift
	command -v linux.uml >/dev/null || skip "user-mode-linux is not installed"
	mkdir -p "$work/out"
	$on_server ip tuntap add dev tap0 mode tap || skip "cannot make a tap interface"
	$on_server ip addr add 10.94.0.1/24 dev tap0
	$on_server ip link set tap0 up
	cc -O1 -shared -fPIC -o "$work/xstate.so" "$here/uml/xstate.c" -ldl || fail "uml/xstate.c does not compile"
	# gro=1: else large segments are dropped. The time limit is for a guest that hangs.
	$on_server timeout 150 env LD_PRELOAD="$work/xstate.so" linux.uml mem=512M root=/dev/root rootfstype=hostfs rootflags=/ ro \
		init="$here/uml/init" con0=null,fd:1 con=null quiet umid="pptp$$" \
		guest_dir="$here/uml" guest_script="$script" guest_out="$work/out" "$@" \
		vec0:transport=tap,ifname=tap0,depth=64,gro=1 </dev/null >"$work/guest.log" 2>&1 &
	uml_pid=$!
}

# uml_wait NAME: until the guest has made this file in its shared folder.
uml_wait() {
	for _ in $(seq $((UML_BOOT_SECONDS * 10))); do
		[ -e "$work/out/$1" ] && return 0
		kill -0 "$uml_pid" 2>/dev/null || break
		sleep 0.1
	done
	fail "the guest did not come as far as \"$1\""
}

# uml_end: ask the guest to stop, and wait for it.
uml_end() {
	touch "$work/out/stop"
	wait "$uml_pid"
}
