# PPTP carries more than IP: frames of IPX and of NetBEUI cross the tunnel unchanged, from the standard input of our client to
# what our server runs for pppd, and back.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need socat python3 tcpdump tshark
printf '#!/bin/sh\nexec python3 -u %s/frames_peer.py --echo\n' "$here" >"$work/echo"
chmod +x "$work/echo"
start_capture
: >"$work/server.log"
$on_server "$programs/pptp-server" -v --ppp pppd --pppd "$work/echo" >"$work/server.log" 2>&1 &
server=$!
wait_for "$work/server.log" ^ready: 10 || fail "our server is not ready"
$on_client timeout 40 socat EXEC:"$programs/pptp-client 10.91.0.2 --nolaunchpppd" \
	SYSTEM:"python3 -u $here/frames_peer.py 2>$work/frames.log",end-close >"$work/socat.log" 2>&1
grep -q 'all frames came back as they were' "$work/frames.log" || fail "a frame was changed: $(cat "$work/frames.log")"
end server "$server"
end_capture
for protocol in 0x002b 0x003f; do
	[ "$(tshark -r "$work/capture.pcap" -Y "ppp.protocol == $protocol" 2>/dev/null | wc -l)" -ge 4 ] ||
		fail "tshark sees no frames of protocol $protocol"
done
echo "IPX and NetBEUI through client and server: every frame as it was, both ways"
