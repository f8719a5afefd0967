# pptp-linux as a sender that swaps, delays and reverses its packets (--test-type 1 to 3): behind our server every frame
# comes out once and in order.
# Shows: G-OOS-02 G-OOS-04 G-OOS-05
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need pptp socat python3 tcpdump tshark
pings=400
start_server --reorder-ms 1000 # a busy machine pauses for longer than 20 ms
mkdir -p /run/pptp
cover /run/pptp || rm -f /run/pptp/10.91.0.2*

listen() { # INTERFACE FILE: capture there
	$on_server tcpdump -Z root --immediate-mode -U -s 256 -i "$1" -w "$work/$2.pcap" 2>"$work/$2.log" &
	wait_for "$work/$2.log" listening 10 || fail "tcpdump does not listen on $1"
}
numbers() { # FILE FIELD FILTER
	tshark -r "$work/$1.pcap" -T fields -e "$2" "$3" 2>"$work/tshark.log"
}

for type in 1 2 3; do
	listen to-client "wire$type"
	wire=$!
	listen pptpd0 "inside$type"
	inside=$!
	$on_client timeout 40 socat \
		EXEC:"pptp 10.91.0.2 --nolaunchpppd --nohostroute --loglevel 1 --test-type $type --test-rate 40" \
		EXEC:"python3 -u $here/ppp_peer.py --ping $pings --every 0.002 --patience 2 --time 20 --log $work/ppp$type.log",end-close \
		>"$work/socat$type.log" 2>&1
	sleep 0.3 # tcpdump is a moment behind
	end tcpdump $wire
	end tcpdump $inside
	numbers "wire$type" gre.sequence_number 'ip.src == 10.91.0.1 && gre.sequence_number' >"$work/order$type"
	sort -n -c "$work/order$type" 2>/dev/null && fail "type $type: pptp-linux sent in order; nothing was tested"
	# It loses some itself when it reverses them: what it did not send cannot come out.
	numbers "wire$type" icmp.seq 'ip.src == 10.91.0.1 && icmp.type == 8' | sort -n >"$work/sent$type"
	[ "$(wc -l <"$work/sent$type")" -ge $((pings * 9 / 10)) ] || fail "type $type: few packets were sent"
	numbers "inside$type" icmp.seq 'icmp.type == 8' >"$work/came$type"
	cmp "$work/sent$type" "$work/came$type" || fail "type $type: what came out is not every frame once, in order"
done
end server "$server"
echo "pptp-linux swaps, delays and reverses: all that it sends, $(cat "$work"/sent? | wc -l) frames, comes out of our server once, in order"
