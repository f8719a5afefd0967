#!/usr/bin/env bash
# The DLL for Windows: built, installed, programs linked against it, and run by wine: both ends in one, and the client of
# docs/integration/windows.md, which brings a call up with our server. Its exports are the symbols of tests/abi, and nothing
# else. Usage: mingw_dll.sh PPTP-SERVER
set -eu
server=$(realpath "$1")
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
meson setup "$work/build" "$top" --cross-file "$top/tests/ci/mingw.ini" --prefix=/pptp -Dtests=false -Dexamples=false \
	-Dwerror=true -Ddefault_library=shared >"$work/log"
meson install -C "$work/build" --destdir "$work/root" >"$work/log"
cd "$work/root/pptp"
link() { # NAME SOURCE...
	x86_64-w64-mingw32-gcc -Iinclude -I"$work" "${@:2}" -Llib -lpptp -lws2_32 -lbcrypt -o "bin/$1.exe"
}
link loopback "$top/examples/loopback.c"
python3 "$top/tests/docs/blocks.py" "$work"
# wine's raw sockets are ICMP's and no others; no packet gets through here.
sed -i 's/SOCK_RAW, PPTP_IP_PROTOCOL/SOCK_RAW, IPPROTO_ICMP/' "$work/windows.c"
link windows "$work/windows.c" "$work/tunnel.c"
export WINEPREFIX=$work/wine WINEDEBUG=-all work server
# A network of its own for all that wine starts, so that port 1723 is free.
unshare --net --pid --fork --kill-child --mount-proc bash -eu <<'END'
ip link set lo up
wine bin/loopback.exe | grep -q .
"$server" --no-auth >"$work/server.log" &
for ((i = 0; i < 100; i++)); do grep -q ^ready: "$work/server.log" && break || sleep 0.1; done
: >"$work/windows.log"
wine bin/windows.exe 127.0.0.1 >"$work/windows.log" 2>&1 &
for ((i = 0; i < 100; i++)); do grep -q '^the call is up' "$work/windows.log" && exit 0 || sleep 0.1; done
cat "$work/windows.log"
exit 1
END
dll=$(echo bin/libpptp-*.dll)
x86_64-w64-mingw32-objdump -p "$dll" | sed -n '/Ordinal\/Name Pointer/,/^$/s/.* \(pptp_[a-z0-9_]*\)$/\1/p' | sort >"$work/exports"
grep -o 'pptp_[a-z0-9_]*' "$top/tests/abi/symbols.txt" | sort -u | diff - "$work/exports"
echo "$dll: $(wc -l <"$work/exports") functions"
