# The real pppd with our programs, in User Mode Linux: pppd runs our client on a pty, our client starts pppd, our server
# starts one for each call; MS-CHAPv2 and MPPE-128 required throughout.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=uml.sh
. "$here/uml.sh"
need modprobe busybox pppd
(umask 077 && echo 'user * "the password" *' >"$work/users" && echo 'the password' >"$work/password")
uml_start pppd_backend.guest guest_programs="$programs"
$on_server "$programs/pptp-server" -vv --users "$work/users" --local 10.20.1.1 --pool 10.20.1.2-10.20.1.9 \
	>"$work/server.log" 2>&1 &
server=$!
wait_for "$work/server.log" ^ready: 10 || fail "our server is not ready"
uml_wait ready
for name in pty client; do
	grep -q ' 5 received' "$work/out/$name.ping" || fail "$name: not all pings were answered"
done
grep -q 'MPPE 128-bit stateless compression enabled' "$work/out/pty.log" || fail "pty: pppd does not encrypt"
[ "$(cat "$work/out/client.result")" = 0 ] || fail "our client that starts pppd exits with $(cat "$work/out/client.result")"
[ "$(grep -c 'has 10.20.1.*MPPE 128 stateless' "$work/server.log")" = 2 ] || fail "our server does not say so twice"
end server "$server"

on_client=$on_server # the wire to the guest is there
$on_client "$programs/pptp-client" -vv --user user --password-file "$work/password" 10.94.0.2 >"$work/client.log" 2>&1 &
client=$!
wait_for "$work/client.log" '^connected: 10.9.0.2 -> 10.9.0.1 .*MPPE 128 stateless' 20 || fail "no call to our server with pppd"
wait_for "$work/out/server_pppd.log" 'remote IP address 10.9.0' 10 || fail "its pppd is not up"
ping_five 10.9.0.1
end client $client
touch "$work/out/stop"
uml_wait end
[ "$(cat "$work/out/server.result")" = 0 ] || fail "our server with pppd exits with $(cat "$work/out/server.result")"
[ ! -s "$work/out/left" ] || fail "a pppd is left behind"
uml_end
echo "pppd pty \"pptp-client …\", pptp-client --ppp pppd, pptp-server --ppp pppd: MPPE 128 each, 5 of 5 pings"
