# cmocka for a libc that Debian has no cmocka for (sourced): Debian's own source, compiled with that compiler.

# shellcheck source=sources.sh
. "$(dirname "${BASH_SOURCE[0]}")/sources.sh"

# cmocka_for DIRECTORY COMPILER AR: a static library there, and a file for pkg-config in DIRECTORY/pkgconfig.
cmocka_for() {
	local sources=$1/sources source
	mkdir -p "$1/pkgconfig"
	sources_fetch cmocka "$sources" || return 1
	source=$(dirname "$(find "$sources" -name cmocka.c)")/..
	"$2" -O1 -DHAVE_STDDEF_H -DHAVE_STDARG_H -DHAVE_SETJMP_H -DHAVE_STDINT_H -DHAVE_STDLIB_H -DHAVE_STRING_H \
		-DHAVE_STDIO_H -DHAVE_INTTYPES_H -DHAVE_SIGNAL_H -DHAVE_TIME_H -DHAVE_VSNPRINTF -DHAVE_SNPRINTF -DHAVE_STRSIGNAL \
		-DHAVE_STRCMP -DHAVE_MALLOC -DHAVE_CALLOC -DHAVE_FREE -DHAVE_EXIT -DHAVE_LONGJMP -DHAVE_SETJMP -DHAVE_SIGNAL \
		"${@:4}" -I"$source/include" -c "$source/src/cmocka.c" -o "$1/cmocka.o" || return 1
	"$3" rcs "$1/libcmocka.a" "$1/cmocka.o"
	printf '%s\n' 'Name: cmocka' 'Description: unit tests' 'Version: 1.1.5' "Cflags: -I$(realpath "$source/include")" \
		"Libs: -L$1 -lcmocka" >"$1/pkgconfig/cmocka.pc"
}
