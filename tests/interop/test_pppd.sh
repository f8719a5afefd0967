# A pppd for each call, behind a pty, at the server and at the client; here a stand-in that is no daemon and needs no kernel
# PPP: several at once, how they end, and that none is left behind. The real one: test_uml_pppd.sh.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need python3 pgrep
stand_in() { # NAME COMMAND: a program of this name, which finds LOCAL:REMOTE among its words as $local and $remote
	cat >"$work/$1" <<-EOF
		#!/bin/bash
		echo "\$*" >>"$work/$1.words"
		local=0.0.0.0 remote=0.0.0.0
		for word; do case \$word in [0-9]*:*) local=\${word%:*} remote=\${word#*:} ;; esac; done
		$2
	EOF
	chmod +x "$work/$1"
}
stand_in good "exec python3 -u $here/ppp_peer.py --local \"\$local\" --peer \"\$remote\" --time 100 --log $work/good.\$remote.log"
stand_in silent 'trap "" HUP TERM; while :; do sleep 1; done'
stand_in refusing 'exit 19'
stand_in tidy "hung_up() { until [ -e $work/go ]; do sleep 0.05; done; echo \$remote >>$work/tidy.done; exit 16; }
	trap hung_up HUP; echo \$remote >>$work/tidy.ready; while :; do sleep 0.05; done"
stand_in pinging "exec python3 -u $here/ppp_peer.py --ping 5 --time 20 --log $work/pinging.log"
left_behind() { pgrep -f "$work/(silent|good|tidy|flood)|ppp_peer.py" >/dev/null; }
none_left() {
	for _ in $(seq 50); do
		left_behind || return
		sleep 0.1
	done
	fail "a pppd is left behind: $(pgrep -af "$work/|ppp_peer.py")"
}
serve() { # PROGRAM: our server with this for pppd
	: >"$work/server.log"
	$on_server "$programs/pptp-server" -vv --ppp pppd --pppd "$1" --pppd-arg auth --local 10.20.0.1 \
		--pool 10.20.0.2-10.20.0.9 >"$work/server.log" 2>&1 &
	server=$!
	wait_for "$work/server.log" '^ready: .* interfaces of pppd' 10 || fail "our server is not ready"
}
said() { wait_for "$work/server.log" "$1" 10 || fail "the server does not say: $1"; }

serve "$work/good"
start_client
one=$client
: >"$work/second.log"
$on_client "$programs/pptp-client" -v --tun second 10.91.0.2 >"$work/second.log" 2>&1 &
two=$!
wait_for "$work/second.log" '^connected: 10.20.0.3 -> 10.20.0.1 on second' 15 || fail "no second call"
ping_five 10.20.0.1
$on_client ping -c 5 -i 0.2 -W 10 -I second 10.20.0.1 >"$work/ping.log" 2>&1 || fail "the second call carries nothing"
grep -qx 'nodetach local 10.20.0.2 10.20.0.1 .*' "$work/good.words" && fail "the addresses are not one word"
grep -qx 'nodetach local 10.20.0.1:10.20.0.2 ipparam 10.91.0.1 remotenumber 10.91.0.1 auth' "$work/good.words" ||
	fail "pppd is not called as it should be: $(cat "$work/good.words")"

# One is killed: its call ends, and says why; the other one goes on.
kill -KILL "$(pgrep -f 'peer 10.20.0.2 ')"
said 'pppd ended: killed by a signal'
wait $one
[ $? = 5 ] || fail "the client whose call was cleared does not say so by its exit code"
$on_client ping -c 2 -i 0.2 -W 2 -I second 10.20.0.1 >"$work/ping.log" 2>&1 || fail "the other call is disturbed"
end client $two # in order: PPP ends, and the pppd with it
end server "$server"
none_left

# The server ends with calls up, and pppds that listen to nobody.
serve "$work/silent"
$on_client "$programs/pptp-client" --connect-timeout 60 10.91.0.2 >"$work/client.log" 2>&1 &
client=$!
said '10.91.0.1 has a pppd'
until pgrep -f "$work/silent" >/dev/null; do sleep 0.1; done
end server "$server" TERM
wait $client
none_left

# Three calls end at once, and their pppds have things to do then: nobody else waits for them, and they come to their end.
serve "$work/tidy"
clients=()
for n in 2 3 4; do
	$on_client "$programs/pptp-client" --tun tidy$n --connect-timeout 60 10.91.0.2 >"$work/client$n.log" 2>&1 &
	clients+=($!)
	wait_for "$work/tidy.ready" "^10.20.0.$n$" 10 || fail "pppd $n does not start"
