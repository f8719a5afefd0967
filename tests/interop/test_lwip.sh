# lwIP, on one end of a TAP device, dials our server through examples/lwip: MS-CHAPv2 and MPPE, pings in both modes, a
# clear end for each way in which it can fail, and lwIP's memory afterwards as it was before. The whole of lwIP's core,
# the adapter and the dialler run under AddressSanitizer.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
programs=$(realpath "${1:?where are the programs?}")
# shellcheck source=lwip.sh
. "$here/lwip.sh"
if [ -z "${NAMESPACES_INSIDE:-}" ]; then # inside there is no network
	for tool in apt-get ninja xz cc python3; do
		command -v $tool >/dev/null || { echo "$tool is not installed" && exit 77; }
	done
	lwip_build || { echo "Debian's source package lwip cannot be had: $(tail -n 1 "$lwip/fetch.log")" && exit 77; }
fi
# shellcheck source=net.sh
. "$here/net.sh"
# shellcheck source=scripted.sh
. "$here/scripted.sh"
need nft
# lwIP's PPP looks for the end of a name that has none, for its log.
export ASAN_OPTIONS=intercept_strlen=0 PPTP_PASSWORD=secret

printf 'alice * secret *\n' | install -m 600 /dev/stdin "$work/users"

# What the guide says of lwipopts.h (blocks.py wrote it here) is so in ours.
squeezed() { sed 's@ */\*.*@@; s/  */ /g' "$1"; }
squeezed "$here/../../examples/lwip/linux/lwipopts.h" >"$work/lwipopts"
if squeezed "$lwip/guides/lwipopts_tunnel.h" | grep -vxFf "$work/lwipopts"; then fail "the guide has another lwipopts.h"; fi

# A wire of number N between lwIP, 10.93.N.1, and the server's host, 10.93.N.2.
tap() { # N
	$on_server ip tuntap add mode tap name "tap$1" && $on_server ip addr add "10.93.$1.2/24" dev "tap$1" &&
		$on_server ip -6 addr add "fd93:$1::2/64" dev "tap$1" nodad && $on_server ip link set "tap$1" up ||
		fail "cannot make tap$1"
}
serve() { # N OPTIONS...: a server of its own at that wire; its pid is ${server_pid[N]}
	: >"$work/server-$1.log"
	$on_server "$programs/pptp-server" -v --listen "${listen:-10.93.$1.2}" --tun "pptp$1" --local "10.20.$1.1" \
		--pool "10.20.$1.2-10.20.$1.9" "${@:2}" >"$work/server-$1.log" 2>&1 &
	server_pid[$1]=$!
	wait_for "$work/server-$1.log" ^ready: 10 || fail "server $1 is not ready"
}
dial() { # N [USER [mppe|plain [SERVER [ADDRESS [persist]]]]]: its pid is ${dial_pid[N]}
	: >"$work/dial-$1.log"
	$on_server "$lwip/dial" "tap$1" "${5:-10.93.$1.1}" "${4:-10.93.$1.2}" "${2:-alice}" "${3:-mppe}" ${6:+"$6"} \
		>"$work/dial-$1.log" 2>&1 &
	dial_pid[$1]=$!
}
connected() { # N
	wait_for "$work/dial-$1.log" ^connected: 10 || fail "lwIP $1 is not connected"
}
ended() { # N CODE PATTERN: with this exit code and these words, and nothing is lost
	wait "${dial_pid[$1]}"
	local result=$?
	[ $result = "$2" ] || fail "lwIP $1 exits with $result"
	grep -q "^end: $3" "$work/dial-$1.log" || fail "lwIP $1 does not end with: $3"
	grep -q '^memory is as it was$' "$work/dial-$1.log" || fail "lwIP $1 has lost memory"
}
address_of() { sed -n 's/^connected: \([0-9.]*\) .*/\1/p' "$work/dial-$1.log" | tail -n 1; }
ping_lwip() { # N OCTETS [COUNT SECONDS [ANSWERS]]
	connected "$1"
	$on_server ping -n -c "${3:-5}" -i "${4:-0.2}" -W 2 -s "$2" "$(address_of "$1")" >"$work/ping-$1.log" 2>&1
	grep -q " ${5:-${3:-5}} received" "$work/ping-$1.log" || fail "lwIP $1 does not answer pings: see ping-$1.log"
}
echo_lwip() { # N: TCP there and back
	connected "$1"
	$on_server python3 "$here/lwip_echo.py" "$(address_of "$1")" 30000 >"$work/echo-$1.log" 2>&1 ||
		fail "TCP to lwIP $1: $(tail -n 1 "$work/echo-$1.log")"
}

# Memory runs out for a while, at every moment: eight allocations in a row fail, from each fourth one on.
short_of_memory() { # N FIRST
	serve "$1" --users "$work/users"
	LWIP_MEMORY_FAILS="$2 8" dial "$1"
}
all_short='10 11 12 13 14 15 16 17 18 19 20 21 22 23'
for n in 1 2 3 4 5 6 7 8 9 24 25 26 27 28 29 $all_short; do tap "$n"; done
for n in 1 3 4 5 6 24 25 26 27 28; do serve "$n" --users "$work/users"; done
for n in 2 29; do serve $n --users "$work/users" --mppe off; done
listen=fd93:9::2 serve 9 --users "$work/users"

