# examples/quickstart.sh from nothing: it succeeds, tshark understands its capture, and only its build is left.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=traces.sh
. "$here/traces.sh"
need tcpdump tshark gcc meson
rm -rf "$top/build/quickstart"
remember_traces
bash "$top/examples/quickstart.sh" --no-install --capture "$work/capture.pcap" >"$work/output.log" 2>&1 ||
	fail "the quickstart exits with $?"
no_traces
for line in ' 5 received' '^  server to client ' '^  client to server ' '^  5 of 5 pings' '^  both transfers arrived'; do
	grep -q "$line" "$work/output.log" || fail "its output has no line with \"$line\""
done
decode "$work/capture.pcap"
captured Start-Control-Connection-Request Start-Control-Connection-Reply Outgoing-Call-Request Outgoing-Call-Reply \
	Call-Clear-Request Call-Disconnect-Notify Stop-Control-Connection-Request Stop-Control-Connection-Reply
pings=$(grep -c 'Type: 0 (Echo (ping) reply)' "$work/decoded")
[ "$pings" = 5 ] || fail "$pings ping replies in the capture's GRE packets, not 5"
echo "the quickstart: $(sed -n 's/, the build included//p' "$work/output.log" | xargs), $(grep -c '^Frame ' "$work/decoded") packets without a malformed one, nothing left behind"
