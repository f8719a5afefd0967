# Either side may open the control connection: our server calls a scripted PAC, and a scripted server our client.
# Shows: T-03 T-10 R-05
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=scripted.sh
. "$here/scripted.sh"

start_server --connect 10.91.0.1
says server 'cannot connect to 10.91.0.1 port 1723, the next try is in 1 s: Connection refused'
script client callee 10.91.0.1
script_says 'and when it was stopped'
end server "$server"
end_script

# The address in use: said clearly, and exit code 2.
$on_client "$python" -c 'import socket, time
s = socket.create_server(("", 1723))
print("taken", flush=True)
time.sleep(60)' >"$work/taken.log" &
taken=$!
wait_for "$work/taken.log" taken 10 || fail "the port cannot be taken"
$on_client "$programs/pptp-client" --listen 10.91.0.2 >"$work/client.log" 2>&1
[ $? = 2 ] || fail "the client does not exit with 2 when its port is taken"
says client 'cannot listen at any address port 1723: Address already in use'
kill $taken
wait $taken

: >"$work/client.log"
$on_client "$programs/pptp-client" -v --listen 10.91.0.2 >"$work/client.log" 2>&1 &
client=$!
says client 'cannot connect to 10.91.0.2 port 1723, waiting for its call: Connection refused'
$on_client "$python" -c 'import socket
s = socket.create_connection(("127.0.0.1", 1723))
assert s.recv(1) == b"", "a stranger is not turned away"' || fail "the client takes a call of a stranger"
script server caller 10.91.0.1
says client ^connected:
ping_five 10.9.0.1
$on_server "$python" -c 'import socket
try:
    socket.create_connection(("10.91.0.1", 1723))
except ConnectionRefusedError:
    raise SystemExit(0)
raise SystemExit("the port is open")' || fail "the client listens though it is connected"
end client "$client"
end_script

$on_client ip addr add 10.91.0.9/24 dev to-server # higher than the server's: the client would win a collision
for which in stubborn tardy; do
	script server $which 10.91.0.2
	script_says listening
	: >"$work/client.log"
	$on_client "$programs/pptp-client" -v --listen --bind 10.91.0.9 10.91.0.2 >"$work/client.log" 2>&1 &
	client=$!
	says client ^connected:
	end client "$client"
	end_script
done

# Neither took ours nor called.
$on_client "$programs/pptp-client" --listen --connect-timeout 1 10.91.0.2 >"$work/client.log" 2>&1
[ $? = 3 ] || fail "the client does not exit with 3 when nobody calls"
says client '10.91.0.2 did not take our connection, and none of its own came up in 1 s'

# It says that it has one, and does not call either.
$on_server $python -B -u "$here/wrong_peer.py" has-one 10.91.0.2 >"$work/has-one.log" 2>&1 &
one=$!
wait_for "$work/has-one.log" listening 10 || fail "the server that has one does not listen"
$on_client "$programs/pptp-client" --listen --connect-timeout 1 10.91.0.2 >"$work/client.log" 2>&1
[ $? = 4 ] || fail "the client does not exit with 4 when it is refused and nobody calls"
says client '10.91.0.2 refused our connection, and none of its own came up in 1 s'
wait $one || fail "the server that has one exits with $?"
echo "our server calls, takes a call, and calls again after a loss; our client takes the call of its server"
