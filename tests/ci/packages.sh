# packages: install Debian packages that are missing (sourced by tests/run.sh and .ci/run).
# With install=no nothing is installed; what is missing is only reported.

export DEBIAN_FRONTEND=noninteractive
PATH=$PATH:/usr/sbin:/sbin
install=${install:-yes}
packages_updated=no

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Mirrors are unusable for moments while they synchronise, so every download is tried again.
apt_retry() {
	local try log
	for try in 1 2 3 4 5 6; do
		log=$(as_root apt-get -qq -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 "$@" 2>&1 </dev/null) && return 0
		# No second try makes a package appear or a conflict go away.
		case $log in *'Unable to locate'* | *'held broken'* | *'no installation candidate'*) break ;; esac
		[ "$try" = 6 ] || sleep $((try * 3))
	done
	echo "apt-get $1 failed:" >&2
	echo "$log" | tail -n 8 >&2
	return 1
}

# Print those of the packages that are not installed.
packages_missing() {
	local package
	for package; do
		case $(dpkg-query -W -f '${db:Status-Status} ' "$package" 2>/dev/null) in
		*not-installed*) echo "$package" ;;
		*installed*) ;;
		*) echo "$package" ;;
		esac
	done
}

packages_update() {
	[ "$packages_updated" = no ] || return 0
	apt_retry -o APT::Update::Error-Mode=any update || return 1
	packages_updated=yes
}

# Return 0 when all the packages are there in the end.
packages_install() {
	local missing
	missing=$(packages_missing "$@")
	[ -n "$missing" ] || return 0
	if [ "$install" != yes ]; then
		echo "not installed: $(echo "$missing" | tr '\n' ' ')" >&2
		return 1
	fi
	echo "installing $(echo "$missing" | tr '\n' ' ')"
	packages_update || return 1
	# shellcheck disable=SC2086 # one word a package
	apt_retry install --no-install-recommends $missing
}

# Let packages of these architectures be installed too.
packages_architectures() {
	local architecture
	for architecture; do
		if dpkg --print-foreign-architectures | grep -qx "$architecture"; then continue; fi
		[ "$install" = yes ] || return 1
		as_root dpkg --add-architecture "$architecture" || return 1
		packages_updated=no
	done
}
