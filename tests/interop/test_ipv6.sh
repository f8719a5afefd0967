# The tunnel over IPv6: control connection and GRE, beside IPv4 on one server, and what is said when it does not work.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need tcpdump tshark nft
$on_client ip -6 addr add fd00::1/64 dev to-server nodad || skip "this machine has no IPv6"
$on_server ip -6 addr add fd00::2/64 dev to-client nodad
says() { # PATTERN: the client, which has ended
	grep -q "$1" "$work/client.log" || fail "our client does not say: $1"
}
dial() { # SECONDS ADDRESS [OPTION...]: what the client says when it cannot
	$on_client timeout -s KILL $(($1 + 5)) "$programs/pptp-client" --connect-timeout "$1" "${@:3}" "$2" >"$work/client.log" 2>&1
}
start() { # ADDRESS [OPTION...]
	: >"$work/client.log"
	$on_client "$programs/pptp-client" -v "${@:2}" "$1" >"$work/client.log" 2>&1 &
	client=$!
	wait_for "$work/client.log" ^connected: 15 || fail "our client is not connected to $1"
}

start_server
start_capture
start fd00::2
ping_five 10.20.0.1
$on_client "$programs/pptp-client" --tun pptp4 10.91.0.2 >"$work/ipv4.log" 2>&1 & # the other family at the same server
other=$!
wait_for "$work/ipv4.log" ^connected: 15 || fail "no client over IPv4 beside one over IPv6"
$on_client ping -c 2 -i 0.2 -W 2 10.20.0.1 >"$work/ping.log" 2>&1 || fail "no ping with clients of both families"
end client $other
end client $client
end_capture
captured Start-Control-Connection-Request Outgoing-Call-Reply Stop-Control-Connection-Reply
[ "$(tshark -r "$work/capture.pcap" -T fields -e icmp.seq 'ipv6.nxt == 47 && icmp.type == 0' 2>/dev/null | wc -l)" -ge 5 ] ||
	fail "no pings in GRE over IPv6"

# A link-local address needs its interface, for GRE too.
local=$($on_server ip -6 -o addr show dev to-client scope link | awk '{sub("/.*", "", $4); print $4}')
start "$local%to-server"
ping_five 10.20.0.1
end client $client
start "$local%to-server" --bind fd00::1 # from an address of another kind: the server's needs its interface all the same
ping_five 10.20.0.1
end client $client

# A path of the least MTU that IPv6 knows: what fits is computed, and full packets pass.
$on_client ip link set to-server mtu 1280
start fd00::2
grep -q '^connected: .* mtu 1220' "$work/client.log" || fail "the tunnel's MTU does not follow the path's: 1280 - 60"
$on_client ping -c 2 -i 0.2 -W 2 -M 'do' -s 1192 10.20.0.1 >"$work/ping.log" 2>&1 || fail "a full packet does not pass"
end client $client
$on_client ip link set to-server mtu 1500

# A name whose first address is dead: the next one is taken.
mkdir "$work/etc"
printf 'fd00::99 vpn.example.org\n10.91.0.2 vpn.example.org\n' >"$work/etc/hosts"
echo 'hosts: files' >"$work/etc/nsswitch.conf"
cat >"$work/named" <<EOF
mount --bind $work/etc/hosts /etc/hosts && mount --bind $work/etc/nsswitch.conf /etc/nsswitch.conf && exec $on_client "\$@"
EOF
named="unshare --mount bash $work/named" # PROGRAM...: on the client, where names are looked up in those files alone
: >"$work/client.log"
$named "$programs/pptp-client" vpn.example.org >"$work/client.log" 2>&1 &
client=$!
wait_for "$work/client.log" ^connected: 15 || fail "our client does not get to the second address of a name"
says 'cannot connect to fd00::99 port 1723, trying its next address'
end client $client
$named timeout 20 "$programs/pptp-client" --connect-timeout 5 -6 vpn.example.org >"$work/client.log" 2>&1 && fail "-6 takes IPv4"

# What is said.
dial 5 fd00::2 --port 9
says 'cannot connect to fd00::2 port 9: Connection refused'
dial 5 fd00::2 --bind 10.91.0.1
says 'cannot connect to fd00::2 port 1723: Address family not supported'
$on_server nft 'add table ip6 wall; add chain ip6 wall in { type filter hook input priority 0; }
add rule ip6 wall in meta l4proto 47 reject with icmpv6 type admin-prohibited
add chain ip6 wall out { type filter hook output priority 0; }
add rule ip6 wall out meta l4proto 47 drop' || skip "no firewall for IPv6 here"
dial 6 fd00::2 && fail "connected through a wall"
says 'GRE to fd00::2 came back: ICMPv6 prohibited by a firewall'
says 'a firewall or NAT router on the path does not let IP protocol 47 (GRE) through'
$on_server nft delete table ip6 wall
end server $server
$on_server "$programs/pptp-server" --no-auth --listen fd00::2 >"$work/server.log" 2>&1 &
server=$!
wait_for "$work/server.log" '^ready: fd00::2 port 1723' 10 || fail "our server does not listen at an IPv6 address"
dial 3 10.91.0.2 && fail "it listens at more than that"
says 'cannot connect to 10.91.0.2 port 1723: Connection refused'
start fd00::2 --bind fd00::1
ping_five 10.20.0.1
end client $client
end server $server
echo "over IPv6: 5 of 5 pings, beside IPv4, at link-local addresses, at MTU 1280, past a dead address; ICMPv6 is explained"
