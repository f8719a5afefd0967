#!/usr/bin/env bash
# Every way to get the library: installed, for pkg-config and CMake, also from a tree that was moved; as a subproject of
# meson; without any build system. A user's program is built and run each time.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$top/examples/loopback.c" "$work/program.c"
runs() { "$@" | grep -q . || { echo "does not run: $*" && exit 1; }; }

meson setup "$work/build" "$top" --prefix=/usr -Dtests=false -Dexamples=false >"$work/log"
meson install -C "$work/build" --destdir "$work/first" >"$work/log"
mv "$work/first" "$work/root" # nothing in it may know where it was
library=$(dirname "$(find "$work/root" -name libpptp.so)")
export LD_LIBRARY_PATH=$library

echo "== pkg-config"
export PKG_CONFIG_SYSROOT_DIR=$work/root PKG_CONFIG_PATH=$library/pkgconfig
# shellcheck disable=SC2046 # one word a flag
cc -o "$work/program" "$work/program.c" $(pkg-config --cflags --libs pptp)
runs "$work/program"

echo "== CMake"
cat >"$work/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.13)
project(user C)
find_package(pptp 0.1 REQUIRED)
add_executable(program program.c)
target_link_libraries(program PRIVATE pptp::pptp)
END
for static in OFF ON; do
	cmake -S "$work" -B "$work/cmake$static" -DCMAKE_PREFIX_PATH="$work/root/usr" -DPPTP_USE_STATIC=$static >"$work/log"
	cmake --build "$work/cmake$static" >"$work/log"
	runs "$work/cmake$static/program"
done
if ldd "$work/cmakeON/program" | grep libpptp; then echo "PPTP_USE_STATIC was not heard" && exit 1; fi
sed -i 's/find_package(pptp 0.1/find_package(pptp 9.9/' "$work/CMakeLists.txt"
if cmake -S "$work" -B "$work/other" -DCMAKE_PREFIX_PATH="$work/root/usr" >"$work/log" 2>&1; then
	echo "a version of another ABI is taken" && exit 1
fi

echo "== meson, as a subproject"
mkdir -p "$work/user/subprojects"
ln -s "$top" "$work/user/subprojects/libpptp"
cp "$work/program.c" "$work/user"
cat >"$work/user/meson.build" <<'END'
project('user', 'c')
pptp = dependency('pptp', fallback: 'libpptp', default_options: ['examples=false', 'tests=false', 'default_library=static'])
executable('program', 'program.c', dependencies: pptp)
END
(
	unset PKG_CONFIG_PATH # or it is found there
	meson setup "$work/user/build" "$work/user" >"$work/log"
	ninja -C "$work/user/build" >"$work/log"
)
runs "$work/user/build/program"

echo "== cc alone"
(cd "$work" && cc -std=c99 -c "$top"/lib/*.c -I"$top/include")
cc -std=c99 -I"$top/include" "$work/program.c" "$work"/*.o -o "$work/plain"
runs "$work/plain"
