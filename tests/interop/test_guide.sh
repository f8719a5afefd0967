# The programs that docs/programmers-guide.md and docs/integration build step by step: each calls our server, brings a
# call up, says a PPP frame, has its answer, and leaves in order.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=guide.sh
. "$here/guide.sh"
# shellcheck source=scripted.sh
. "$here/scripted.sh"
talk() { # NAME
	# shellcheck disable=SC2046,SC2086 # commands
	timeout 20 $on_client $(guide_run "$1" 10.91.0.2) >"$work/$1.log" 2>&1 || fail "$1: exit code $?"
	for line in '^the call is up$' '^protocol c021, code 1,' '^protocol c021, code 2,' '^over: ended by this host$'; do
		grep -q "$line" "$work/$1.log" || fail "$1 does not say: $line"
	done
}
start_server
for program in $guide_programs; do talk "$program"; done
[ "$(grep -c 'connection ended: the peer stopped the control connection' "$work/server.log")" = "$(wc -w <<<"$guide_programs")" ] ||
	fail "not every call was cleared in order"

# With pppd's place taken by a stand-in that needs no kernel PPP; it ends when its pings are answered.
guide_build pppd
mkdir "$work/bin"
printf '#!/bin/sh\necho "$*" >%s/pppd.words\nexec python3 -u %s/ppp_peer.py --ping 5 --every 0.01 --log %s/pings.log\n' \
	"$work" "$here" "$work" >"$work/bin/pppd"
chmod +x "$work/bin/pppd"
# shellcheck disable=SC2046,SC2086
PATH=$work/bin:$PATH timeout 20 $on_client $(guide_run pppd 10.91.0.2) >"$work/pppd.log" 2>&1 || fail "pppd: exit code $?"
grep -q 'all 5 pings answered' "$work/pings.log" || fail "pppd: not all pings were answered"
grep -q '^over: ended by this host$' "$work/pppd.log" || fail "pppd: the call is not cleared when pppd ends"
grep -qx 'nodetach local noauth' "$work/pppd.words" || fail "pppd: its words are lost"
end server "$server"

# Why a server does not want it is said, and it is no success.
refused() { # DEED WORDS
	local code
	: >"$work/$1.log"
	$on_server $python -B -u "$here/wrong_peer.py" "$1" 10.91.0.2 >"$work/$1.log" 2>&1 &
	wait_for "$work/$1.log" listening 10 || fail "$1: the server does not listen"
	# shellcheck disable=SC2046,SC2086
	timeout 20 $on_client $(guide_run epoll 10.91.0.2) >"$work/epoll-$1.log" 2>&1
	code=$?
	[ $code = 2 ] || fail "$1: the guide's client exits with $code, not 2"
	grep -q "^over: $2\$" "$work/epoll-$1.log" || fail "$1: the guide's client does not say: over: $2"
	wait $! || fail "$1: the server exits with $?"
}
refused refuses 'requester not authorized'
refused refuses-call 'do not accept'
refused hangs-up 'the peer closed the TCP connection'

# The one that stays calls until there is a server, calls again when it is gone, and ends in order when it is asked to.
guide_build stay
says() { wait_for "$work/stay.log" "$1" 15 || fail "stay does not say: $1"; }
: >"$work/stay.log"
# shellcheck disable=SC2046,SC2086
$on_client $(guide_run stay 10.91.0.2) >"$work/stay.log" 2>&1 &
stay=$!
says '^cannot connect: Connection refused$'
says '^calling again in 1 s$'
start_server
says '^the call is up$'
kill -KILL "$server"
wait "$server" 2>/dev/null
says '^over: the peer closed the TCP connection$'
start_server
for ((i = 0; i < 100 && $(grep -c '^the call is up$' "$work/stay.log") < 2; i++)); do sleep 0.1; done
[ "$(grep -c '^the call is up$' "$work/stay.log")" = 2 ] || fail "stay does not call again"
pkill -INT -f "^$work/stay 10.91.0.2"
wait "$stay" || fail "stay: exit code $?"
says '^over: ended by this host$'
end server "$server"

# What a server does with its calls, and the same in memory that is there before.
alone() { # NAME FILE...
	cc -I"$here/../../include" -I"$work" -o "$work/$1" "${@:2}" -L"$guide_library" -lpptp >"$work/cc.log" 2>&1 ||
		fail "$1 does not compile: $(head -n 3 "$work/cc.log")"
	LD_LIBRARY_PATH=$guide_library "$work/$1" >"$work/$1.log" || fail "$1: $(cat "$work/$1.log")"
}
alone calls "$here/guide_calls.c" "$work/server.c"
alone responder "$here/guide_responder.c"
# C++: what an exception leaves works on.
if command -v c++ >/dev/null; then
	c++ -std=c++17 -I"$here/../../include" -o "$work/both_ends" "$work/both_ends.cpp" -L"$guide_library" -lpptp \
		>"$work/cc.log" 2>&1 || fail "both_ends does not compile: $(head -n 3 "$work/cc.log")"
	LD_LIBRARY_PATH=$guide_library "$work/both_ends" >"$work/both_ends.log" 2>&1 || fail "both_ends: $(cat "$work/both_ends.log")"
	grep -A9 '^caught' "$work/both_ends.log" | grep -q '^client: DOWN$' || fail "both_ends does not end in order"
fi
echo "the guides' programs ($guide_programs, pppd, stay) dial our server, exchange PPP and leave in order"
