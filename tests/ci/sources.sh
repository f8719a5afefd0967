# sources: Debian's own sources of a package (sourced), for what is compiled differently here than Debian compiles it.

# sources_fetch PACKAGE DIRECTORY: its upstream files, unpacked in there.
sources_fetch() {
	local uri release
	mkdir -p "$2/lists/partial"
	# Where this machine's packages come from, its sources are too.
	# shellcheck disable=SC2016 # apt's own variables
	read -r uri release < <(apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
		awk '$3 == "main" { print $1, $2; exit }')
	echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $release main" >"$2/list"
	sources_apt "$2" update && sources_apt "$2" --download-only source "$1" || return 1
	tar -C "$2" -xf "$2/$1"_*.orig.tar.xz
}
sources_apt() { # DIRECTORY WORDS...: with that directory's lists alone
	(cd "$1" && apt-get -qq -o Dir::Etc::SourceList="$PWD/list" -o Dir::Etc::SourceParts=- \
		-o Dir::State::lists="$PWD/lists" -o APT::Sandbox::User=root -o Acquire::Retries=3 "${@:2}")
}
