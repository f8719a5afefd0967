# Debian's pptp-linux dials our server.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need pptp socat python3
start_server
# pptp wants a socket pair, and a /run/pptp of its own: there it would share one connection with others.
mkdir -p /run/pptp
cover /run/pptp || rm -f /run/pptp/10.91.0.2*
$on_client timeout 40 socat EXEC:'pptp 10.91.0.2 --nolaunchpppd --nohostroute --loglevel 1' \
	EXEC:"python3 -u $here/ppp_peer.py --ping 5 --time 20 --log $work/ppp.log",end-close >"$work/socat.log" 2>&1
grep -q 'all 5 pings answered' "$work/ppp.log" || fail "not all pings were answered"
end server "$server"
echo "pptp-linux $(dpkg-query -W -f '${Version}' pptp-linux) and our server: 5 of 5 pings"
