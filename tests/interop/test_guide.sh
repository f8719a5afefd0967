# The programs that docs/programmers-guide.md and docs/integration build step by step, from their very lines: each calls our
# server, brings a call up, says a PPP frame, has its answer, and leaves in order.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need cc python3
library=$(realpath "$programs/../lib")
python3 "$here/../docs/blocks.py" "$work" || fail "the pages have no programs"
build() { # NAME [LIBRARY...]
	cc -D_GNU_SOURCE -I"$here/../../include" -o "$work/$1" "$work/$1.c" "$work/tunnel.c" -L"$library" -lpptp "${@:2}" \
		>"$work/cc.log" 2>&1 || fail "$1 does not compile"
}
talk() { # NAME
	$on_client env LD_LIBRARY_PATH="$library" timeout 20 "$work/$1" 10.91.0.2 >"$work/$1.log" 2>&1 || fail "$1: exit code $?"
	for line in '^the call is up$' '^protocol c021, code 1,' '^protocol c021, code 2,' '^over: ended by this host$'; do
		grep -q "$line" "$work/$1.log" || fail "$1 does not say: $line"
	done
}
programs_run=epoll
build epoll
if pkg-config --exists libuv; then
	# shellcheck disable=SC2046 # one word a flag
	build uv $(pkg-config --cflags --libs libuv)
	programs_run="epoll libuv"
fi
start_server
talk epoll
[ "$programs_run" = epoll ] || talk uv
[ "$(grep -c 'connection ended: the peer stopped the control connection' "$work/server.log")" = "$(wc -w <<<"$programs_run")" ] ||
	fail "not every call was cleared in order"
end server "$server"
echo "the guides' programs ($programs_run) dial our server, exchange PPP and leave in order"
