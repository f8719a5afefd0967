# The real pppd over pptp-linux, in User Mode Linux, dials our server: MS-CHAPv2 and MPPE-128, which the server requires, and
# what it allows by name: stateful, 40 bits, PAP, CHAP-MD5.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=uml.sh
. "$here/uml.sh"
need modprobe busybox pppd pptp iperf3
(umask 077 && echo 'user * "the password" *' >"$work/users" && echo 'user * "another one" *' >"$work/others")
mkdir -p "$work/out"

serve() { # N NAME USERS OPTIONS...: our server at 10.94.0.1N, whose end of the tunnels is 10.20.N.1
	: >"$work/$2.log"
	$on_server ip addr add "10.94.0.1$1/24" dev tap0
	$on_server "$programs/pptp-server" -vv --users "$work/$3" --listen "10.94.0.1$1" --tun "pptpd$1" \
		--local "10.20.$1.1" --pool "10.20.$1.2-10.20.$1.9" "${@:4}" >"$work/$2.log" 2>&1 &
	servers="$servers $!"
	wait_for "$work/$2.log" ^ready: 10 || fail "our server is not ready: $2"
}
servers=''
refuse='refuse-pap refuse-chap refuse-mschap'
cat >"$work/out/dial" <<EOF
10.94.0.11 mppe128 10.20.1.1 $refuse require-mppe-128
10.94.0.11 none 10.20.1.1 $refuse nomppe
10.94.0.11 weak 10.20.1.1 $refuse require-mppe-40
10.94.0.12 stateful 10.20.2.1 $refuse require-mppe-128 mppe-stateful
10.94.0.13 mppe40 10.20.3.1 $refuse require-mppe-40
10.94.0.14 pap 10.20.4.1 refuse-chap refuse-mschap refuse-mschap-v2 nomppe
10.94.0.15 chap 10.20.5.1 refuse-pap refuse-mschap refuse-mschap-v2 nomppe
10.94.0.16 password 10.20.6.1 $refuse require-mppe-128
EOF
uml_start pppd_client.guest
serve 1 mppe128 users
serve 2 stateful users --mppe-stateful=only
serve 3 mppe40 users --mppe-bits 128,40
serve 4 pap users --auth pap --mppe off
serve 5 chap users --auth chap --mppe off
serve 6 password others
$on_server iperf3 -s -B 10.20.1.1 >"$work/iperf.log" 2>&1 &
iperf=$!
uml_wait "done"

passed() { # NAME PATTERN: 5 of 5 pings, and the server says so
	grep -q ' 5 received' "$work/out/$1.ping" || fail "$1: not all pings were answered"
	grep -q "has 10.20.*$2" "$work/$1.log" || fail "$1: our server does not say: $2"
}
refused() { # NAME SERVER PATTERN: no tunnel, and the server says why
	[ ! -e "$work/out/$1.ping" ] && [ "$(cat "$work/out/$1.result")" != 0 ] || fail "$1: it was let in"
	grep -q "$3" "$work/$2.log" || fail "$1: our server does not say: $3"
}
passed mppe128 'MPPE 128'
passed stateful 'MPPE 128.*stateful'
passed mppe40 'MPPE 40'
passed pap PAP
passed chap CHAP
refused none mppe128 'encryption'
refused weak mppe128 'encryption'
refused password password "user name or password is wrong"
figure=$(awk '/receiver/ {print $7, $8}' "$work/out/iperf")
[ -n "$figure" ] || fail "no transfer through the tunnel"
kill $iperf
for server in $servers; do end server "$server"; done
uml_end
echo "pppd over pptp-linux and our server: MS-CHAPv2, MPPE 128 stateless and stateful, 40, PAP, CHAP: 5 of 5 pings each; iperf3 $figure"
