# Users log in at our server with our client: MS-CHAPv2 and MPPE with 128 bits, which both require; nobody sees a
# password; who is refused is told so, and the others go on; a users file is read again at SIGHUP.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need tcpdump tshark python3

users=$work/users
umask 077
cat >"$users" <<END
# client  server  secret             address
alice     here    "pass word-1"      *
bob       *       pass\\"word-2       10.20.0.77
carl      there   password-3         *
dora      *       password-4         -
END
printf 'pass word-1\n' >"$work/alice.password"
printf 'pass"word-2\r\n' >"$work/bob.password"
printf 'password-4' >"$work/dora.password"
printf 'password-5' >"$work/erik.password"
secret='pass"*.*word-[0-9]'

dial() { # NAME OPTIONS...: a client whose log is NAME.log, and its pid $dialled
	rm -f "$work/$1.log"
	: >"$work/$1.log"
	$on_client "$programs/pptp-client" -vv "${@:2}" 10.91.0.2 >"$work/$1.log" 2>&1 &
	dialled=$!
}
connected() { # NAME PATTERN
	wait_for "$work/$1.log" "^connected: .*$2" 15 || fail "$1 is not connected like this: $2"
}
refused() { # NAME PATTERN OPTIONS...: exit code 7, and these words
	dial "$1" "${@:3}"
	wait "$dialled"
	local result=$?
	[ $result = 7 ] || fail "$1 is not refused: exit code $result"
	grep -q "^pptp-client: .*$2" "$work/$1.log" || fail "$1: it does not say: $2"
}
server_says() { wait_for "$work/server.log" "^pptp-server: .*$1" 10 || fail "the server does not say: $1"; }
hidden() { # nobody's password is in the list of processes, their environment, or a log
	pgrep -a pptp >"$work/processes"
	cat /proc/[0-9]*/environ 2>/dev/null | tr '\0' '\n' >"$work/environments"
	grep -l "$secret" "$work"/*.log "$work/processes" "$work/environments" && fail "a password is to be seen"
	[ -s "$work/processes" ] && [ -s "$work/environments" ] || fail "nothing was looked at"
}

start_capture
start_server -v --users "$users" --name here
server_says "4 users in $users"

# Two at once, from a file and from the environment; the second one has an address of his own.
dial alice --user alice --password-file "$work/alice.password" --route 10.20.0.1/32
alice=$dialled
connected alice 'user "alice" by MS-CHAPv2, MPPE 128 stateless'
ping_five 10.20.0.1
PPTP_PASSWORD='pass"word-2' dial bob --user bob
bob=$dialled
connected bob 'user "bob" by MS-CHAPv2, MPPE 128 stateless'
grep -q '^connected: 10.20.0.77 -> 10.20.0.1 ' "$work/bob.log" || fail "bob has not his own address"
server_says '10.91.0.1 has 10.20.0.77, .*user "bob" by MS-CHAPv2, MPPE 128 stateless'
hidden

# IPv6 inside, where this machine has it: each end answers at its link-local address.
if [ -e /proc/net/if_inet6 ]; then
	client_address=$(sed -n 's/^pptp-client: IPv6 in the tunnel: \(fe80[^ ]*\) -> .*/\1/p' "$work/bob.log")
	server_address=$(sed -n 's/^pptp-client: IPv6 in the tunnel: .* -> \(fe80[^ ]*\) on .*/\1/p' "$work/bob.log")
	ping_five "$server_address%pptp1"
	$on_server ping -c 3 -i 0.2 -W 2 "$client_address%pptpd0" >"$work/ping.log" 2>&1 || fail "no ping to a client over IPv6"
	[ "$($on_client ip -6 -o addr show dev pptp1 | wc -l)" = 1 ] || fail "the interface has another IPv6 address too"
fi

# Refused, with words, and nobody else is disturbed.
refused wrong 'PPP ended: .*name or password' --user alice --password-file "$work/bob.password"
server_says '10.91.0.1: PPP ended: .*password.*, user "alice"'
refused unknown 'PPP ended: .*name or password' --user erik --password-file "$work/erik.password"
server_says '10.91.0.1: user "erik" is refused: there is no line for him'
refused elsewhere 'PPP ended: .*name or password' --user carl --password-file "$work/erik.password"
refused homeless 'PPP ended: .*name or password' --user dora --password-file "$work/dora.password"
server_says 'user "dora" is refused: line 5 of the users file gives him no address'
refused nobody '10.91.0.2: it wants to know who we are: give --user NAME'
ping_five 10.20.0.1
kill -0 "$alice" "$bob" || fail "a client has ended"

# Bob comes from elsewhere while his old session is still there: the new one has the address.
dial again --user bob --password-fd 3 3<"$work/bob.password"
again=$dialled
connected again 'user "bob"'
grep -q '^connected: 10.20.0.77 ' "$work/again.log" || fail "bob has not his own address again"
wait "$bob"
[ $? = 5 ] || fail "bob's old session does not end"
server_says 'user "bob" logs in again from 10.91.0.1: his session here ends'

# A line is gone, another one new: sessions go on, only logging in is different. An error changes nothing.
sed -i '/^bob/d; s/^dora.*/erik * password-5 10.20.0.2/' "$users"
kill -HUP "$server"
server_says "3 users in $users"
kill -0 "$alice" "$again" || fail "a session has ended with the users file"
ping_five 10.20.0.1
refused gone 'PPP ended: .*name or password' --user bob --password-file "$work/bob.password"
echo 'frank * "password-6 *' >>"$users"
kill -HUP "$server"
server_says "$users:5: the quotes are not closed"
server_says 'the users of before stay, 3 of them'
chmod 644 "$users"
kill -HUP "$server"
server_says "$users: it is open to others (mode 0644)"
dial erik --user erik --password-file "$work/erik.password" # whose address alice has from the pool
server_says 'user "erik" is refused: his address is in use until the session of "alice" ends'
wait "$dialled" && fail "erik is connected"
ping_five 10.20.0.1
end alice "$alice"
dial erik --user erik --password-file "$work/erik.password"
erik=$dialled
connected erik 'user "erik"'
grep -q '^connected: 10.20.0.2 ' "$work/erik.log" || fail "erik has not his address"
end erik "$erik"
end again "$again"

# What was on the wire until here.
end_capture
[ "$(tshark -r "$work/capture.pcap" -Y 'ppp.protocol == 0x00fd' 2>/dev/null | wc -l)" -ge 20 ] ||
	fail "there are no encrypted packets on the wire"
[ "$(tshark -r "$work/capture.pcap" -Y 'gre && (icmp || ppp.protocol == 0x0021)' 2>/dev/null | wc -l)" = 0 ] ||
	fail "a packet is on the wire as it is"
[ "$(tshark -r "$work/capture.pcap" -Y 'chap && frame contains "alice"' 2>/dev/null | wc -l)" -ge 1 ] ||
	fail "no CHAP is in the capture"

# Each method, and each kind of MPPE, chosen by name on both sides.
agree() { # WORDS METHOD MPPE-OPTIONS...
	local words=$1 method=$2
	shift 2
	case " $* " in
	*' --user '*) start_server --users "$users" --name here --auth "$method" ;;
	*) start_server --users "$users" --name here --auth "$method" "$@" ;;
	esac
	dial agree --user erik --password-file "$work/erik.password" --auth "$method" "$@"
	connected agree "user \".*erik\" by $words"
	ping_five 10.20.0.1
	hidden # PAP sends it
	end agree "$dialled"
	end server "$server"
}
end server "$server"
chmod 600 "$users"
sed -i '/^frank/d' "$users"
agree 'MS-CHAPv2, MPPE 128 stateless' mschap2 --user 'OFFICE\erik' # as Windows has it
server_says '10.91.0.1 has 10.20.0.2, .*user "erik" by MS-CHAPv2'
agree 'PAP, not encrypted' pap --mppe off
agree 'CHAP-MD5, not encrypted' chap --mppe off
agree 'MS-CHAPv1, MPPE 40 stateless' mschap1 --mppe-bits 40 --mppe-stateful
agree 'MS-CHAPv2, MPPE 56 stateless' mschap2,mschap1 --mppe-bits 56,40
agree 'MS-CHAPv2, MPPE 128 stateless' mschap2,pap --mppe allowed

