# namespaces: hosts and wires inside this machine (sourced by net.sh and examples/quickstart.sh).
#
# namespaces_run starts a script as the first process of a PID namespace, with a network of its own. Whatever ends it,
# a signal or even SIGKILL, the kernel ends every process in there with it, and with the processes go their network
# namespaces and interfaces. None of it has a name outside, so any number may run at once, and in a chroot too.

PATH=$PATH:/usr/sbin:/sbin

# Say what this machine lacks, if anything. Needs root.
namespaces_possible() {
	local flag why
	for flag in net:network pid:PID mount:mount; do
		if ! why=$(unshare --fork --propagation unchanged "--${flag%:*}" true 2>&1); then
			echo "this machine lets nobody make ${flag#*:} namespaces: ${why#unshare: }"
			return 1
		fi
	done
	if ! [ -c /dev/net/tun ]; then
		echo "this machine has no /dev/net/tun: load the kernel module tun; a container must be given the device"
		return 1
	fi
	if ! why=$( (: <>/dev/net/tun) 2>&1); then
		echo "/dev/net/tun cannot be opened:${why##*/dev/net/tun:}"
		return 1
	fi
}

# Whether this script is that first process.
namespaces_inside() { [ "${NAMESPACES_INSIDE:-}" = $$ ]; }

# What runs in front of this script ends first: it is short, or a package manager, which must not be cut off.
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# Run a script with its arguments inside, and return its exit code. A signal to the caller ends it.
namespaces_run() {
	local result
	trap namespaces_kill EXIT
	NAMESPACES_INSIDE=1 setpriv --pdeathsig KILL unshare --net --pid --fork --kill-child \
		--mount-proc --propagation unchanged bash "$@" &
	wait $!
	result=$?
	trap - EXIT
	return "$result"
}

# $! is unshare; the first process inside is its child. The kernel lets it see that end after all others in there.
namespaces_kill() {
	local first
	trap '' HUP INT TERM
	first=$(grep -ls "^PPid:[[:space:]]*$!\$" /proc/[0-9]*/status | cut -d / -f 3)
	kill -KILL "${first:-$!}"
	wait $!
} 2>/dev/null

# shellcheck disable=SC2034 # for those who source this
on_client='' on_server=''

# host NAME: make a host, a network namespace that a sleeping process holds. From then on `$on_NAME PROGRAM` runs a
# program there; with & behind it, $! is the program itself.
host() {
	unshare --net sleep infinity &
	until [ "$(readlink "/proc/$!/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
	declare -g "host_$1=$!" "on_$1=nsenter --net=/proc/$!/ns/net"
	nsenter --net="/proc/$!/ns/net" ip link set lo up
}

# wire NAME ADDRESS NAME ADDRESS: join two hosts by a pair of interfaces, each named after the other end.
wire() {
	local one=host_$1 other=host_$3
	ip link add "to-$3" netns "${!one}" type veth peer name "to-$1" netns "${!other}" || return 1
	one=on_$1 other=on_$3
	${!one} ip addr add "$2/24" dev "to-$3"
	${!other} ip addr add "$4/24" dev "to-$1"
	${!one} ip link set "to-$3" up
	${!other} ip link set "to-$1" up
}

# wait_for FILE PATTERN SECONDS: until the file has such a line.
wait_for() {
	local i
	for ((i = $3 * 20; i > 0; i--)); do
		grep -q -e "$2" "$1" 2>/dev/null && return 0
		sleep 0.05
	done
	return 1
}
