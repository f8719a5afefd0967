# What pptp-client and pptp-server say when something is wrong here, on the path, or with the peer: which it is, what
# to do, and the exit code of --help.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=scripted.sh
. "$here/scripted.sh"

cases=0
judge() { # NAME EXIT-CODE PATTERN SECONDS: of a program that ran and left its words in $work/said.log
	[ "$result" = "$2" ] || fail "$1: exit code $result, not $2"
	grep -q -e "$3" "$work/said.log" || fail "$1: it does not say: $3"
	[ "$seconds" -le "$4" ] || fail "$1: it takes $seconds s, not $4 at most"
	cases=$((cases + 1))
	echo "$1: exit code $result, $seconds s: $(grep -e "$3" "$work/said.log" | tail -n 1)"
}
run() { # COMMAND...
	local began=$SECONDS
	timeout -s KILL 30 "$@" >"$work/said.log" 2>&1
	result=$?
	seconds=$((SECONDS - began))
}
client() { # NAME EXIT-CODE PATTERN OPTIONS...
	# shellcheck disable=SC2086 # a command in front
	run $on_client $before "$programs/pptp-client" --connect-timeout 3 "${@:4}"
	judge "client, $1" "$2" "^pptp-client: .*$3" 8 # 3, 3 more for an end in order, and a slow machine
}
against() { # DEED EXIT-CODE PATTERN OPTIONS...: the client, of a server that does the deed
	: >"$work/wrong.log" # an old one says that somebody listens
	$on_server $python -B -u "$here/wrong_peer.py" "$1" 10.91.0.2 >"$work/wrong.log" 2>&1 &
	deed=$!
	wait_for "$work/wrong.log" listening 10 || fail "$1: the server does not listen"
	client "a server that does this: $1" "$2" "$3" "${@:4}" 10.91.0.2
	wait $deed || fail "$1: the server failed"
}
server() { # NAME EXIT-CODE PATTERN OPTIONS...
	# shellcheck disable=SC2086
	run $on_server $before "$programs/pptp-server" $who "${@:4}"
	judge "server, $1" "$2" "^pptp-server: .*$3" 3
}
before='' who=--no-auth

# Nobody there, or nobody who answers.
client 'closed port' 3 'cannot connect to 10.91.0.2 port 1723: Connection refused: no PPTP server' 10.91.0.2
$on_client ip neigh add 10.91.0.99 lladdr 02:00:00:00:00:99 dev to-server
client 'silent host' 3 'no answer from 10.91.0.99 port 1723 in 3 s: the host is down, or a firewall' 10.91.0.99
client 'no route' 3 'cannot connect to 192.0.2.1 port 1723: Network is unreachable: .*routes' 192.0.2.1
client 'no such name' 3 'cannot find "no-such-host.invalid": .*; check the name, or give an IP address' \
	no-such-host.invalid

# Servers that go wrong.
against silent 3 '10.91.0.2 takes the TCP connection, but does not answer Start-Control-Connection-Request in 3 s'
against half-a-reply 3 'does not answer Start-Control-Connection-Request'
against hangs-up 5 '10.91.0.2.*: \(control connection ended: the peer closed the TCP connection\|Connection reset by peer\)'
against refuses 4 '10.91.0.2: .*result 4 (Start-Control-Connection-Reply says requester not authorized)'
against ignores-call 3 '10.91.0.2 does not answer our call (Outgoing-Call-Request) in 3 s'
against refuses-call 4 '10.91.0.2: call ended: .*result 7 (Outgoing-Call-Reply says do not accept)'
against wrong-cookie 5 '10.91.0.2: .*malformed message: magic_cookie at octet 4 is 0xbadcafe$'
against wrong-length 5 '10.91.0.2: .*malformed message: length at octet 0 is 0x190$'
against wrong-message-type 5 '10.91.0.2: .*malformed message: pptp_message_type at octet 2 is 0x7$'
against wrong-control-type 5 '10.91.0.2: .*malformed message: control_message_type at octet 8 is 0x63$' --strict
against http 5 '10.91.0.2: .*malformed message: length at octet 0 is 0x4854$'
against without-gre 6 'a firewall or NAT router on the path .*IP protocol 47'

