#!/usr/bin/env bash
# The core calls nothing but four functions of libc, and has no writable data (docs/design.md).
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for source in lib/*.c; do
	[ "$source" = lib/alloc.c ] && continue
	gcc -std=c99 -O2 -fPIC -fno-stack-protector -U_FORTIFY_SOURCE -Iinclude -c "$source" -o "$work/$(basename "$source" .c).o"
done
ld -r -o "$work/all" "$work"/*.o
nm -u "$work/all" | awk '{print $2}' | grep -vxE 'memcpy|memmove|memset|memcmp' && {
	echo "symbols.sh: the core needs more than the four mem functions" >&2
	exit 1
}
size -A "$work/all" | awk '$1 ~ /^\.(data|bss)/ && $2 > 0 {print "symbols.sh: writable data in " $1; bad = 1} END {exit bad}'
