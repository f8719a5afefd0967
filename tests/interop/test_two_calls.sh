# Two of Debian's pptp-linux share one control connection to our server, and hold two calls on it at once.
# Shows: I-01 I-02
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need pptp socat python3 ss
start_server
# The first pptp leaves a socket in /run/pptp, through which the second one uses its connection.
mkdir -p /run/pptp
cover /run/pptp || rm -f /run/pptp/10.91.0.2*

dial() { # NUMBER
	$on_client timeout 60 socat EXEC:'pptp 10.91.0.2 --nolaunchpppd --nohostroute --loglevel 1' \
		EXEC:"python3 -u $here/ppp_peer.py --ping 5 --until $work/enough --time 40 --log $work/ppp$1.log",end-close \
		>"$work/socat$1.log" 2>&1 &
}
answered() { grep -c 'ping reply' "$work/ppp$1.log"; }
both_answered() { # so many pings each, or more
	for _ in $(seq 200); do
		[ "$(answered 1)" -ge "$1" ] && [ "$(answered 2)" -ge "$2" ] && return
		sleep 0.1
	done
	fail "not enough pings are answered: $(answered 1) and $(answered 2)"
}

dial 1
first=$!
wait_for "$work/ppp1.log" 'ping reply 1' 20 || fail "the first call is not up"
dial 2
second=$!
wait_for "$work/ppp2.log" 'ping reply 1' 20 || fail "the second call is not up"
both_answered $(($(answered 1) + 5)) $(($(answered 2) + 5)) # from now on, when both are up
[ "$($on_server ss -Htn '( sport = :1723 )' | wc -l)" = 1 ] || fail "there is not one control connection"
[ "$(grep -c 'from 10.91.0.1: Outgoing-Call-Request' "$work/server.log")" = 2 ] || fail "there are not two calls on it"
grep 'call ended' "$work/server.log" && fail "a call ended"
touch "$work/enough"
wait $first
wait $second
for call in 1 2; do
	grep -q 'all [0-9]* pings answered' "$work/ppp$call.log" || fail "call $call does not end in order"
done
end server "$server"
echo "two pptp-linux $(dpkg-query -W -f '${Version}' pptp-linux) on one control connection: two calls, pings on both"
