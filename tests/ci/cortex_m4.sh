#!/usr/bin/env bash
# The static router linked for a bare Cortex-M4: no libc but the four mem functions, no heap, no writable data of the
# library, and it fits.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
flags='-std=c99 -mcpu=cortex-m4 -mthumb -Os -ffunction-sections -fdata-sections -Wall -Wextra -Werror -DPPTP_HDLC_TABLES=0'
sources=$(find "$top/lib" -name '*.c' ! -name alloc.c)
# shellcheck disable=SC2086 # words
arm-none-eabi-gcc $flags -I"$top/include" -c $sources
arm-none-eabi-ld -r -o library.o ./*.o
echo "== the library wants"
arm-none-eabi-nm -u library.o | awk '{ print $2 }' | sort | tee wants
printf '%s\n' memcmp memcpy memmove memset | diff - wants
[ "$(arm-none-eabi-size -A library.o | awk '/^\.(data|bss)/ { sum += $2 } END { print sum + 0 }')" = 0 ] ||
	{ echo "the library has writable data" && exit 1; }

echo "== the router"
# Of newlib only these four: where there is no libc at all they are a page of code.
# shellcheck disable=SC2086
arm-none-eabi-gcc $flags -I"$top/include" -c "$top/examples/static_router/router.c" "$top/examples/static_router/cortex_m4.c"
arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -nostartfiles -nodefaultlibs -Wl,--gc-sections -Wl,--fatal-warnings \
	-T "$top/examples/static_router/cortex_m4.ld" router.o cortex_m4.o library.o -lc_nano -lgcc -o router.elf
arm-none-eabi-nm router.elf | grep -E ' (malloc|free|_sbrk|printf|_impure_ptr)$' && { echo "libc came in" && exit 1; }
arm-none-eabi-size router.elf
