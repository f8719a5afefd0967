# Our client dials the real pptpd and pppd, in User Mode Linux: MS-CHAPv2 and MPPE-128, which the server requires, and what
# is allowed by name: stateful, 40 bits, PAP, CHAP-MD5.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=uml.sh
. "$here/uml.sh"
need modprobe busybox pptpd iperf3
on_client=$on_server # the wire to the guest is there
(umask 077 && echo 'the password' >"$work/password" && echo 'not the password' >"$work/wrong")
uml_start pptpd.guest
uml_wait ready

dial() { # N OPTIONS...: our client, at the policy of this number
	: >"$work/client.log"
	$on_client "$programs/pptp-client" -vv --user user "${@:2}" "10.94.0.$1" >"$work/client.log" 2>&1 &
	client=$!
}
tunnel() { # N NAME PATTERN OPTIONS...: it is up, and 5 of 5 pings pass
	dial "$1" --password-file "$work/password" "${@:4}"
	wait_for "$work/client.log" "^connected: .*$3" 20 || fail "$2: not connected as it should be: $3"
	# pppd makes its interface once it has acknowledged ours, and that takes a moment.
	wait_for "$work/out/$2.log" "remote IP address 10.9.$1" 10 || fail "$2: pppd is not up"
	# A guest that was held up has our request twice, and begins IPCP anew with the second (RFC 1661 4.3): until that is
	# over packets are lost.
	for _ in 1 2 3 4 5; do
		$on_client ping -c 1 -W 2 "10.9.$1.1" >/dev/null 2>&1 && break
	done
	ping_five "10.9.$1.1"
}
refused() { # N NAME PATTERN OPTIONS...: the client ends, and says why
	dial "$1" "${@:4}"
	wait "$client"
	result=$?
	[ $result = 6 ] || [ $result = 7 ] || fail "$2: exit code $result"
	grep -q "$3" "$work/client.log" || fail "$2: it does not say: $3"
}

tunnel 2 mppe128 'MPPE 128'
grep -q 'MPPE 128-bit stateless compression enabled' "$work/out/mppe128.log" || fail "pppd does not encrypt"
$on_client iperf3 -c 10.9.2.1 -t 2 --logfile "$work/iperf.log"
figure=$(awk '/receiver/ {print $7, $8}' "$work/iperf.log")
[ -n "$figure" ] || fail "no transfer through the tunnel"
$on_client iperf3 -c 10.94.0.2 -t 2 --logfile "$work/iperf_without.log"
end client "$client"
cp "$work/client.log" "$work/client_mppe128.log"
refused 2 'wrong password' 'E=691\|refused our user name or password\|wrong' --password-file "$work/wrong"
refused 4 'less than is required' 'encryption' --password-file "$work/password"
refused 5 'PAP, not allowed' 'does not ask for a user name\|authentication by a method' --password-file "$work/password"
tunnel 3 stateful 'MPPE 128.*stateful' --mppe-stateful=only
end client "$client"
tunnel 4 mppe40 'MPPE 40' --mppe-bits 128,40
end client "$client"
tunnel 5 pap 'PAP' --auth pap --mppe off
end client "$client"
tunnel 6 chap 'CHAP' --auth chap --mppe off
end client "$client"
uml_end
echo "our client and pptpd with pppd: MS-CHAPv2, MPPE 128 stateless and stateful, 40, PAP, CHAP: 5 of 5 pings each; iperf3 $figure"
