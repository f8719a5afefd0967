# packages: install Debian packages that are missing (sourced by tests/run.sh and .ci/run).
# With install=no nothing is installed; what is missing is only reported.

export DEBIAN_FRONTEND=noninteractive
PATH=$PATH:/usr/sbin:/sbin
install=${install:-yes}
packages_updated=no

as_root() {
	if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

apt_get() { as_root apt-get -qq -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 "$@" 2>&1 </dev/null; }

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

# Return 0 when all the packages are there in the end. Mirrors are unusable for moments while they synchronise, so this
# tries again; a list that cannot be had matters only when a package of it is wanted.
packages_install() {
	local missing try log
	missing=$(packages_missing "$@")
	[ -n "$missing" ] || return 0
	if [ "$install" != yes ]; then
		echo "not installed: $(echo "$missing" | tr '\n' ' ')" >&2
		return 1
	fi
	echo "installing $(echo "$missing" | tr '\n' ' ')"
	for try in 1 2 3 4 5 6; do
		log=''
		if [ $packages_updated = no ]; then
			log=$(apt_get -o APT::Update::Error-Mode=any update) && packages_updated=yes
		fi
		# shellcheck disable=SC2086 # one word a package
		log+=$(apt_get install --no-install-recommends $missing) && return 0
		case $packages_updated:$log in
		# No second try makes a package appear or a conflict go away.
		yes:*'Unable to locate'* | yes:*'held broken'* | yes:*'no installation candidate'*) break ;;
		esac
		[ "$try" = 6 ] || sleep $((try * 3))
	done
	echo "apt-get cannot install them:" >&2
	echo "$log" | tail -n 8 >&2
	return 1
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
