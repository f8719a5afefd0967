# ppp: the real pppd in a guest (sourced by *.guest). Its configuration is a copy: the guest's root is read-only.
modules ppp_generic ppp_mppe ppp_async
mkdir -p /run/etcppp
cp -a /etc/ppp/. /run/etcppp/
mount --bind /run/etcppp /etc/ppp
for secrets in chap pap; do printf '%s\n' 'user * "the password" *' >/etc/ppp/$secrets-secrets; done
chmod 600 /etc/ppp/*-secrets
: >/etc/ppp/options
busybox syslogd -n -S -O /run/out/syslog &

# What a tunnel by PPTP wants of pppd, and nothing that hides which packet is which.
# shellcheck disable=SC2034 # for those who source this
plain='nobsdcomp nodeflate novj novjccomp noipv6 mtu 1400 mru 1400 debug'

# Five pings, once the other end is ready, too. The emulated wire may lose a packet, which PPTP does not send again.
five_pings() { # NAME ADDRESS
	ping -c 1 -w 5 "$2" >/dev/null 2>&1
	for _ in 1 2 3; do
		ping -c 5 -i 0.2 -W 10 "$2" >"/run/out/$1.ping" 2>&1 && grep -q ' 5 received' "/run/out/$1.ping" && break
	done
}

until_stopped() { # while the test looks at what was made ready
	: >/run/out/ready
	until [ -e /run/out/stop ]; do sleep 0.2; done
}
