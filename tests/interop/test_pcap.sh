# What --pcap writes, on both ends: tshark decodes every packet of it, and it is what was on the wire; also while the
# program runs, and on a disk that becomes full.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need tcpdump tshark python3

fields() { # FILE FIELD [FILTER]: of each packet
	tshark -r "$1" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -Y "${3:-frame}" -T fields -e "$2" \
		2>>"$work/tshark.log"
}
check() { # NAME
	local file=$work/$1.pcap name=$1
	decode "$file"
	fields "$file" frame.protocols >"$work/$name.protocols"
	[ -s "$work/$name.protocols" ] || fail "$name: it is empty"
	# An acknowledgment alone has no PPP in it.
	grep -vE '^raw:ip:(tcp:pptp|gre(:ppp.*)?)$' "$work/$name.protocols" &&
		fail "$name: packets that are neither PPTP nor GRE with PPP"
	[ "$(fields "$file" frame.number 'gre && !ppp && gre.flags_and_version.payload_length_present' | wc -l)" = 0 ] ||
		fail "$name: payload that is not PPP"
	[ -z "$(fields "$file" frame.number 'tcp.analysis.flags || tcp.checksum.status == "Bad" || ip.checksum.status == "Bad"')" ] ||
		fail "$name: a TCP sequence number or a checksum is wrong"
	# The same messages and data as on the wire, in each direction.
	for filter in pptp gre; do
		for from in 10.91.0.1 10.91.0.2; do
			fields "$file" "$([ $filter = pptp ] && echo pptp.control_message_type || echo gre.sequence_number)" \
				"$filter && ip.src == $from" >"$work/$name.$filter"
			fields "$work/capture.pcap" "$([ $filter = pptp ] && echo pptp.control_message_type || echo gre.sequence_number)" \
				"$filter && ip.src == $from" >"$work/wire.$filter"
			[ -s "$work/wire.$filter" ] || fail "nothing of $filter on the wire"
			cmp -s "$work/$name.$filter" "$work/wire.$filter" ||
				fail "$name: $filter from $from is not what was on the wire"
		done
	done
}

start_capture
start_server --pcap "$work/server.pcap"
start_client --pcap "$work/client.pcap" --route 10.20.0.0/24
ping_five 10.20.0.1
for _ in $(seq 40); do # nobody has ended it yet
	[ "$(fields "$work/client.pcap" icmp.type icmp | wc -l)" -ge 10 ] && break
	sleep 0.1
done
[ "$(fields "$work/client.pcap" icmp.type icmp | wc -l)" -ge 10 ] || fail "it is not written while the client runs"
[ "$(stat -c %a "$work/client.pcap")" = 600 ] || fail "others may read it"
end client "$client"
end server "$server"
end_capture
check client
check server

# Over IPv6, the same.
over_ipv6() {
	$on_server ip -6 addr add fd00::2/64 dev to-client nodad
	start_server --pcap "$work/server6.pcap"
	rm -f "$work/client.log"
	: >"$work/client.log"
	$on_client "$programs/pptp-client" -v --pcap "$work/client6.pcap" fd00::2 >"$work/client.log" 2>&1 &
	client=$!
	wait_for "$work/client.log" ^connected: 15 || fail "our client is not connected over IPv6"
	ping_five 10.20.0.1
	end client "$client"
	end server "$server"
	for name in client6 server6; do
		decode "$work/$name.pcap"
		fields "$work/$name.pcap" frame.protocols >"$work/$name.protocols"
		grep -vE '^raw:ipv6:(tcp:pptp|gre(:ppp.*)?)$' "$work/$name.protocols" &&
			fail "$name: packets that are neither PPTP nor GRE with PPP"
		[ "$(grep -c ':icmp:' "$work/$name.protocols")" = 10 ] || fail "$name: not every ping is there twice"
		[ -z "$(fields "$work/$name.pcap" frame.number 'tcp.analysis.flags || tcp.checksum.status == "Bad"')" ] ||
			fail "$name: a TCP sequence number or a checksum is wrong"
	done
}
$on_client ip -6 addr add fd00::1/64 dev to-server nodad 2>/dev/null && over_ipv6 # where this machine has it

# A disk of 16 KB that is full soon: said once, and the tunnel goes on.
mkdir -p "$work/small"
mount -t tmpfs -o size=16k none "$work/small" || fail "no small disk"
start_server
start_client --pcap "$work/small/client.pcap" --route 10.20.0.0/24
$on_client ping -q -c 40 -i 0.01 -s 1000 10.20.0.1 >"$work/ping.log" 2>&1
for _ in $(seq 30); do
	grep -q 'No space left' "$work/client.log" && break
	sleep 0.1
done
$on_client ping -q -c 40 -i 0.01 -s 1000 10.20.0.1 >>"$work/ping.log" 2>&1
ping_five 10.20.0.1
end client "$client"
end server "$server"
[ "$(grep -c 'cannot write to .*small/client.pcap: .*: No space left' "$work/client.log")" = 1 ] ||
	fail "it does not say once that the disk is full"
decode "$work/small/client.pcap"
[ "$(fields "$work/small/client.pcap" frame.number pptp | wc -l)" -ge 4 ] || fail "nothing is in the file on the full disk"
$on_client "$programs/pptp-client" --pcap "$work/no/such.pcap" 10.91.0.2 >"$work/said.log" 2>&1
[ $? = 2 ] && grep -q 'cannot write to .*no/such.pcap' "$work/said.log" || fail "a file that cannot be: it does not say so"
echo "--pcap of client and server: all that was on the wire, tshark decodes it all; a full disk stops the file alone"
