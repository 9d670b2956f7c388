#!/bin/sh
# Rooms stay small: no source file is over 600 lines.
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

small() {
	found=$(find "$@" -name '*.[ch]' -exec awk 'END { if (FNR > 600) print FILENAME ": " FNR " lines" }' {} \;)
	echo "$found"
	[ -z "$found" ]
}

scratch
yes '//' | head -n 601 >"$scratch/large.c"

plan 2
check "no file is over 600 lines" small src
check_fails "a larger one is found" small "$scratch"
