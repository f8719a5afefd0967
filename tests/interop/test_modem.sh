# Our client and a scripted ADSL modem that wants certain words, says result 0, and wants Set-Link-Info.
# Shows: C-SLI-01 C-SLI-05 S-CC-08 C-SCCRQ-03 C-SCCRQ-05
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=scripted.sh
. "$here/scripted.sh"
script server modem 10.91.0.2
script_says listening
start_client --host-name RELAY_PPP1 --vendor 'MS Win NT' --firmware 24609 --framing async,any --bearer analog,digital \
	--phone RELAY_PPP1 --link-info
script_says 'gets what it wants'
ping_five 10.9.0.1
end client "$client"
end_script
echo "a modem that wants names, capabilities and Set-Link-Info of its own: served, 5 of 5 pings"
