#!/usr/bin/env bash
# The DLL for Windows: built, installed, a program linked against it, and run by wine. Its exports are the symbols of
# tests/abi, and nothing else.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
meson setup "$work/build" "$top" --cross-file "$top/tests/ci/mingw.ini" --prefix=/pptp -Dtests=false -Dexamples=false \
	-Dwerror=true -Ddefault_library=shared >"$work/log"
meson install -C "$work/build" --destdir "$work/root" >"$work/log"
cd "$work/root/pptp"
x86_64-w64-mingw32-gcc -Iinclude "$top/examples/loopback.c" -Llib -lpptp -o bin/loopback.exe
WINEPREFIX=$work/wine WINEDEBUG=-all wine bin/loopback.exe | grep -q .
dll=$(echo bin/libpptp-*.dll)
x86_64-w64-mingw32-objdump -p "$dll" | sed -n '/Ordinal\/Name Pointer/,/^$/s/.* \(pptp_[a-z0-9_]*\)$/\1/p' | sort >"$work/exports"
grep -o 'pptp_[a-z0-9_]*' "$top/tests/abi/symbols.txt" | sort -u | diff - "$work/exports"
echo "$dll: $(wc -l <"$work/exports") functions"