done
kill -KILL "${clients[@]}"
wait "${clients[@]}" 2>/dev/null
for _ in 1 2 3; do said 'call ended: the peer closed'; done
$on_client "$programs/pptp-client" --tun tidy5 --connect-timeout 60 10.91.0.2 >"$work/client.log" 2>&1 &
client=$!
said 'has a pppd, 10.20.0.1:10.20.0.5'
[ -e "$work/tidy.done" ] && fail "a pppd was done before it could be"
touch "$work/go"
for n in 2 3 4; do wait_for "$work/tidy.done" "^10.20.0.$n$" 10 || fail "a pppd was not left to its end: $(cat "$work/tidy.done")"; done
said 'has left: the call ended'
end server "$server" TERM
wait $client
none_left

# One that writes without end and reads nothing: its call has what it can take, the server grows by nothing, the others go on.
cat >"$work/flood.py" <<-EOF
	import sys
	sys.path.insert(0, "$here")
	from ppp_peer import frame
	while True:
	    sys.stdout.buffer.write(frame(0x0021, bytes(1400), 0) * 100)
EOF
stand_in flooding "exec python3 $work/flood.py"
cat >"$work/first" <<-EOF
	#!/bin/bash
	# the first call floods, the second is a good one
	if mkdir "$work/flooded" 2>/dev/null; then exec "$work/flooding" "\$@"; else exec "$work/good" "\$@"; fi
EOF
chmod +x "$work/first"
serve "$work/first"
$on_client "$programs/pptp-client" --tun flooded --connect-timeout 60 10.91.0.2 >"$work/flooded.log" 2>&1 &
flooded=$!
said 'has a pppd, 10.20.0.1:10.20.0.2'
memory() { awk '/^VmRSS/ { print $2 }' "/proc/$server/status"; }
start_client
# shellcheck disable=SC2016 # awk's own
packets() { $on_client awk '$1 == "to-server:" { print $3 }' /proc/net/dev; } # received
before=$(memory) came=$(packets)
ping_five 10.20.0.1
[ "$(packets)" -gt $((came + 1000)) ] || fail "there is no flood"
[ "$(memory)" -lt $((before + 1024)) ] || fail "the server grows from $before to $(memory) KB"
end client $client
kill -KILL $flooded
wait $flooded 2>/dev/null
said 'has left: '
end server "$server"
none_left

# Options from a file and from the command line reach pppd, in this order; a file that cannot be read is said at once.
echo lock >"$work/options"
$on_server "$programs/pptp-server" --ppp pppd --pppd-options "$work/none" >"$work/none.log" 2>&1
[ $? = 1 ] && grep -q -- "--pppd-options: cannot read $work/none" "$work/none.log" || fail "a missing options file is not named"
: >"$work/good.words"
$on_server "$programs/pptp-server" --ppp pppd --pppd "$work/good" --pppd-options "$work/options" --pppd-arg debug >"$work/server.log" 2>&1 &
server=$!
wait_for "$work/server.log" '^ready: ' 10 || fail "our server is not ready"
start_client
end client $client
grep -q "remotenumber 10.91.0.1 file $work/options debug\$" "$work/good.words" || fail "other words: $(cat "$work/good.words")"
end server "$server"

serve "$work/refusing"
$on_client timeout 20 "$programs/pptp-client" 10.91.0.2 >"$work/client.log" 2>&1
said 'pppd ended: the peer did not take our name or password'
end server "$server"
serve "$work/missing"
$on_client timeout 20 "$programs/pptp-client" 10.91.0.2 >"$work/client.log" 2>&1
said 'pppd ended: it cannot be run: is it installed'
end server "$server"

# The client's own.
start_server
$on_client timeout 30 "$programs/pptp-client" -v --ppp pppd --pppd "$work/pinging" 10.91.0.2 defaultroute mtu 1400 \
	>"$work/client.log" 2>&1 || fail "the client exits with $? after its pppd"
grep -q 'all 5 pings answered' "$work/pinging.log" || fail "the client's pppd: not all pings were answered"
grep -qx 'nodetach local ipparam 10.91.0.2 defaultroute mtu 1400' "$work/pinging.words" || fail "its words are lost"
$on_client timeout 30 "$programs/pptp-client" --ppp pppd --pppd "$work/refusing" 10.91.0.2 >"$work/client.log" 2>&1
[ $? = 6 ] || fail "the client does not exit with 6 when its pppd fails"
grep -q 'pppd ended: the peer did not take our name or password' "$work/client.log" || fail "it does not say why"
$on_client "$programs/pptp-client" -v --ppp pppd --pppd "$work/good" 10.91.0.2 >"$work/client.log" 2>&1 &
client=$!
wait_for "$work/client.log" 'the call is up' 10 || fail "the client's call is not up"
end client $client
end server "$server"
none_left
echo "a pppd for each call, at server and client: two at once, killed, silent, tidy, flooding, refusing, missing: said, and none left behind"
