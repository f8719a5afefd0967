# Our client dials Debian's pptpd.
. "$(dirname "$0")/net.sh"
need pptpd python3
cp "$here/pptpd_ppp.sh" "$here/ppp_peer.py" "$work/"
chmod +x "$work/pptpd_ppp.sh"
cat >"$work/pptpd.conf" <<END
ppp $work/pptpd_ppp.sh
option /dev/null
localip 10.9.0.1
remoteip 10.9.0.2-20
debug
END
PPP_LOG=$work/ppp.log in_server pptpd --fg --conf "$work/pptpd.conf" --pidfile "$work/pptpd.pid" \
	--listen 10.91.0.2 >"$work/pptpd.log" 2>&1 &
for _ in $(seq 50); do in_server ss -ltn 2>/dev/null | grep -q :1723 && break; sleep 0.1; done
start_client
ping_five 10.9.0.1
kill -INT $client_pid
wait $client_pid
echo "our client and pptpd $(dpkg-query -W -f '${Version}' pptpd): 5 of 5 pings"