# One side wants encryption and the other one has none: no link, rather than an open one.
start_server --users "$users" --name here --mppe off
dial open --user erik --password-file "$work/erik.password"
wait "$dialled" && fail "a link without the encryption that the client requires"
grep -q '^connected:' "$work/open.log" && fail "a client is connected without the encryption that it requires"
end server "$server"

# Over IPv6, the same.
if $on_client ip -6 addr add fd00::1/64 dev to-server nodad 2>/dev/null; then
	$on_server ip -6 addr add fd00::2/64 dev to-client nodad
	start_server --users "$users" --name here
	rm -f "$work/six.log"
	$on_client "$programs/pptp-client" -vv --user alice --password-file "$work/alice.password" fd00::2 >"$work/six.log" 2>&1 &
	dialled=$!
	connected six 'user "alice" by MS-CHAPv2, MPPE 128 stateless'
	ping_five 10.20.0.1
	end six "$dialled"
	end server "$server"
fi
start_server --users "$users" --name here

# The terminal: what is typed is not to be seen, and all is as before whatever ends the question.
on_terminal() { # EXIT-CODE DEED
	# shellcheck disable=SC2086 # a command in front
	timeout 20 $on_client python3 "$here/terminal.py" "$2" "$programs/pptp-client" --user alice 10.91.0.2 \
		>"$work/terminal.log" 2>&1
	result=$?
	[ "$result" = "$1" ] || fail "at the terminal, $2: exit code $result"
	grep -q '^while it asks: echo off' "$work/terminal.log" || fail "what is typed is seen"
	grep -q '^at the end: echo on' "$work/terminal.log" || fail "the terminal is not as it was"
	grep -q '^typed text is not seen' "$work/terminal.log" || fail "the password is echoed"
}
on_terminal 130 ^C
on_terminal 143 TERM
on_terminal 7 password-9
hidden

end server "$server"

# Who tries passwords is not listened to for a while, whatever the next one is; sessions go on.
start_server --users "$users" --name here --login-failures 2
dial alice --user alice --password-file "$work/alice.password" --route 10.20.0.1/32
alice=$dialled
connected alice 'user "alice"'
refused first 'PPP ended: .*name or password' --user erik --password-file "$work/alice.password"
refused second 'PPP ended: .*name or password' --user alice --password-file "$work/erik.password"
dial third --user erik --password-file "$work/erik.password"
wait "$dialled"
[ $? = 4 ] || fail "a third try is taken"
grep -q '^pptp-client: .*do not accept' "$work/third.log" || fail "who is refused is not told so"
server_says '10.91.0.1.*: its call is refused: 2 log-ins from there have failed (--login-failures)'
ping_five 10.20.0.1
end alice "$alice"
end server "$server"
echo "MS-CHAPv2 and MPPE-128 required on both sides: two users at once, five refused in words, users read again; all methods, IPv6"
