# The Python package with real packets: it dials our server and pptpd, and our client and pptp-linux dial it.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need python3 pptp socat
PPTP_LIBRARY=$(realpath "$programs/../lib/libpptp.so" 2>/dev/null) || skip "the library was built without a shared one"
PYTHONPATH=$(realpath "$here/../../examples/python")
export PPTP_LIBRARY PYTHONPATH
dial() { # NAME [ADDRESS]
	$on_client timeout 20 python3 -X dev -m pptp dial --seconds 1 "${2:-10.91.0.2}" >"$work/$1.log" 2>&1 || fail "$1: exit code $?"
	for line in '^the call is up: Call ID ' 'LCP Configure-Request, ' 'LCP Configure-Ack, '; do
		grep -q "$line" "$work/$1.log" || fail "$1: it does not say: $line"
	done
	if grep -E 'Warning|Error' "$work/$1.log"; then fail "$1: it is not clean"; fi
}
$on_client timeout 20 python3 -X dev -m pptp dial 10.91.0.2 >"$work/nobody.log" 2>&1
[ $? = 3 ] && grep -q 'cannot reach 10.91.0.2' "$work/nobody.log" || fail "nobody listens: it does not say so"
start_server
dial ours
# The guide's client with sockets of its own, the page's very lines; SIGINT ends it in order.
python3 - "$here/../../docs/integration/python.md" >"$work/loop.py" <<'END' || fail "the guide has no client.py"
import re, sys
page = open(sys.argv[1]).read()
print(next(each for each in re.findall(r"^```python\n(.*?)^```$", page, re.M | re.S) if each.startswith("# client.py\n")))
print("import sys\nClient(sys.argv[1]).run()")
END
$on_client timeout 30 python3 -X dev "$work/loop.py" 10.91.0.2 >"$work/loop.log" 2>&1 &
loop=$!
wait_for "$work/loop.log" '^frame ff03c02102' 10 || fail "the guide's client has no Configure-Ack"
kill -INT "$(pgrep -f "$work/loop.py" | tail -n 1)"
wait "$loop" || fail "the guide's client: exit code $?"
grep -q '^CALL_DOWN of call .*: ended by this host' "$work/loop.log" && grep -q '^DOWN: ended by this host' "$work/loop.log" ||
	fail "the guide's client does not end in order"
if grep -E 'Warning|Error|Traceback' "$work/loop.log"; then fail "the guide's client is not clean"; fi
# Over IPv6, at a link-local address too, where the machine has it.
if $on_client ip -6 addr add fd00::1/64 dev to-server nodad 2>/dev/null; then
	$on_server ip -6 addr add fd00::2/64 dev to-client nodad
	# Until the client may use an address of that kind too: a link-local one that answers a global one needs more words.
	for _ in $(seq 50); do
		[ -n "$($on_client ip -6 -o addr show dev to-server scope link -tentative)" ] && break
		sleep 0.1
	done
	link_local=$($on_server ip -6 -o addr show dev to-client scope link | awk '{ sub("/.*", "", $4); print $4 }')
	dial ipv6 fd00::2 & # beside each other: the raw sockets see both
	one=$!
	dial link_local "$link_local%to-server" &
	other=$!
	wait $one && wait $other || fail "over IPv6"
fi
wait_for "$work/server.log" 'connection ended: the peer stopped' 5 || fail "it does not stop the connection in order"
end server "$server"
start_pptpd
dial pptpd
kill "$pptpd"
wait "$pptpd"

$on_server python3 -X dev -m pptp serve >"$work/python.log" 2>&1 &
server=$!
wait_for "$work/python.log" '^listening' 10 || fail "the Python server does not listen"
# Its PPP agrees to everything and has nothing to carry, so our client never gets further, and would wait for an end of PPP
# that the other side does not know: what counts is that LCP came and went.
$on_client "$programs/pptp-client" -vv 10.91.0.2 >"$work/client.log" 2>&1 &
client=$!
wait_for "$work/python.log" 'LCP Configure-Request' 10 || fail "no LCP of our client came"
wait_for "$work/client.log" 'received LCP Configure-Ack' 10 || fail "our client had no answer"
kill -KILL "$client"
wait "$client" 2>/dev/null
wait_for "$work/python.log" 'the peer closed the TCP connection' 5 || fail "the end of our client was not seen"
cp "$work/python.log" "$work/python_before"
mkdir -p /run/pptp
cover /run/pptp || rm -f /run/pptp/10.91.0.2*
$on_client timeout 20 socat EXEC:'pptp 10.91.0.2 --nolaunchpppd --nohostroute --loglevel 1' \
	EXEC:"python3 -u $here/ppp_peer.py --time 1.5 --log $work/ppp.log",end-close >"$work/socat.log" 2>&1
[ "$(grep -c 'LCP Configure-Request' "$work/python.log")" -gt "$(grep -c 'LCP Configure-Request' "$work/python_before")" ] ||
	fail "no LCP of pptp-linux came"
grep -q 'LCP answer with code 2' "$work/ppp.log" || fail "pptp-linux's PPP had no answer"
end 'Python server' $server TERM
grep -E 'Warning|Traceback' "$work/python.log" && fail "the Python server is not clean"
echo "Python's asyncio client and the guide's loop dial our server, over IPv6 too, and pptpd; its server takes our client and pptp-linux: LCP goes both ways"
