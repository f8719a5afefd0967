#!/usr/bin/env bash
# What the adapter for lwIP takes on a Cortex-M4, in octets, and whether docs/integration/lwip.md says so within 5 %:
# code of the adapter, code of all that it brings in of the library, memory of a tunnel, memory once.
#
#     bash tests/ci/lwip_size.sh SOURCES-OF-LWIP
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
lwip=$(realpath "$1")/src
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
compile() {
	arm-none-eabi-gcc -std=c99 -mcpu=cortex-m4 -mthumb -Os -ffunction-sections -fdata-sections -Wall -Wextra -Werror \
		-I"$top/include" -I"$top/examples/lwip" -I"$top/examples/lwip/linux" -isystem "$lwip/include" -c "$@"
}
echo '#include "pptp_lwip.h"
char tunnel[sizeof(struct pptp_lwip)];' >probe.c
compile probe.c
tunnel=$((16#$(arm-none-eabi-nm -S probe.o | awk '$4 == "tunnel" { print $2 }')))
rm probe.o
compile "$top"/examples/lwip/*.c
read -r adapter once < <(arm-none-eabi-size -t ./*.o | awk '/TOTALS/ { print $1, $2 + $3 }')
find "$top/lib" -name '*.c' ! -name alloc.c >sources
# shellcheck disable=SC2046 # no spaces
compile $(cat sources)
arm-none-eabi-ld -r --gc-sections -e pptp_lwip_create -o all.o ./*.o
all=$(arm-none-eabi-size all.o | awk 'NR == 2 { print $1 }')
if arm-none-eabi-nm -u all.o | grep -E 'divmod|malloc|printf'; then
	echo "the adapter wants this of libc"
	exit 1
fi
row="| $adapter | $((all - adapter)) | $tunnel | $once |"
echo "$row"
stated=$(grep -A 2 '^| code of the adapter ' "$top/docs/integration/lwip.md" | tail -n 1 | tr -d ,)
echo "$stated" | awk -F '|' -v "row=$row" '{
	split(row, is, "|")
	for (i = 2; i <= 5; i++)
		if ($i < is[i] * 0.95 || $i > is[i] * 1.05) { print "docs/integration/lwip.md says" $0; exit 1 }
}'
