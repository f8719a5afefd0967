# scripted: scripted peers (pptp_peer.py) for tests (sourced behind net.sh).
# shellcheck disable=SC2154 # net.sh sets here and work
need python3
python=/usr/bin/python3 # Debian's: where scapy is installed, it knows it
[ -x $python ] || python=python3

# script HOST SCRIPT ADDRESS: start a script on a host. It says how far it is in $work/SCRIPT.log.
script() {
	local on=on_$1
	: >"$work/$2.log"
	${!on} $python -B -u "$here/pptp_peer.py" "$2" "$3" >"$work/$2.log" 2>&1 &
	script=$! script_name=$2
}
script_says() { # a line like this
	wait_for "$work/$script_name.log" "$1" 30 || fail "the script \"$script_name\" does not say: $1"
}
end_script() { # which ends by itself when it has seen all
	wait "$script" || fail "the script \"$script_name\" is not content"
}

# says PROGRAM PATTERN: a line in the log of a program of ours
says() {
	wait_for "$work/$1.log" "$2" 10 || fail "the $1 does not say: $2"
}
