#!/usr/bin/env bash
# Each public header alone, in every language it promises, without padding, for 32 and 64 bits.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# -ffreestanding: libc's own headers for 32 bits need not be here.
flags='-Iinclude -ffreestanding -pedantic -Wall -Wextra -Wpadded -Werror -fsyntax-only'
try() { # HEADER AS COMPILER OPTIONS...
	# shellcheck disable=SC2086 # one word a flag
	"${@:3}" $flags "$work/t.${2}" || { echo "$1 with ${*:3}" >&2 && exit 1; }
}
for header in include/pptp/*.h; do
	name=${header#include/}
	echo "#include <$name>" >"$work/t.c"
	cp "$work/t.c" "$work/t.cpp"
	for bits in -m32 -m64; do
		for std in c99 c11 c2x; do
			try "$name" c gcc -std=$std $bits
			try "$name" c clang -std=$std $bits -Wdocumentation
		done
		try "$name" cpp g++ -std=c++11 $bits
		try "$name" cpp clang++ -std=c++11 $bits
	done
done
