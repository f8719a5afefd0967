#!/bin/sh
# The PPP program that the tests give to pptpd where the kernel has no PPP. pptpd starts it on a pty as
#   pptpd_ppp.sh local file OPTIONS SPEED LOCAL:REMOTE [ipparam ADDRESS] remotenumber ADDRESS
set -eu
here=$(dirname "$0")
local_address='' remote_address=''
for word; do
	case $word in
	*.*.*.*:*.*.*.*) local_address=${word%%:*} remote_address=${word#*:} ;;
	esac
done
exec /usr/bin/python3 -u "$here/ppp_peer.py" --local "$local_address" --peer "$remote_address" \
	--time 60 --log "${PPP_LOG:-/dev/null}"
