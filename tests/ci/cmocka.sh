# cmocka for a libc that Debian has no cmocka for (sourced): Debian's own source, compiled with that compiler.

# cmocka_for DIRECTORY COMPILER AR: a static library there, and a file for pkg-config in DIRECTORY/pkgconfig.
cmocka_for() {
	local sources=$1/sources source
	mkdir -p "$sources/lists/partial" "$1/pkgconfig"
	# Where this machine's packages come from, its sources are too.
	# shellcheck disable=SC2016 # apt's own variables
	read -r uri release < <(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
		awk '$3 == "main" { print $1, $2; exit }')
	echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $release main" >"$sources/list"
	apt_sources() {
		(cd "$sources" && apt-get -qq -o Dir::Etc::SourceList="$sources/list" -o Dir::Etc::SourceParts=- \
			-o Dir::State::lists="$sources/lists" -o APT::Sandbox::User=root -o Acquire::Retries=3 "$@")
	}
	apt_sources update && apt_sources --download-only source cmocka || return 1
	tar -C "$sources" -xf "$sources"/cmocka_*.orig.tar.xz
	source=$(dirname "$(find "$sources" -name cmocka.c)")/..
	"$2" -O1 -DHAVE_STDDEF_H -DHAVE_STDARG_H -DHAVE_SETJMP_H -DHAVE_STDINT_H -DHAVE_STDLIB_H -DHAVE_STRING_H \
		-DHAVE_STDIO_H -DHAVE_INTTYPES_H -DHAVE_SIGNAL_H -DHAVE_TIME_H -DHAVE_VSNPRINTF -DHAVE_SNPRINTF -DHAVE_STRSIGNAL \
		-DHAVE_STRCMP -DHAVE_MALLOC -DHAVE_CALLOC -DHAVE_FREE -DHAVE_EXIT -DHAVE_LONGJMP -DHAVE_SETJMP -DHAVE_SIGNAL \
		"${@:4}" -I"$source/include" -c "$source/src/cmocka.c" -o "$1/cmocka.o" || return 1
	"$3" rcs "$1/libcmocka.a" "$1/cmocka.o"
	printf '%s\n' 'Name: cmocka' 'Description: unit tests' 'Version: 1.1.5' "Cflags: -I$(realpath "$source/include")" \
		"Libs: -L$1 -lcmocka" >"$1/pkgconfig/cmocka.pc"
}
