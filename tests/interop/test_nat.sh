# Two clients with the same Call ID behind one masquerading router: with the kernel's helper for PPTP both ping through our
# server, for it tells them apart by other Call IDs (RFC 2637 knows no NAT); without it the client names GRE.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need nft
host second && host router || fail "cannot make more hosts"
$on_client ip link del to-server
# shellcheck disable=SC2154 # `host` sets them
{
	wire client 10.92.1.2 router 10.92.1.1 && wire second 10.92.2.2 router 10.92.2.1 &&
		wire server 10.92.9.2 router 10.92.9.1 || fail "cannot wire them"
	$on_client ip route add default via 10.92.1.1
	$on_second ip route add default via 10.92.2.1
	$on_router sysctl -qw net.ipv4.ip_forward=1
	$on_router nft 'add table ip nat
		add chain ip nat out { type nat hook postrouting priority 100; }
		add rule ip nat out oifname "to-server" masquerade' || skip "no NAT in this kernel"
}
start_server
dial() { # HOST TUN: a client there, whose log is HOST.log; its pid is in $dialled
	local on=on_$1
	: >"$work/$1.log"
	${!on} "$programs/pptp-client" -v --call-id 4711 --tun "$2" --connect-timeout 12 10.92.9.2 >"$work/$1.log" 2>&1 &
	dialled=$!
}

# Without a helper the router does not know what belongs to whom.
dial client pptp0
wait_for "$work/client.log" 'IP protocol 47' 15 || fail "the client does not name GRE"
grep -q 'firewall or NAT router on the path' "$work/client.log" || fail "it does not say who may be to blame"
wait "$dialled" && fail "it works without a helper: nothing was tested"
$on_router conntrack -F >/dev/null 2>&1

$on_router nft 'add ct helper ip nat pptp { type "pptp" protocol tcp; l3proto ip; }
	add chain ip nat in { type filter hook prerouting priority -150; }
	add rule ip nat in tcp dport 1723 ct helper set "pptp"' 2>"$work/nft.log" || skip "the kernel has no NAT helper for PPTP"
dial client pptp0
one=$dialled
wait_for "$work/client.log" ^connected: 15 || fail "the first client is not connected through NAT"
dial second pptp0
two=$dialled
wait_for "$work/second.log" ^connected: 15 || fail "the second client is not connected through NAT"
for host in client second; do
	on=on_$host
	${!on} ping -c 5 -i 0.2 -W 10 10.20.0.1 >"$work/ping.log" 2>&1
	grep -q ' 5 received' "$work/ping.log" || fail "$host: not all pings were answered"
	grep -q 'call_id 4711' "$work/$host.log" || fail "$host has another Call ID"
done
[ "$(grep 'Outgoing-Call-Request' "$work/server.log" | tail -n 2 | grep -o ' call_id [0-9]*' | sort -u | wc -l)" = 2 ] ||
	fail "the router did not change a Call ID: the clients were not told apart by it"
end client $one
end client $two
end server "$server"
echo "two clients of Call ID 4711 behind one NAT router: 5 of 5 pings each with its helper; without it the client names GRE"
