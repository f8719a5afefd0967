# guide: the programs of docs/programmers-guide.md and docs/integration, from the pages' very lines (sourced after net.sh).
# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # what is used and set beside it
need cc python3
guide_library=$(realpath "$programs/../lib")
python3 "$here/../docs/blocks.py" "$work" || fail "the pages have no programs"

guide_build() { # NAME [FILE OR FLAG...]
	cc -D_GNU_SOURCE -I"$here/../../include" -o "$work/$1" "$work/$1.c" "$work/host.c" "$work/tunnel.c" "${@:2}" \
		-L"$guide_library" -lpptp >"$work/cc.log" 2>&1 || fail "$1 does not compile"
}
guide_programs="epoll kqueue"
guide_build epoll "$work/ppp.c"
guide_build kqueue "$work/ppp.c" "$here/../docs/kqueue/kqueue.c" -I"$here/../docs/kqueue"
if pkg-config --exists libuv; then
	# shellcheck disable=SC2046 # one word a flag
	guide_build uv "$work/ppp.c" $(pkg-config --cflags --libs libuv)
	guide_programs+=" uv"
fi
guide_run() { # NAME ADDRESS: as a command behind $on_client and the like
	echo env LD_LIBRARY_PATH="$guide_library" stdbuf -oL "$work/$1" "$2"
}
