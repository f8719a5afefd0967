# net: two network namespaces and a veth pair for a test (sourced). $client has 10.91.0.1, $server 10.91.0.2.
# Everything is gone when the test exits, however it does.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
programs=$1
client=pptp-c$$ server=pptp-s$$
work=$(mktemp -d)

skip() { echo "$1"; exit 77; }
fail() { echo "FAIL: $1"; tail -n 30 "$work"/*.log 2>/dev/null; exit 1; }

down() {
	for space in $client $server; do
		ip netns pids $space 2>/dev/null | xargs -r kill 2>/dev/null
	done
	sleep 0.3
	for space in $client $server; do
		ip netns pids $space 2>/dev/null | xargs -r kill -9 2>/dev/null
		ip netns del $space 2>/dev/null
	done
	rm -rf "$work"
}
trap down EXIT
trap 'exit 130' INT TERM HUP

need() { for tool; do command -v "$tool" >/dev/null || skip "$tool is not installed"; done; }
in_client() { ip netns exec $client "$@"; }
in_server() { ip netns exec $server "$@"; }

# Wait for a line in a file: wait_for FILE PATTERN SECONDS
wait_for() {
	for _ in $(seq $(($3 * 10))); do
		grep -q "$2" "$1" 2>/dev/null && return 0
		sleep 0.1
	done
	return 1
}

PATH=$PATH:/usr/sbin:/sbin
need ip ping
[ "$(id -u)" = 0 ] || skip "needs root"
[ -c /dev/net/tun ] || skip "no /dev/net/tun"
ip netns add $client 2>"$work/netns" || skip "cannot make network namespaces: $(cat "$work/netns")"
ip netns add $server
ip link add veth0 netns $client type veth peer name veth0 netns $server || skip "cannot make a veth pair"
ip -n $client addr add 10.91.0.1/24 dev veth0
ip -n $server addr add 10.91.0.2/24 dev veth0
for space in $client $server; do ip -n $space link set lo up; ip -n $space link set veth0 up; done

start_server() { # with these options
	in_server "$programs/pptp-server" -v "$@" >"$work/server.log" 2>&1 &
	server_pid=$!
	wait_for "$work/server.log" ^ready: 10 || fail "our server is not ready"
}
start_client() {
	in_client "$programs/pptp-client" -v "$@" 10.91.0.2 >"$work/client.log" 2>&1 &
	client_pid=$!
	wait_for "$work/client.log" ^connected: 15 || fail "our client is not connected"
}
ping_five() { # from the client's namespace
	in_client ping -c 5 -i 0.2 -W 2 "$1" | tee "$work/ping" | grep -q ' 5 received' || { cat "$work/ping"; fail "not all pings were answered"; }
}
