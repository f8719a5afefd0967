# Our client dials Debian's pptpd.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need pptpd python3 ss
python3 -c 'import os; os.openpty()' 2>/dev/null || skip "no pseudo-terminals for pptpd: /dev/pts is not mounted"
cp "$here/pptpd_ppp.sh" "$here/ppp_peer.py" "$work/"
chmod +x "$work/pptpd_ppp.sh"
cat >"$work/pptpd.conf" <<END
ppp $work/pptpd_ppp.sh
option /dev/null
localip 10.9.0.1
remoteip 10.9.0.2-20
debug
END
PPP_LOG=$work/ppp.log $on_server pptpd --fg --conf "$work/pptpd.conf" --pidfile "$work/pptpd.pid" \
	--listen 10.91.0.2 >"$work/pptpd.log" 2>&1 &
for _ in $(seq 50); do $on_server ss -ltn | grep -q :1723 && break; sleep 0.1; done
start_client
ping_five 10.9.0.1
end client "$client"
echo "our client and pptpd $(dpkg-query -W -f '${Version}' pptpd): 5 of 5 pings"
