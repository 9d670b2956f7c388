# shellcheck shell=sh
# For shell tests: one TAP line per check. Usage: . tests/tap.sh; plan 2; check "name" command…; skip "name" "why"
# The command's output is shown when it fails.

n=0

plan() {
	echo "1..$1"
}

check() {
	n=$((n + 1))
	name=$1
	shift
	if output=$("$@" 2>&1); then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		printf '%s\n' "$output" | sed 's/^/# /'
	fi
}

# Passes when the command fails: the check itself has to be able to fail.
check_fails() {
	name=$1
	shift
	check "$name" fails "$@"
}

fails() {
	! "$@"
}

skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# A directory that is gone when the test ends.
scratch() {
	scratch=$(mktemp -d)
	trap 'rm -rf "$scratch"' EXIT
}

# Whether $1 is of major version $2: formatters and analysers judge alike only in the version that the code was made with.
is_version() {
	"$1" --version 2>/dev/null | grep -q "version $2\."
}
