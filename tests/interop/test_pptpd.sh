# Our client dials Debian's pptpd.
# shellcheck source=net.sh
. "$(dirname "$0")/net.sh"
need python3
start_pptpd
start_client
ping_five 10.9.0.1
end client "$client"
echo "our client and pptpd $(dpkg-query -W -f '${Version}' pptpd): 5 of 5 pings"
