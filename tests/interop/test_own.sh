# Our client and our server: 5 pings, a capture that tshark decodes, and nothing left after SIGINT.
. "$(dirname "$0")/net.sh"
need tcpdump tshark
in_server tcpdump -i veth0 -U -w "$work/capture" 'tcp port 1723 or proto 47' 2>"$work/tcpdump.log" &
wait_for "$work/tcpdump.log" listening 10 || fail "tcpdump does not listen"
start_server
start_client --route 10.20.0.0/24
ping_five 10.20.0.1
kill -INT $client_pid
wait $client_pid || fail "the client exits with $?"
kill -INT $server_pid
wait $server_pid || fail "the server exits with $?"
ip -n $client link | grep -q pptp && fail "the client left its interface"
ip -n $client route | grep -q 10.20 && fail "the client left a route"
ip -n $server link | grep -q pptp && fail "the server left its interface"
sleep 0.5
tshark -r "$work/capture" -V >"$work/decoded" 2>/dev/null
grep -qi 'malformed packet' "$work/decoded" && fail "tshark calls a packet malformed"
for message in START-CONTROL-CONNECTION-REQUEST OUTGOING-CALL-REPLY CALL-CLEAR-REQUEST STOP-CONTROL-CONNECTION-REPLY; do
	grep -qi "$(echo $message | tr - .)" "$work/decoded" || fail "no $message in the capture"
done
echo "our client and our server: 5 of 5 pings, capture without a malformed packet, nothing left behind"