# Options.
client 'no server' 1 'which SERVER' --port 1723
client 'two servers' 1 'only one SERVER' 10.91.0.2 10.91.0.3
client 'bad port' 1 '--port: "65536" is not a number from 1 to 65535' --port 65536 10.91.0.2
client 'bad route' 1 '--route: "10.0.0.1/8" has bits set behind its first 8' --route 10.0.0.1/8 10.91.0.2
client 'bad MTU' 1 '--mtu: "100" is not a number from 576 to 1460' --mtu 100 10.91.0.2
client 'bad interface name' 1 '--tun: "a/b" is not an interface name' --tun a/b 10.91.0.2
client 'bad address' 1 '--bind: "10.91.0" is not an IP address' --bind 10.91.0 10.91.0.2
client 'not our address' 2 'cannot connect from 192.0.2.9: Cannot assign requested address' --bind 192.0.2.9 10.91.0.2
server 'an argument too many' 1 '"10.0.0.1": a server takes options only' 10.0.0.1
server 'bad pool' 1 '--pool: "10.0.0.9-10.0.0.2" is not a range' --pool 10.0.0.9-10.0.0.2
server 'pool with our address' 1 '--pool: the range holds our own address' --pool 10.20.0.1-10.20.0.9
server 'bad address' 1 '--local: "ten" is not an IPv4 address' --local ten
server 'not our address' 2 'cannot listen at 192.0.2.9 port 1723: Cannot assign requested address' --listen 192.0.2.9
who=''
server 'nobody in particular' 1 'who may log in? Give a file with --users, or let everybody in with --no-auth'
server 'everybody and somebody' 1 '--users and --no-auth exclude each other' --users "$work/users" --no-auth
server 'MPPE without a password' 1 '--mppe required needs --users: its keys come from the password' --no-auth --mppe required
server 'PAP under MPPE' 1 '--auth: chap and pap give no keys for MPPE' --users "$work/users" --auth pap,mschap2
server 'unknown method' 1 '--auth: "eap" is not one of mschap2, mschap1, chap, pap' --users "$work/users" --auth eap
server 'no users file' 2 "$work/users: it cannot be opened: No such file" --users "$work/users"
printf '# users\nann * "x" *\nbob * hidden 10.20.0.300\n' >"$work/users"
chmod 644 "$work/users"
server 'users for all to read' 2 "$work/users: it is open to others (mode 0644), .*chmod 600 $work/users" --users "$work/users"
chmod 600 "$work/users"
server 'an error in the users' 2 "$work/users:3: word 4 is no address for a client" --users "$work/users"
grep -q hidden "$work/said.log" && fail "it shows a secret"
echo 'bob * hidden 10.20.0.1' >"$work/users"
server 'our own address for a user' 2 "$work/users:1: 10.20.0.1 is our own address" --users "$work/users"
who=--no-auth
client 'a password for nobody' 1 'a password needs --user' --password-fd 0 10.91.0.2
client 'two passwords' 1 'exclude each other' --user bob --password-fd 0 --password-file /x 10.91.0.2
client 'MPPE without a user' 1 '--mppe required needs --user' --mppe required 10.91.0.2
client 'no such password file' 2 "cannot read the password from $work/no: No such file" --user bob --password-file "$work/no" 10.91.0.2
echo hidden >"$work/password"
client 'an empty password' 2 'the password from descriptor 0 is empty' --user bob --password-fd 0 10.91.0.2 </dev/null
chmod 604 "$work/password"
client 'a password for all to read' 2 "$work/password: it is open to others .*chmod 600" --user bob \
	--password-file "$work/password" 10.91.0.2
printf 'bob there hidden *\n' >"$work/users"
client 'nobody in the secrets' 2 "$work/users: there is no line for client bob and server 10.91.0.2" --user bob \
	--secrets "$work/users" 10.91.0.2
before=setsid
client 'no terminal' 2 'there is no terminal to ask for the password on: give it with' --user bob 10.91.0.2
before=''

# What is missing here.
$on_server "$programs/pptp-server" --no-auth --tun pptpd9 >"$work/other.log" 2>&1 &
other=$!
wait_for "$work/other.log" ^ready: 10 || fail "our server is not ready"
server 'port in use' 2 'cannot listen at any address port 1723: Address already in use: .*another'
server 'interface in use' 2 'cannot make interface pptpd9: it exists already; choose another name' --tun pptpd9
end server $other
before='setpriv --bounding-set=-net_raw'
client 'without CAP_NET_RAW' 2 'no permission to open a raw socket for GRE: run as root, .*CAP_NET_RAW' 10.91.0.2
server 'without CAP_NET_RAW' 2 'no permission to open a raw socket for GRE: run as root, .*CAP_NET_RAW'
before='setpriv --bounding-set=-net_admin'
client 'without CAP_NET_ADMIN' 2 'cannot make a TUN interface; run as root or with CAP_NET_ADMIN' 10.91.0.2
server 'without CAP_NET_ADMIN' 2 'cannot make a TUN interface; run as root or with CAP_NET_ADMIN'
before=''
if cover /dev/net; then
	client 'without /dev/net/tun' 2 'cannot open /dev/net/tun; load the kernel module "tun"' 10.91.0.2
	server 'without /dev/net/tun' 2 'cannot open /dev/net/tun; load the kernel module "tun"'
fi
if mount --make-rprivate / 2>/dev/null; then
	echo 'nameserver 10.91.0.99' >"$work/resolv.conf"
	mount --bind "$work/resolv.conf" /etc/resolv.conf
	client 'silent name server' 3 "no name server answers in time; give the server's IP address" pptp.example.org
fi
echo "what pptp-client and pptp-server say about $cases troubles: which it is, the exit code, in time"
