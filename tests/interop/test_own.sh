# Our client and our server: 5 pings, a capture that tshark decodes, and nothing left after SIGINT.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need tcpdump tshark
start_capture
start_server
start_client --route 10.20.0.0/24
ping_five 10.20.0.1
end client "$client"
end server "$server"
$on_client ip link | grep pptp && fail "the client left its interface"
$on_client ip route | grep 10.20 && fail "the client left a route"
$on_server ip link | grep pptp && fail "the server left its interface"
end_capture
captured Start-Control-Connection-Request Start-Control-Connection-Reply Outgoing-Call-Request Outgoing-Call-Reply \
	Call-Clear-Request Call-Disconnect-Notify Stop-Control-Connection-Request Stop-Control-Connection-Reply
echo "our client and our server: 5 of 5 pings, capture without a malformed packet, nothing left behind"
