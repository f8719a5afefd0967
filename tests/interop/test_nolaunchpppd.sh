# Our client in the place of pptp-linux: PPP on its standard input and output, through a socket and through a pty, with the
# options that pptp-linux is called with; it leaves terminal and flags as they were.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need socat python3
start_server
as_pptp="$programs/pptp-client 10.91.0.2 --nolaunchpppd --nohostroute --loglevel 0 --logstring vpn"
peer="python3 -u $here/ppp_peer.py --ping 5 --time 20"

dial() { # NAME SOCAT-OPTION: our client there, a small PPP behind it
	$on_client timeout 40 socat EXEC:"$as_pptp$2" EXEC:"$peer --log $work/ppp_$1.log",end-close >"$work/socat_$1.log" 2>&1
	grep -q 'all 5 pings answered' "$work/ppp_$1.log" || fail "$1: not all pings were answered"
}
dial socket ''
dial pty ,pty,raw,echo=0
grep -q '^connected' "$work"/socat_*.log && fail "it says something on standard output, where PPP is"

# Without HDLC, on a socket that keeps frames apart; and reordering as pptp-linux names it.
cat >"$work/sync.py" <<'EOF'
import shlex, socket, subprocess, sys
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
client = subprocess.Popen(shlex.split(sys.argv[1]), stdin=ours, stdout=ours)
peer = subprocess.Popen(shlex.split(sys.argv[2]), stdin=theirs, stdout=theirs)
ours.close()
theirs.close()
sys.exit(peer.wait(30) or client.wait(10))
EOF
$on_client python3 "$work/sync.py" "$as_pptp --sync --timeout 0.3 --test-type 1 noauth" "$peer --sync --log $work/ppp_sync.log" \
	2>"$work/sync.log" || fail "sync: exit code $?"
grep -q 'all 5 pings answered' "$work/ppp_sync.log" || fail "sync: not all pings were answered"
grep -q -- '--test-type does nothing here' "$work/sync.log" || fail "an option without effect is not named"
grep -q '"noauth" and what follows it is for no pppd here' "$work/sync.log" || fail "words for no pppd are not named"
# shellcheck disable=SC2086 # words
$on_client $as_pptp --timeout 60 </dev/null >"$work/wrong.log" 2>&1 && fail "--timeout 60 is taken"
grep -q -- '--connect-timeout' "$work/wrong.log" || fail "--timeout 60: it is not said what is meant"

# PPP through pipes, and an end by the other side.
mkfifo "$work/to" "$work/from"
# shellcheck disable=SC2086 # words
$on_client $as_pptp <"$work/to" >"$work/from" 2>"$work/client.log" &
client=$!
# shellcheck disable=SC2086 # words
$on_client $peer --log "$work/ppp_pipe.log" >"$work/to" <"$work/from" || fail "pipes: not all pings were answered"
wait $client || fail "the client exits with $? when its input ends"

# SIGTERM: the call is cleared, and what standard input was it is again.
cat >"$work/terminal.py" <<'EOF'
import fcntl, os, pty, signal, subprocess, sys, termios, time
master, slave = pty.openpty()
before, flags = termios.tcgetattr(slave), fcntl.fcntl(slave, fcntl.F_GETFL)
child = subprocess.Popen(sys.argv[1:], stdin=slave, stdout=slave)
while termios.tcgetattr(slave) == before:
    time.sleep(0.05)
time.sleep(1)
child.send_signal(signal.SIGTERM)
assert child.wait(10) == 0, child.returncode
assert termios.tcgetattr(slave) == before, "the terminal is not as it was"
assert fcntl.fcntl(slave, fcntl.F_GETFL) == flags, "the flags are not as they were"
EOF
# shellcheck disable=SC2086 # words
$on_client python3 "$work/terminal.py" $as_pptp 2>"$work/terminal.log" || fail "SIGTERM with a terminal"
end server "$server"
grep -c 'cleared by the peer' "$work/server.log" | grep -qx 5 || fail "not every call was cleared in order"
echo "in the place of pptp-linux: a socket, a pty, pipes and without HDLC, 5 of 5 pings each; the terminal is as it was"
