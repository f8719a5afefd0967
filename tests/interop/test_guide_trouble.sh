# The guides' programs where IP protocol 47 does not pass: an ICMP message that says so does not stop what passes, and a
# user is told when nothing does.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=guide.sh
. "$here/guide.sh"
need nft
$on_server nft 'add table ip wall
	add chain ip wall in { type filter hook input priority 0; }
	add rule ip wall in iif lo ip protocol gre drop
	add rule ip wall in ip protocol gre reject with icmp type prot-unreachable' 2>"$work/nft.log" ||
	skip "nftables does not work here: $(head -n 1 "$work/nft.log")"
start_server

begin() { # NAME ON ADDRESS: its words go to NAME-ADDRESS.log
	: >"$work/$1-$3.log"
	# shellcheck disable=SC2046,SC2086
	$2 $(guide_run "$1" "$3") >"$work/$1-$3.log" 2>&1 &
}
for program in $guide_programs; do
	begin "$program" "$on_client" 10.91.0.2
	begin "$program" "$on_server" 127.0.0.1
done

requests() { grep -c '^protocol c021, code 1,' "$work/$1-10.91.0.2.log"; }
for program in $guide_programs; do
	# The server says again what nobody answers.
	for ((i = 0; i < 100 && $(requests "$program") < 3; i++)); do sleep 0.1; done
	[ "$(requests "$program")" -ge 3 ] || fail "$program: after an ICMP message it hears no frames any more"
	wait_for "$work/$program-127.0.0.1.log" '^trouble: nothing comes back through IP protocol 47' 15 ||
		fail "$program: it does not say that nothing comes back"
	if grep -q '^protocol' "$work/$program-127.0.0.1.log"; then fail "$program: something did come back"; fi
done
echo "the guides' programs ($guide_programs) hear on after ICMP's unreachable, and say when nothing comes back"
