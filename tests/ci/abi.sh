#!/usr/bin/env bash
# The exported names and the types behind them are those that are written down (docs/abi.md). Usage: abi.sh [--update]
set -eu
cd "$(dirname "$0")/../.."
echo "== ABI"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# gcc, because the dump also says how a compiler describes types.
CC=gcc meson setup "$work/build" --buildtype=debug -Dtests=false -Dexamples=false >"$work/log" 2>&1
ninja -C "$work/build" >>"$work/log" 2>&1 || { cat "$work/log" >&2; exit 1; }
library=$(realpath "$work/build/lib/libpptp.so")
nm -D --defined-only "$library" | awk '{print $3}' | LC_ALL=C sort >"$work/symbols.txt"
abidw --no-show-locs --headers-dir include --drop-private-types --exported-interfaces-only --no-corpus-path --no-comp-dir-path "$library" |
	sed "s#path='[^']*/lib/#path='lib/#" >"$work/libpptp.abi" # wherever it was built
if [ "${1:-}" = --update ]; then
	cp "$work/symbols.txt" "$work/libpptp.abi" tests/abi/
	exit
fi
diff -u tests/abi/symbols.txt "$work/symbols.txt" >&2 || {
	echo "abi.sh: exported names changed; if that was meant: tests/ci/abi.sh --update" >&2
	exit 1
}
abidiff tests/abi/libpptp.abi "$work/libpptp.abi" >&2 || {
	echo "abi.sh: the ABI changed; if that was meant: tests/ci/abi.sh --update" >&2
	exit 1
}
