# The kernel's own PPTP driver, in a User Mode Linux guest, exchanges frames with a channel of ours, both ways.
# Shows: G-ACK-08 G-SEQ-03 G-HDR-00
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=uml.sh
. "$here/uml.sh"
need python3 modprobe busybox
frames=50
uml_start kernel_pptp.guest guest_frames=$frames
uml_wait ready
$on_server "$programs/../tests/gre_frames" 100 10.94.0.2 200 $frames 30 >"$work/frames.log" 2>&1 || fail "gre_frames failed"
uml_wait result
uml_end
cat "$work/frames.log" "$work/out/result"
counted() { sed -n "s/.*$1 \([0-9]*\).*/\1/p" "$2"; }
for side in "$work/frames.log" "$work/out/result"; do
	[ "$(counted replies "$side")" -ge $frames ] || fail "not every request was answered"
	[ "$(counted requests "$side")" -ge $frames ] || fail "not every request came"
	[ "$(counted disorder "$side")" = 0 ] || fail "frames came out of order"
done
echo "the kernel's PPTP driver and our channel: $frames frames and replies each way, in order"
