#!/usr/bin/env bash
# Build and run all tests. Installs what it needs (--no-install: does not). The last line is
# "N passed, N failed, N skipped"; unit tests count by case, interop tests by script.
set -u
cd "$(dirname "$0")/.." || exit
install=yes
[ "${1:-}" = --no-install ] && install=no
# shellcheck source=tests/ci/packages.sh
. tests/ci/packages.sh
passed=0 failed=0 skipped=0

packages_install gcc libc6-dev meson ninja-build pkg-config libcmocka-dev python3 || {
	echo "run.sh: without compiler, meson, cmocka and python3 there is nothing to run" >&2
	echo "0 passed, 1 failed, 0 skipped"
	exit 1
}

build=build/tests
[ -f $build/build.ninja ] || meson setup $build >/dev/null || exit 1
ninja -C $build >build/tests.log 2>&1 || { cat build/tests.log; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

echo "== unit tests"
meson test -C $build --no-rebuild --print-errorlogs || failed=$((failed + 1))
log=$build/meson-logs/testlog.txt
passed=$(grep -c '^\[       OK \]' $log)
cases_failed=$(grep -c '^\[  FAILED  \] [a-z_0-9]*$' $log)
[ "$cases_failed" -gt "$failed" ] && failed=$cases_failed

echo "== loopback, in C and in Python"
if $build/examples/loopback >build/loopback.log 2>&1; then passed=$((passed + 1)); else cat build/loopback.log; failed=$((failed + 1)); fi
if python3 examples/python/loopback.py $build/lib/libpptp.so >build/python.log 2>&1; then
	passed=$((passed + 1))
else
	cat build/python.log
	failed=$((failed + 1))
fi

echo "== interop"
packages_install iproute2 iputils-ping tcpdump tshark pptpd pptp-linux socat nftables python3-scapy user-mode-linux kmod busybox-static dash || echo "some peers cannot be installed"
# Each script exits with 0, or 77 when the machine lacks something that it names.
for script in tests/interop/test_*.sh; do
	name=$(basename "$script" .sh)
	timeout 90 bash "$script" "$PWD/$build/examples" >"build/$name.log" 2>&1
	case $? in
	0) passed=$((passed + 1)); echo "PASS $name: $(tail -n 1 "build/$name.log")" ;;
	77) skipped=$((skipped + 1)); echo "SKIP $name: $(tail -n 1 "build/$name.log")" ;;
	*) failed=$((failed + 1)); echo "FAIL $name"; cat "build/$name.log" ;;
	esac
done

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
