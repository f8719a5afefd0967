# Incoming calls: a scripted PAC with lines and our server, a scripted server and our client.
# Shows: R-01 R-05 C-ICRP-04 C-ICCN-01 C-CCRQ-01 C-CCRQ-02 C-WEN-03 C-WEN-04 C-SLI-01 C-SLI-04 C-STOPRQ-01
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
# shellcheck source=scripted.sh
. "$here/scripted.sh"

start_server
script client pac 10.91.0.2
end_script
says server 'incoming call 5 from "0815\\x22\\x1b\[2J" to "4711", subaddress "cellar", digital line, channel 9$'
says server 'CRC 1, framing 2, hardware overruns 3, buffer overruns 4, time-outs 5, alignment 6$'
says server 'send ACCM 0x000a0000, receive ACCM 0xffffffff$'
grep 'CRC 99' "$work/server.log" && fail "the server takes WAN-Error-Notify for a call that is not there"
script client clear 10.91.0.2
script_says 'the server clears the call'
end server "$server"
end_script

script server refused 10.91.0.2
script_says listening
start_client
says client 'CRC 11, framing 12, hardware overruns 13, buffer overruns 14, time-outs 15, alignment 16$'
ping_five 10.9.0.1
end client "$client"
end_script
echo "incoming calls, Set-Link-Info and WAN-Error-Notify, with our server and our client: $(tail -n 1 "$work/pac.log")"
