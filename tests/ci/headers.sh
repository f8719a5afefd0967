#!/usr/bin/env bash
# Each public header alone, in every language it promises.
set -eu
echo "== headers"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
flags='-Iinclude -pedantic -Wall -Wextra -Wpadded -Werror -fsyntax-only'
for header in include/pptp/*.h; do
	name=${header#include/}
	echo "#include <$name>" >"$work/t.c"
	cp "$work/t.c" "$work/t.cpp"
	for std in c99 c11 c2x; do
		for cc in gcc clang; do
			# shellcheck disable=SC2086 # one word a flag
			$cc -std=$std $flags "$work/t.c" || { echo "$name as $std with $cc" >&2; exit 1; }
		done
	done
	for cxx in g++ clang++; do
		# shellcheck disable=SC2086
		$cxx -std=c++11 $flags "$work/t.cpp" || { echo "$name as C++11 with $cxx" >&2; exit 1; }
	done
done
