# lwip: lwIP with PPP, our adapter and its dialler, from Debian's source package (sourced): Debian's binary package has no
# PPP. Under AddressSanitizer, with malloc for lwIP's pools.
# shellcheck disable=SC2154 # who sources this sets here and programs
lwip=${programs%/*}/lwip
# shellcheck source=../ci/sources.sh
. "$here/../ci/sources.sh"

# What is slow in the field is quick here, and a large packet does not fit into one pbuf. lwIP's heap is lwip_memory.c's, which fails when it is asked to.
lwip_flags="-g1 -fno-omit-frame-pointer -DPPTP_LWIP_ECHO_SECONDS=2 -DPPTP_LWIP_PPP_SECONDS=7 -DPPTP_LWIP_STOP_SECONDS=1 -DPPTP_LWIP_DIAL_SECONDS=2
	-DPPTP_LWIP_NO_INBOUND_SECONDS=2
	-DFSM_DEFTIMEOUT=1 -DFSM_DEFMAXCONFREQS=4 -DCHAP_DEFTIMEOUT=1 -DLWIP_TCP_RTO_TIME=500 -DPBUF_POOL_BUFSIZE=600
	-DMEM_LIBC_MALLOC=1 -DMEMP_MEM_MALLOC=1 -DMEM_STATS=1 -DMEMP_STATS=1
	-Dmem_clib_malloc=short_malloc -Dmem_clib_calloc=short_calloc -include $here/lwip_memory.h"

# lwip_ninja TOP SRC: what is compiled how. lwIP's PPP reads a few octets beyond what it was given when it hashes
# (pppcrypt.c), so that is not watched; nor are its warnings ours.
lwip_ninja() {
	local file object
	cat <<-END
		flags = -I$1/examples/lwip/linux -isystem $2/include -I$1/include ${lwip_flags//$'\n'/ }
		rule compile
		  command = cc -MD -MF \$out.d \$first \$flags \$more -c \$in -o \$out
		  depfile = \$out.d
		  description = \$out
		wrap = -Wl,--wrap=ethernet_input -Wl,--wrap=writev -Wl,--wrap=port_tap_open
		rule link
		  command = cc -fsanitize=address,undefined \$wrap \$in -o \$out -L${programs%/*}/lib -lpptp -Wl,-rpath,${programs%/*}/lib
	END
	lwip_group "-w" "$2"/netif/ppp/*.c "$2"/netif/ppp/polarssl/*.c
	lwip_group "-w -fsanitize=address" "$2"/core/*.c "$2"/core/ipv[46]/*.c "$2"/netif/ethernet.c
	lwip_group "-std=c99 -I$1/examples/lwip -Wall -Wextra -Werror" "$lwip/guides/lwip.c"
	lwip_group "-std=c99 -D_GNU_SOURCE -Wall -Wextra -Wshadow -Wpedantic -Werror -fsanitize=address,undefined
		-fno-sanitize-recover=all" "$1"/examples/lwip/*.c "$1"/examples/lwip/linux/*.c "$1"/tests/interop/lwip_*.c
	echo "build dial: link $objects"
	lwip_variant only_ipv4 "$1" '#undef LWIP_IPV6'
	lwip_variant only_ipv6 "$1" '#define LWIP_IPV4 0'
	lwip_variant without_mppe "$1" '#undef MPPE_SUPPORT'
	lwip_variant with_server "$1" '#define PPP_SERVER 1'
}
# The adapter for another lwipopts.h, only compiled.
lwip_variant() { # NAME TOP LINE
	mkdir -p "$lwip/$1"
	printf '#include_next <lwipopts.h>\n%s\n' "$3" >"$lwip/$1/lwipopts.h.new"
	cmp -s "$lwip/$1/lwipopts.h.new" "$lwip/$1/lwipopts.h" || mv "$lwip/$1/lwipopts.h.new" "$lwip/$1/lwipopts.h"
	for file in "$2"/examples/lwip/*.c; do
		printf 'build %s: compile %s\n  first = %s\n  more = %s\n' "$1/$(basename "$file" .c).o" "$file" "-I$lwip/$1" \
			"-std=c99 -Wall -Wextra -Wconversion -Wshadow -Wpedantic -Werror"
	done
}
lwip_group() { # FLAGS FILES...
	for file in "${@:2}"; do
		object=objects/$(basename "$file" .c).o
		objects+=" $object"
		printf 'build %s: compile %s\n  more = %s\n' "$object" "$file" "${1//$'\n'/ }"
	done
}

# Make $lwip/dial. Returns 1 when lwIP cannot be had, and ends the test when it can but does not compile.
lwip_build() {
	local objects='' src
	mkdir -p "$lwip/objects" "$lwip/guides"
	python3 "$here/../docs/blocks.py" "$lwip/guides" || exit # the code of docs/integration/lwip.md is compiled, too
	src=$(echo "$lwip"/sources/lwip-*/src)
	if ! [ -d "$src" ]; then
		sources_fetch lwip "$lwip/sources" >"$lwip/fetch.log" 2>&1 || return 1
		src=$(echo "$lwip"/sources/lwip-*/src)
	fi
	[ -d "$src/netif/ppp" ] || return 1
	lwip_ninja "$(realpath "$here/../..")" "$src" >"$lwip/build.ninja"
	ninja --quiet -C "$lwip" >"$lwip/build.log" 2>&1 && return
	tail -n 40 "$lwip/build.log"
	echo "FAIL: lwIP with the adapter does not compile"
	exit 1
}