# What takes its time begins first.
$on_server nft -f - <<END || fail "nft does not take the rules"
table ip blocked {
	chain out {
		type filter hook output priority 0;
		oifname "tap3" ip protocol 47 drop
	}
}
END
dial 3 # GRE does not get through
dial 4 # the server will hang
dial 5 # it will be killed
kill -STOP "${server_pid[6]}" "${server_pid[28]}"
dial 28 # nor this one, but we end it
dial 6 # it says nothing from the beginning on
dial 7 # nobody listens
dial 8 alice mppe 10.94.0.1 # there is no route
dial 27 mallory
connected 4
kill -INT "${dial_pid[28]}"
kill -STOP "${server_pid[4]}"
connected 5
dial 24 alice mppe 10.93.24.2 10.93.24.1 persist # it will be killed too, and come again
connected 24
kill -KILL "${server_pid[5]}" "${server_pid[24]}"
wait "${server_pid[24]}"
wait_for "$work/dial-24.log" ^end 10 || fail "lwIP does not see that the server is gone"
serve 24 --users "$work/users"
for n in $all_short; do short_of_memory "$n" $(((n - 10) * 4 + 1)); done

dial 1
dial 2 alice plain
dial 9 alice mppe fd93:9::2 fd93:9::1
LWIP_WIRE=swap dial 25
LWIP_WIRE=drop dial 26
LWIP_WIRE=drop dial 29 alice plain
for n in 1 2 9; do ping_lwip "$n" 1300 & pings[n]=$!; done
ping_lwip 25 1300 100 0.01 & pings[25]=$! # all come in order
ping_lwip 26 1300 100 0.01 81 & pings[26]=$! # a tenth is lost, each way; the others do not wait long
for n in 1 2 9 25 26; do wait "${pings[$n]}" || exit; done
kill -INT "${dial_pid[1]}" "${dial_pid[9]}"
for n in 2 25 26 29; do echo_lwip "$n" & echos[n]=$!; done # what is sent again is right, too, after headers in front

wait_for "$work/server-24.log" 'user "alice"' 10 || fail "lwIP does not dial again"
ping_lwip 24 56
[ "$(grep -c ^connected: "$work/dial-24.log")" = 2 ] || fail "lwIP has not dialled again"
kill -INT "${dial_pid[24]}"
ended 24 0 'lost; PPTP: EOF$'
ended 7 1 'cannot open; PPTP: OK, lwIP -14$'
script server busy 10.93.7.2
script_says listening
dial 7
ended 7 1 'cannot open; PPTP: REFUSED, busy$'
end_script
script server terse 10.93.7.2
script_says listening
dial 7 nobody plain
ended 7 1 'lost; PPTP: OK$'
end_script

for n in 2 25 26 29; do wait "${echos[$n]}" || exit; done
kill -INT "${dial_pid[2]}" "${dial_pid[25]}" "${dial_pid[26]}" "${dial_pid[29]}"
for n in 1 2 9 25 26 29; do ended $n 0 'user; PPTP: OK$'; done
grep -q 'user "alice" by MS-CHAPv2, MPPE 128 stateless' "$work/server-1.log" || fail "it was not encrypted"
in_one=$(sed -n 's/^GRE packets sent: .*, \([0-9]*\) of.*/\1/p' "$work/dial-2.log")
[ "$in_one" -ge 20 ] || fail "only $in_one packets had room for the headers in front"
ended 27 1 'authentication failed; PPTP: OK$'
ended 28 1 'user; PPTP: OK$'
ended 8 1 'cannot open; PPTP: OK, lwIP -4$'
ended 3 1 'lost; PPTP: OK; no GRE comes in$'
ended 4 1 'peer dead; PPTP: TIMEOUT, timer echo$'
ended 5 1 'lost; PPTP: EOF$'
ended 6 1 'cannot open; PPTP: TIMEOUT, timer start$'

# Many come up all the same; where lwIP's PPP waits for ever for what it had no memory to send, the adapter does not.
survived=0
for n in $all_short; do
	wait_for "$work/dial-$n.log" '^connected:\|^end:\|^dial:' 10 || fail "lwIP $n, short of memory, waits for ever"
done
for n in $all_short; do kill -INT "${dial_pid[$n]}" 2>/dev/null; done # it may have ended
for n in $all_short; do
	wait "${dial_pid[$n]}"
	result=$?
	[ $result -le 1 ] || fail "lwIP $n, short of memory, exits with $result"
	grep -q '[1-9] of them failed$' "$work/dial-$n.log" || fail "lwIP $n was never short of memory"
	[ "$n" = 10 ] || grep -q '^memory is as it was$' "$work/dial-$n.log" || fail "lwIP $n, short of memory, lost some"
	[ $result = 1 ] || survived=$((survived + 1))
done
[ $survived -ge 1 ] || fail "of 14 tunnels none comes up when memory is short for a while"
echo "lwIP at our server: MS-CHAPv2 and MPPE, plain, over IPv6, 5 of 5 pings each; TCP over a bad wire; 11 ends, one dialled again, and 14" \
	"shortages of memory, without a leak"
