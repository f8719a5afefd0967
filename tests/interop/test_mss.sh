# Hosts that announce larger TCP segments than the tunnel carries: what arrives at the other end says what fits, both ways.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need tcpdump tshark python3

watchers=()
syns() { # HOST INTERFACE: TCP's SYN there go to $work/HOST.pcap
	local on=on_$1
	${!on} tcpdump -Z root --immediate-mode -U -i "$2" -w "$work/$1.pcap" 'tcp[13] & 2 != 0' \
		2>"$work/tcpdump_$1.log" &
	watchers+=($!)
	wait_for "$work/tcpdump_$1.log" listening 10 || fail "tcpdump does not listen"
}
announced() { # HOST FILTER: the largest segment in such a SYN there
	tshark -r "$work/$1.pcap" -Y "tcp.flags.syn == 1 && $2" -T fields -e tcp.options.mss_val 2>>"$work/tshark.log" | sort -u
}

start_server --mtu 1300
start_client --mtu 1300 --route 10.20.0.0/24
# Both ends see an interface that carries more than the tunnel, as hosts behind them do.
$on_client ip link set pptp0 mtu 1500
$on_server ip link set pptpd0 mtu 1500
syns client pptp0
syns server pptpd0
$on_server timeout 20 python3 - >"$work/python.log" 2>&1 <<END &
import socket
listener = socket.create_server(("10.20.0.1", 7000))
print("listening", flush=True)
connection, _ = listener.accept()
connection.sendall(b"x" * 100000)
END
listening=$!
wait_for "$work/python.log" listening 10 || fail "nobody listens"
got=$($on_client timeout 20 python3 -c '
import socket
connection = socket.create_connection(("10.20.0.1", 7000))
octets = 0
while True:
    piece = connection.recv(65536)
    if not piece:
        break
    octets += len(piece)
print(octets)')
wait $listening
[ "$got" = 100000 ] || fail "a transfer in large segments does not arrive: $got octets"
sleep 0.3
for watcher in "${watchers[@]}"; do end tcpdump "$watcher"; done
[ "$(announced client 'tcp.flags.ack == 0')" = 1460 ] || fail "the host does not announce what its interface has"
[ "$(announced server 'tcp.flags.ack == 0')" = 1260 ] || fail "what the client's host announces is not lowered"
[ "$(announced server 'tcp.flags.ack == 1')" = 1460 ] || fail "the other host does not announce what its interface has"
[ "$(announced client 'tcp.flags.ack == 1')" = 1260 ] || fail "what the server's host announces is not lowered"
tshark -r "$work/server.pcap" -o tcp.check_checksum:TRUE -Y 'tcp.checksum.status == "Bad" && tcp.flags.ack == 0' 2>/dev/null |
	grep . && fail "its checksum is wrong"
end client "$client"
end server "$server"
echo "TCP's largest segment is lowered from 1460 to 1260 in a tunnel of 1300, both ways; 100000 octets arrive"
