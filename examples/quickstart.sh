#!/usr/bin/env bash
# Build the programs, and see a tunnel carry IP between two hosts. The hosts are network namespaces of this machine, so
# nothing touches the network; when it ends, in whatever way, nothing but build/quickstart is left.
set -u
usage='Usage: examples/quickstart.sh [--capture FILE] [--no-install]

Needs Debian 12 and root or sudo.
  --capture FILE  write all packets between the two hosts to FILE, for wireshark or tshark
  --no-install    install no packages'

script=$(readlink -f "$0")
top=$(dirname "$(dirname "$script")")
arguments=("$@")
capture='' install=yes
while [ $# -gt 0 ]; do
	case $1 in
	--capture) capture=$(realpath -m "${2:?a file name must follow --capture}") && shift ;;
	--no-install) install=no ;;
	--help) echo "$usage" && exit ;;
	*) echo "$usage" >&2 && exit 1 ;;
	esac
	shift
done
# shellcheck source=../tests/ci/packages.sh
. "$top/tests/ci/packages.sh"
# shellcheck source=../tests/interop/namespaces.sh
. "$top/tests/interop/namespaces.sh"

section() { printf '\n== %s\n' "$1"; }
indent() { sed 's/^/  /'; }
stop() { # REASON [FILE TO SHOW]
	[ $# -lt 2 ] || tail -n 40 "$2" >&2
	echo "quickstart: $1" >&2
	exit 1
}

# ---- First as root, then in namespaces: this script runs itself again.

if [ "$(id -u)" != 0 ]; then
	command -v sudo >/dev/null || stop "making hosts and interfaces needs root, and there is no sudo: run this as root"
	exec sudo -- bash "$script" "${arguments[@]}"
fi
if ! namespaces_inside; then
	echo "libpptp: two hosts, a PPTP tunnel between them, a ping and a transfer through it"
	lack=$(namespaces_possible) || stop "$lack"
	packages_install gcc libc6-dev meson python3 iproute2 iputils-ping ${capture:+tcpdump} ||
		stop "cannot go on without these packages"
	namespaces_run "$script" "${arguments[@]}"
	exit
fi

section "Build"
cd "$top" || exit
build=build/quickstart programs=build/quickstart/examples log=$top/build/quickstart/log
as_owner() { # of the tree, so that he can build there again without sudo
	setpriv --reuid "$(stat -c %u .)" --regid "$(stat -c %g .)" --clear-groups \
		env HOME=/nonexistent TMPDIR="$top/$build" "$@"
}
as_owner mkdir -p "$log" || exit
if ! [ -f $build/build.ninja ]; then
	rm -rf $build/meson-*
	as_owner meson setup $build --buildtype=release -Dtests=false -Ddefault_library=static >"$log/meson" 2>&1 ||
		stop "meson setup failed" "$log/meson"
fi
as_owner ninja -C $build >"$log/ninja" 2>&1 || stop "the build failed" "$log/ninja"
echo "  $($programs/pptp-client --version), $($programs/pptp-server --version), in $programs"

for name in tcpdump server client; do : >"$log/$name"; done # an earlier run's say what is not so

section "Two hosts"
host client && host server && wire client 10.91.0.1 server 10.91.0.2 || stop "cannot make two hosts"
echo "  client 10.91.0.1 -------- 10.91.0.2 server"
if [ -n "$capture" ]; then
	$on_client tcpdump -Z root --immediate-mode -B 16384 -U -i to-server -w "$log/capture.pcap" 2>"$log/tcpdump" &
	tcpdump=$!
	wait_for "$log/tcpdump" listening 10 || stop "tcpdump does not listen" "$log/tcpdump"
	echo "  everything on that wire goes to $capture"
fi

section "Tunnel"
shown=0
show_messages() { # what is new in the client's log
	local way name fields
	while read -r _ way _ name fields; do
		case $way in to) way='->' ;; from) way='<-' ;; *) continue ;; esac
		printf '  client %s server  %s\n' "$way" "$name"
		fold -s -w 88 <<<"$fields" | sed 's/^/                    /'
	done < <(tail -n +$((shown + 1)) "$log/client")
	shown=$(wc -l <"$log/client")
}
echo "  server# pptp-server -v --no-auth"
$on_server $programs/pptp-server -v --no-auth >"$log/server" 2>&1 &
server=$!
wait_for "$log/server" ^ready: 10 || stop "the server is not ready" "$log/server"
echo "  client# pptp-client -v --route 10.20.0.0/24 10.91.0.2"
$on_client $programs/pptp-client -v --route 10.20.0.0/24 10.91.0.2 >"$log/client" 2>&1 &
client=$!
wait_for "$log/client" ^connected: 15 || stop "the client is not connected" "$log/client"
show_messages
echo "  $(grep ^connected: "$log/client")"

section "Ping through the tunnel"
$on_client ping -c 5 -i 0.2 -W 2 10.20.0.1 >"$log/ping" 2>&1
indent <"$log/ping"
grep -q ' 5 received' "$log/ping" || stop "not all pings were answered"

section "Transfer through the tunnel"
transfer() { # FROM TO ADDRESS
	local from=on_$1 to=on_$2
	${!to} timeout 30 /usr/bin/python3 examples/python/transfer.py receive "$3" "$1 to $2" >"$log/transfer" &
	${!from} timeout 30 /usr/bin/python3 examples/python/transfer.py send "$3" 3 ${capture:+1000000} &&
		wait $! && indent <"$log/transfer" || stop "the transfer failed"
}
printf '  %-20s%12s%10s%10s\n' direction octets seconds rate
transfer server client 10.20.0.2
transfer client server 10.20.0.1

section "The end"
kill -INT $client
wait $client || stop "the client exits with $?" "$log/client"
show_messages
kill -INT $server
wait $server || stop "the server exits with $?" "$log/server"
if $on_client ip link show pptp0 || $on_server ip link show pptpd0; then stop "an interface is left"; fi 2>/dev/null
if [ -n "$capture" ]; then
	sleep 0.3 # tcpdump is a moment behind
	kill -INT "$tcpdump"
	wait "$tcpdump"
	cp "$log/capture.pcap" "$capture" || exit
fi

section "What was proved"
cat <<END
  the library and both programs build here
  $(grep -cE '^pptp-client: (to|from) ' "$log/client") control messages began and ended a connection and a call (RFC 2637 2)
  5 of 5 pings came back through GRE and PPP
  both transfers arrived octet for octet
  both programs ended with exit code 0 and took their interfaces with them
  $SECONDS s, the build included
END
