# examples/quickstart.sh ended by a signal at various moments: nothing is left, and it can be run again.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=traces.sh
. "$here/traces.sh"
need tcpdump gcc meson
remember_traces

capture=(--capture "$work/capture.pcap") # with it the transfers are short

interrupt() { # SIGNAL SECONDS PATTERN: so much later than its output has such a line
	local name="SIG$1 $2 s after \"$3\"" pid result
	# A shell without a terminal starts what is in the background with SIGINT ignored.
	env --default-signal=INT bash "$top/examples/quickstart.sh" --no-install "${@:4}" >"$work/output.log" 2>&1 &
	pid=$!
	wait_for "$work/output.log" "$3" 40 || fail "$name: that line does not come"
	sleep "$2"
	kill "-$1" $pid || fail "$name: it had ended before"
	wait $pid 2>/dev/null
	result=$?
	[ $result = $((128 + $(kill -l "$1"))) ] || fail "$name: it exits with $result"
	[ "$1" != KILL ] || sleep 0.5 # nobody waits for what the kernel ends then
	no_traces
	echo "$name: nothing left"
}

rm -rf "$top/build/quickstart"
interrupt TERM 0 '^libpptp'
interrupt INT 0.3 '^== Build'
interrupt HUP 2 '^== Build'
interrupt TERM 0 '^== Two hosts'
interrupt INT 0 '^  client 10'
interrupt HUP 0 '^  server#' "${capture[@]}"
interrupt TERM 0 '^  client#'
interrupt INT 0.1 '^  client#'
interrupt TERM 0.5 '^== Ping'
interrupt HUP 0.5 '^== Transfer'
interrupt INT 0 '^  server to client' "${capture[@]}"
interrupt TERM 0 '^== The end' "${capture[@]}"
interrupt KILL 0 '^== Two hosts'
interrupt KILL 1 '^== Transfer'
bash "$top/examples/quickstart.sh" --no-install "${capture[@]}" >"$work/output.log" 2>&1 || fail "after that it fails"
no_traces
echo "the quickstart ended by signals at 14 moments: nothing left behind each time, and it still works"
