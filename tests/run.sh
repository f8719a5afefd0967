#!/usr/bin/env bash
# Build and run all tests. Installs what it needs (--no-install: does not). The last line is
# "N passed, N failed, N skipped"; unit tests count by case, interop tests by script.
set -u
cd "$(dirname "$0")/.." || exit
install=yes
[ "${1:-}" = --no-install ] && install=no
# shellcheck source=ci/packages.sh
. tests/ci/packages.sh
passed=0 failed=0 skipped=0

finish() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
	exit
}
broken() { # WHY [LOG]: there is nothing to run
	[ $# -lt 2 ] || cat "$2"
	echo "run.sh: $1" >&2
	failed=1
	finish
}

packages_install gcc libc6-dev meson ninja-build pkg-config libcmocka-dev python3 ||
	broken "compiler, meson, cmocka and python3 are needed"
build=build/tests
mkdir -p $build
[ -f $build/build.ninja ] || meson setup $build >build/tests.log 2>&1 || broken "meson setup failed" build/tests.log
ninja -C $build >build/tests.log 2>&1 || broken "the build failed" build/tests.log

echo "== unit tests"
rm -f $build/meson-logs/testlog.json
CMOCKA_MESSAGE_OUTPUT=TAP meson test -C $build --no-rebuild --print-errorlogs
result=$?
counted=$(python3 tests/ci/count.py $build/meson-logs/testlog.json)
echo "$counted"
read -r passed _ failed _ skipped _ < <(echo "$counted" | tail -n 1)
[ -n "$passed" ] || broken "the unit tests left no result"
if [ $result != 0 ] && [ "$failed" = 0 ]; then
	echo "meson test exits with $result"
	failed=1
fi

echo "== loopback, in C and in Python"
one() { # NAME COMMAND...
	local log=build/$1.log
	if "${@:2}" >"$log" 2>&1; then
		passed=$((passed + 1))
		echo "PASS $1"
	else
		echo "FAIL $1: exit code $?"
		failed=$((failed + 1))
		cat "$log"
	fi
}
one loopback_c $build/examples/loopback
one loopback_python python3 examples/python/loopback.py $build/lib/libpptp.so

echo "== interop"
packages_install iproute2 iputils-ping xz-utils tcpdump tshark pptpd pptp-linux socat nftables python3-scapy iperf3 user-mode-linux kmod busybox-static dash libuv1-dev g++ || echo "some peers cannot be installed"
# Each script exits with 0, or 77 when the machine lacks something that it names. Two at a time: they mostly wait.
interop() { # SCRIPT: its exit code goes to build/NAME.result
	local name log result began=$SECONDS
	name=$(basename "$1" .sh)
	log=build/$name.log
	timeout 600 bash "$1" $build/examples >"$log" 2>&1
	result=$?
	echo $result >"build/$name.result"
	case $result in
	0) echo "PASS $name: $(tail -n 1 "$log") ($((SECONDS - began)) s)" ;;
	77) echo "SKIP $name: $(tail -n 1 "$log")" ;;
	*) echo "FAIL $name: exit code $result
$(cat "$log")" ;;
	esac
}
for script in tests/interop/test_*.sh; do
	while [ "$(jobs -r | wc -l)" -ge 2 ]; do wait -n; done
	rm -f "build/$(basename "$script" .sh).result"
	interop "$script" &
done
wait
for script in tests/interop/test_*.sh; do
	case $(cat "build/$(basename "$script" .sh).result") in
	0) passed=$((passed + 1)) ;;
	77) skipped=$((skipped + 1)) ;;
	*) failed=$((failed + 1)) ;;
	esac
done
finish
