# The client with --default-route and --dns: all of IPv4 goes through the tunnel, the tunnel itself does not, the host
# has the server's name servers, and all is as it was after SIGINT, SIGHUP, after a second SIGINT, and after SIGKILL.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need tcpdump

mkdir -p "$work/bin" "$work/etc"
# Stands for resolvectl and resolvconf, and writes down how it is called.
cat >"$work/bin/stand-in" <<END
#!/bin/sh
{ echo "\${0##*/} \$*"; [ "\$1" != -a ] || grep nameserver; } >>"$work/called"
END
chmod +x "$work/bin/stand-in"
ln -s stand-in "$work/bin/resolvectl"
ln -s stand-in "$work/bin/resolvconf"
export PATH=$work/bin:$PATH

# Somebody else's network behind the server; the host has a way there by itself, over its uplink.
$on_server ip addr add 192.0.2.77/32 dev lo
$on_client ip route add default via 10.91.0.2
resolv=$work/etc/resolv.conf
echo 'nameserver 10.91.0.53' >"$resolv"
$on_client ip route >"$work/routes"

restored() { # WHEN
	$on_client ip route | cmp - "$work/routes" || fail "$1: the routes are not what they were"
	$on_client ip link | grep pptp0 && fail "$1: the interface is left"
	return 0
}
restored_file() { # WHEN
	[ "$(cat "$resolv")" = 'nameserver 10.91.0.53' ] || fail "$1: the name server is not what it was"
	[ "$(ls "$work/etc")" = resolv.conf ] || fail "$1: files are left: $(ls "$work/etc")"
}
name_servers() { grep -c '^nameserver 10.20.0.5[34]$' "$resolv"; }

start_server --dns 10.20.0.53 --dns 10.20.0.54
start_client --default-route --dns "$resolv"
grep -q '^connected: .*, dns 10.20.0.53, dns 10.20.0.54, no authentication, not encrypted$' "$work/client.log" || fail "it does not say which name servers"
grep -q '^connected: .* mtu [0-9]*' "$work/client.log" || fail "it does not say the MTU"
[ "$(name_servers)" = 2 ] || fail "the name servers are not in the file"
case $($on_client ip route get 192.0.2.77) in *pptp0*) ;; *) fail "another network is not routed through the tunnel" ;; esac
case $($on_client ip route get 10.91.0.2 oif to-server) in *to-server*) ;; *) fail "the server's own address has no way" ;; esac
$on_server tcpdump -Z root --immediate-mode -U -i to-client icmp -w "$work/plain.pcap" 2>"$work/tcpdump.log" &
tcpdump=$!
wait_for "$work/tcpdump.log" listening 10 || fail "tcpdump does not listen"
ping_five 192.0.2.77
ping_five 10.20.0.1
sleep 0.3
end tcpdump "$tcpdump"
[ "$(tcpdump -r "$work/plain.pcap" 2>/dev/null | wc -l)" = 0 ] || fail "pings went past the tunnel"
end client "$client"
restored SIGINT
restored_file SIGINT

# A server that only the host's default route leads to: the tunnel's own packets go that way, by the gateway.
$on_server ip addr add 192.0.2.78/32 dev lo
: >"$work/far.log"
$on_client "$programs/pptp-client" -v --default-route 192.0.2.78 >"$work/far.log" 2>&1 &
far=$!
wait_for "$work/far.log" ^connected: 15 || fail "no tunnel to a server behind a gateway"
ping_five 192.0.2.77
end client "$far"
restored 'a server behind a gateway'

start_client --default-route --dns "$resolv"
end client "$client" HUP # the terminal goes away
restored SIGHUP
restored_file SIGHUP

# A server that does not answer any more: the second SIGINT ends the client at once.
start_client --default-route --dns "$resolv"
kill -STOP "$server"
kill -INT "$client"
wait_for "$work/client.log" 'stopping' 5 || fail "the client does not stop"
kill -INT "$client"
wait "$client"
[ $? = 130 ] || fail "the second SIGINT does not end it"
kill -CONT "$server"
restored 'a second SIGINT'
restored_file 'a second SIGINT'

# After SIGKILL the kernel has taken interface and routes away; the next run puts the file back.
start_client --default-route --dns "$resolv"
kill -KILL "$client"
wait "$client" 2>/dev/null
restored SIGKILL
start_client --dns "$resolv"
wait_for "$work/client.log" 'before-pptp is left from a time' 1 || fail "it does not say what it found"
end client "$client"
restored_file 'the run after SIGKILL'

# A file that another program changes meanwhile is not touched again; one that was not there is gone again.
start_client --dns "$resolv"
echo 'nameserver 10.91.0.99' >"$work/etc/new" && mv "$work/etc/new" "$resolv"
end client "$client"
grep -q 'another program has changed' "$work/client.log" || fail "it does not say who changed the file"
[ "$(cat "$work/etc/"*)" = 'nameserver 10.91.0.99' ] || fail "what another program wrote is gone"
rm "$resolv"
start_client --dns "$resolv"
[ "$(name_servers)" = 2 ] || fail "the name servers are not in the new file"
end client "$client"
[ -z "$(ls "$work/etc")" ] || fail "a file is left where there was none"

start_client --dns resolvectl
end client "$client"
start_client --dns resolvconf
end client "$client"
diff - "$work/called" <<END || fail "resolvectl and resolvconf were not called like this"
resolvectl dns pptp0 10.20.0.53 10.20.0.54
resolvectl domain pptp0 ~.
resolvectl revert pptp0
resolvconf -a pptp0.pptp
nameserver 10.20.0.53
nameserver 10.20.0.54
resolvconf -d pptp0.pptp
END
rm "$work/bin/resolvectl"
start_client --dns resolvectl
end client "$client"
if ! command -v resolvectl >/dev/null; then
	grep -q 'cannot run resolvectl: it is not installed' "$work/client.log" || fail "it does not say that resolvectl is missing"
fi
end server "$server"
echo "the client's default route and name servers, and all as before after SIGINT, a second one, and SIGKILL"
