# A second control connection from one address: refused with --one-per-peer, taken without it.
# Shows: T-04 A-16
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"

second_client() { # a client beside the first one
	$on_client "$programs/pptp-client" -v --tun second%d 10.91.0.2 >"$work/second.log" 2>&1 &
	second=$!
}

start_server --one-per-peer
start_client
second_client
wait $second
[ $? = 4 ] || fail "the second client is not refused"
grep -q 'Start-Control-Connection-Reply .*result_code 3 ' "$work/second.log" || fail "the refusal is not result 3"
grep -q '10.91.0.1: refused, for it has a control connection' "$work/server.log" || fail "the server does not say why"
ping_five 10.20.0.1
end client "$client"
start_client
ping_five 10.20.0.1
end client "$client"
end server "$server"

start_server
start_client
second_client
wait_for "$work/second.log" ^connected: 15 || fail "without --one-per-peer the second client is refused too"
ping_five 10.20.0.1
end client "$client"
end client "$second"
end server "$server"
echo "one control connection from an address with --one-per-peer, result 3 for the second; several without"
