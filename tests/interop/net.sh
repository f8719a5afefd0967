# net: what the interop tests share (sourced first). A test runs in namespaces of its own, with a host `client`,
# 10.91.0.1, wired to a host `server`, 10.91.0.2. Exit codes: 0 passed, 77 skipped, anything else failed; the last line
# that it prints says what was shown, or why it was skipped.
#
#     bash tests/interop/test_NAME.sh DIRECTORY-OF-THE-PROGRAMS
# shellcheck disable=SC2034 # for the tests: server, client, pptpd
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=namespaces.sh
. "$here/namespaces.sh"
programs=$(realpath "${1:?where are the programs?}")
work=${programs%/*}/interop/$(basename "$0" .sh) # what the programs print stays there

skip() {
	echo "$1"
	exit 77
}
fail() {
	echo "FAIL: $1"
	tail -n 30 "$work"/*.log 2>/dev/null
	exit 1
}
need() { for tool; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done; }

need ip ping
[ "$(id -u)" = 0 ] || skip "needs root"
if ! namespaces_inside; then
	lack=$(namespaces_possible) || skip "$lack"
	namespaces_run "$0" "$@"
	exit
fi
rm -rf "$work"
mkdir -p "$work"
host client && host server && wire client 10.91.0.1 server 10.91.0.2 || fail "cannot make two hosts"

# An empty directory in place of this one, for this test alone. Not to be had in a chroot that is no mount point.
cover() {
	local mount
	mount=$(findmnt -n -o TARGET -T "$1") && mount --make-private "$mount" 2>/dev/null && mount -t tmpfs none "$1"
}

start_capture() { # of what is on the wire
	$on_server tcpdump -Z root --immediate-mode -U -i to-client -w "$work/capture.pcap" 2>"$work/tcpdump.log" &
	tcpdump=$!
	wait_for "$work/tcpdump.log" listening 10 || fail "tcpdump does not listen"
}
end_capture() {
	sleep 0.3 # tcpdump is a moment behind
	end tcpdump "$tcpdump"
	decode "$work/capture.pcap"
}
decode() { # a capture into $work/decoded
	tshark -r "$1" -V >"$work/decoded" 2>"$work/tshark.log" || fail "tshark cannot read the capture"
	if grep -i 'malformed packet' "$work/decoded"; then fail "tshark calls a packet malformed"; fi
}
captured() { # each of these control messages, in tshark's words
	local message
	for message; do
		grep -q "Control Message Type: $message " "$work/decoded" || fail "no $message in the capture"
	done
}

start_server() { # with these options; its pid is in $server
	local who=--no-auth
	case " $* " in *' --users '*) who='' ;; esac
	: >"$work/server.log" # here: the program's own redirection may come after the first look at an old file
	$on_server "$programs/pptp-server" -v ${who:+"$who"} "$@" >"$work/server.log" 2>&1 &
	server=$!
	wait_for "$work/server.log" ^ready: 10 || fail "our server is not ready"
}
start_client() { # with these options; its pid is in $client
	: >"$work/client.log"
	$on_client "$programs/pptp-client" -v "$@" 10.91.0.2 >"$work/client.log" 2>&1 &
	client=$!
	wait_for "$work/client.log" ^connected: 15 || fail "our client is not connected"
}
end() { # NAME PID [SIGNAL]: end a program of ours in order
	kill "-${3:-INT}" "$2"
	wait "$2" || fail "the $1 exits with $?"
}
ping_five() { # from the client
	# A machine may be busy: a late answer is one.
	$on_client ping -c 5 -i 0.2 -W 10 "$1" >"$work/ping.log" 2>&1
	grep -q ' 5 received' "$work/ping.log" || fail "not all pings to $1 were answered"
}
start_pptpd() { # Debian's, on the server, with a small PPP behind its pty
	need pptpd ss
	python3 -c 'import os; os.openpty()' 2>/dev/null || skip "no pseudo-terminals for pptpd: /dev/pts is not mounted"
	cp "$here/pptpd_ppp.sh" "$here/ppp_peer.py" "$work/"
	chmod +x "$work/pptpd_ppp.sh"
	cat >"$work/pptpd.conf" <<-END
		ppp $work/pptpd_ppp.sh
		option /dev/null
		localip 10.9.0.1
		remoteip 10.9.0.2-20
		debug
	END
	PPP_LOG=$work/ppp.log $on_server pptpd --fg --conf "$work/pptpd.conf" --pidfile "$work/pptpd.pid" \
		--listen 10.91.0.2 >"$work/pptpd.log" 2>&1 &
	pptpd=$!
	for _ in $(seq 50); do $on_server ss -ltn | grep -q :1723 && break; sleep 0.1; done
}
