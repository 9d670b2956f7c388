#!/bin/sh
# The project's shell scripts, through shellcheck: it finds nothing.
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

scripts() { # files that say they are, and those that are sourced
	find scripts .ci -type f
	find tests samples -name '*.sh' -o -name '*.bats' -o -name '*.bash'
}

clean() {
	shellcheck -x "$@"
}

scratch
# shellcheck disable=SC2016 # planted
printf '#!/bin/sh\nrm $1\n' >"$scratch/planted.sh"

plan 2
# shellcheck disable=SC2046 # no name has blanks
check "shellcheck finds nothing" clean $(scripts | sort)
check_fails "it finds what is planted" clean "$scratch/planted.sh"
