# Our server and our client call each other at the same moment: one of the two control connections goes on, the one of
# the host with the higher address, and not a word is said on the other one. Each wins once.
# Shows: T-03 T-04 S-COL-01 S-COL-02 S-COL-03 S-COL-04 S-COL-05
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need nft ss tcpdump tshark

# While this holds, connections open but nothing that is said on them arrives: requests cross, however slow we are.
hold() {
	local on
	for on in "$on_client" "$on_server"; do
		$on nft -f - 2>"$work/nft.log" <<-END || skip "nftables does not work here: $(head -n 1 "$work/nft.log")"
			table inet hold {
				chain input {
					type filter hook input priority 0
					tcp flags & psh == psh drop
				}
			}
		END
	done
}
release() { # on this host
	local on=on_$1
	${!on} nft delete table inet hold
}

connections() { # how many each host has
	$on_client ss -Htn '( sport = :1723 or dport = :1723 )' | wc -l
	$on_server ss -Htn '( sport = :1723 or dport = :1723 )' | wc -l
}

# What each end of each connection said, in octets: OPENED-BY OCTETS-OF-THE-OPENER OCTETS-OF-THE-OTHER
said() {
	tshark -r "$work/capture.pcap" -Y tcp.port==1723 -T fields -e tcp.stream -e ip.src -e tcp.flags.syn -e tcp.flags.ack \
		-e tcp.seq -e tcp.len 2>>"$work/tshark.log" | awk '
		$3 ~ /1|True/ && $4 ~ /0|False/ { opener[$1] = $2 }
		$6 > 0 { side = $2 == opener[$1]; if ($5 + $6 - 1 > octets[$1, side]) octets[$1, side] = $5 + $6 - 1 }
		END { for (s in opener) if (octets[s, 1] > 0) print opener[s], octets[s, 1], octets[s, 0] + 0 }'
}

collide() { # CLIENT-ADDRESS WINNER FIRST: hosts; the one that hears the other first
	local -A address=([client]=$1 [server]=10.91.0.2)
	local winner=$2 loser=server
	[ "$winner" = server ] && loser=client
	hold
	start_capture
	start_server --connect "$1"
	wait_for "$work/server.log" 'the next try is in' 10 || fail "the server does not call"
	: >"$work/client.log"
	$on_client "$programs/pptp-client" -v --listen --bind "$1" 10.91.0.2 >"$work/client.log" 2>&1 &
	client=$!
	wait_for "$work/client.log" "to 10.91.0.2: Start-Control-Connection-Request" 10 || fail "the client does not ask"
	wait_for "$work/server.log" "to $1: Start-Control-Connection-Request" 10 || fail "the server does not ask"

	release "$3"
	if [ "$3" = "$winner" ]; then
		wait_for "$work/$winner.log" "${address[$loser]} and we called each other: our connection goes on" 10 ||
			fail "the $winner does not hear the $loser ask"
		release "$loser"
	fi
	wait_for "$work/$loser.log" "${address[$winner]} and we called each other: its connection goes on" 10 ||
		fail "the $loser does not give way"
	[ "$3" = "$winner" ] || release "$winner"
	wait_for "$work/client.log" ^connected: 20 || fail "the client is not connected"

	for _ in $(seq 100); do [ "$(connections)" = $'1\n1' ] && break; sleep 0.1; done
	[ "$(connections)" = $'1\n1' ] || fail "there is not one connection left"
	ping_five 10.20.0.1
	end client "$client"
	end server "$server"
	end_capture
	said >"$work/said.log"
	[ "$(wc -l <"$work/said.log")" = 2 ] || fail "there are not two connections on which something is said"
	grep -q "^${address[$loser]} 156 0$" "$work/said.log" || fail "more is said than what the $loser asks"
	grep -q "^${address[$winner]} [0-9]* [1-9][0-9]*$" "$work/said.log" || fail "the connection of the $winner is not used"
}

collide 10.91.0.1 server client # the server may be answered before it hears the client ask
$on_client ip addr add 10.91.0.9/24 dev to-server
collide 10.91.0.9 client client # the client hears the server ask before it is answered
echo "two calls that cross: that of the higher address goes on, server or client, the other one stays silent"
