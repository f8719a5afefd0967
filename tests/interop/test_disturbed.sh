# Three clients at once, each with an address of its own. Then a stranger talks nonsense to the server, one client is
# killed and one ends in order: the third one's ping loses nothing, and what the others had is free again.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=scripted.sh
. "$here/scripted.sh"
on_stranger='' # as host sets it
more_hosts() {
	local i
	for i in 2 3; do host client$i && wire client$i 10.91.$i.1 server 10.91.$i.2 || return; done
	# With an address of its own: GRE from a client's address may meet that client's Call ID by chance, and be its call's.
	host stranger && wire stranger 10.91.4.1 server 10.91.4.2
}
more_hosts || fail "cannot make more hosts"

connect() { # HOST SERVER-ADDRESS: a client there; its pid is in $client
	local on=on_$1
	: >"$work/$1.log"
	: >"$work/$1.log"
	${!on} "$programs/pptp-client" -v --route 10.20.0.0/24 "$2" >"$work/$1.log" 2>&1 &
	client=$!
	wait_for "$work/$1.log" ^connected: 15 || fail "$1 is not connected"
}
address_of() { sed -n 's/^connected: \([0-9.]*\) .*/\1/p' "$work/$1.log"; }
pings() { # HOST
	local on=on_$1
	${!on} ping -c 5 -i 0.2 -W 10 10.20.0.1 >"$work/ping_$1.log" || fail "not all pings of $1 were answered"
}
unrouted() { # CLIENT: the server takes its route away behind what it says
	local try
	for ((try = 0; try < 50; try++)); do
		[ -n "$($on_server ip route show "$(address_of "$1")")" ] || return 0
		sleep 0.1
	done
	return 1
}

start_server --pool 10.20.0.2-10.20.0.4
connect client 10.91.0.2
first=$client
connect client2 10.91.2.2
second=$client
connect client3 10.91.3.2
third=$client
[ "$(for name in client client2 client3; do address_of $name; done | sort -u | wc -l)" = 3 ] || fail "two have one address"
for name in client2 client3; do pings $name; done
$on_client "$programs/pptp-client" 10.91.0.2 >"$work/fourth.log" 2>&1
[ $? = 4 ] || fail "a fourth client is not refused"
says fourth 'Outgoing-Call-Reply says general error), error 4 (no resource)'

# Nonsense, while the first client pings.
$on_client ping -i 0.05 -W 2 10.20.0.1 >"$work/ping.log" 2>&1 &
ping=$!
for deed in says-http says-random calls-first sprays-gre; do
	$on_stranger timeout 30 $python -B -u "$here/wrong_peer.py" $deed 10.91.4.2 >"$work/$deed.log" 2>&1 ||
		fail "$deed: exit code $?"
done
says server '^pptp-server: 10.91.4.1: connection ended: .* malformed message: length at octet 0 is 0x4745$'
says server '^pptp-server: 10.91.4.1: connection ended: .* malformed message: length at octet 0 is 0x54e$'
says server '^pptp-server: 10.91.4.1: connection ended: .* not legal at this point: control_message_type at octet 8 is 0x7$'
for name in client2 client3; do pings $name; done

# Ends.
kill -KILL "$second"
says server '^pptp-server: 10.91.2.1: call ended: the peer closed the TCP connection'
unrouted client2 || fail "the killed client's route is left"
end client3 "$third" TERM
says server '^pptp-server: 10.91.3.1: call ended: cleared by the peer'
unrouted client3 || fail "the ended client's route is left"
gone=$(address_of client2)
connect client2 10.91.2.2
[ "$(address_of client2)" = "$gone" ] || fail "a new client has $(address_of client2), not the killed one's $gone"
pings client2

kill -INT $ping
wait $ping
grep -q ' 0% packet loss' "$work/ping.log" || fail "the first client's ping lost something"
end client2 "$client"
end client "$first"
end server "$server"
echo "three clients at once, nonsense, an end by SIGKILL: $(grep transmitted "$work/ping.log")"
