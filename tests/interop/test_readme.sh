# What README.md shows works as it stands: its C against our server, and the library without meson, and installed.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need cc meson pkg-config python3
top=$(cd "$here/../.." && pwd)
cd "$top" || exit

python3 tests/docs/blocks.py "$work" || fail "README.md has no C"
(cd "$work" && cc -Wall -Wextra -Werror -c "$top"/lib/*.c -I"$top/include") >"$work/cc.log" 2>&1 || fail "cc -c lib/*.c"
cc -D_GNU_SOURCE -Wall -Wextra -Werror -Iinclude -I"$work" tests/interop/readme_host.c "$work"/*.o -o "$work/host" \
	>"$work/cc.log" 2>&1 || fail "README.md's C does not compile"
start_server
$on_client timeout 30 "$work/host" 10.91.0.2 >"$work/host.log" 2>&1 || fail "README.md's C fails: exit code $?"
[ "$(xargs <"$work/host.log")" = 'UP CALL_UP CALL_DOWN DOWN' ] || fail "README.md's C has other events"
end server "$server"

# A server that stops the connection and leaves TCP open: the end is told when the reply has left, not when TCP ends.
$on_server python3 - "$here" >"$work/stops.log" 2>&1 <<'EOF' &
import socket, sys
sys.path.insert(0, sys.argv[1])
from pptp_octets import *
with socket.create_server(("", PORT)) as listener:
    print("listening", flush=True)
    peer, _ = listener.accept()
    peer.recv(156, socket.MSG_WAITALL)
    peer.sendall(encode(SCCRP, version=0x100, result=1) + encode(STOPRQ, reason=1))
    while peer.recv(1000):  # until the other side closes
        pass
EOF
wait_for "$work/stops.log" listening 10 || fail "no scripted server"
$on_client timeout 10 "$work/host" 10.91.0.2 >"$work/host.log" 2>&1 || fail "README.md's C does not see an end: exit code $?"
[ "$(xargs <"$work/host.log")" = 'UP CALL_DOWN DOWN' ] || fail "README.md's C has other events at the end"
wait $!

meson install -C "${programs%/*}" --no-rebuild --destdir "$work/root" >"$work/meson.log" 2>&1 ||
	fail "the library cannot be installed"
library=$(dirname "$(find "$work/root" -name libpptp.so)")
export PKG_CONFIG_SYSROOT_DIR=$work/root PKG_CONFIG_PATH=$library/pkgconfig
# shellcheck disable=SC2046 # one word a flag
cc -o "$work/loopback" examples/loopback.c $(pkg-config --cflags --libs pptp) >"$work/cc.log" 2>&1 ||
	fail "a program cannot be built with the installed library"
export LD_LIBRARY_PATH=$library
"$work/loopback" >"$work/loopback.log" || fail "it does not run"
for program in pptp-client pptp-server; do
	"$(find "$work/root" -name $program)" --help >"$work/help.log" || fail "$program --help"
done
echo "README.md's C dials our server; the library builds with cc alone, and installed it serves a program"
