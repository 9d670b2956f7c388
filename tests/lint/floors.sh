#!/bin/sh
# Who includes whom: every #include of src/ against the list in src/floors.txt.
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

# Includes below $1 that the list does not allow, as "file: what is wrong".
violations() {
	(cd "$1" && find src -name '*.[ch]' | sort | while read -r file; do
		floor=${file#src/}
		case $floor in
		*/*) floor=${floor%%/*} ;;
		*) floor=${floor%.*} ;;
		esac
		awk -v file="$file" -v floor="$floor" '
			FILENAME == "src/floors.txt" {
				if ($1 == floor) for (i = 2; i <= NF; i++) allowed[$i] = 1
				next
			}
			/^[ \t]*#[ \t]*include[ \t]*"/ {
				split($0, part, "\"")
				if (!(match(part[2], "^[a-z]+/") && allowed[substr(part[2], 1, RLENGTH - 1)]))
					print file ":" FNR ": floor " floor " may not include " part[2]
			}' src/floors.txt "$file"
	done)
}

clean() {
	found=$(violations "$1")
	echo "$found"
	[ -z "$found" ]
}

listed() { # every floor that exists is in the list
	for dir in src/*/; do
		grep -q "^$(basename "$dir") " src/floors.txt || { echo "$dir is not in src/floors.txt" && return 1; }
	done
}

scratch
mkdir -p "$scratch/src/plan" "$scratch/src/model"
cp src/floors.txt "$scratch/src"
echo '#include "base/str.h"' >"$scratch/src/plan/fine.c"

plan 5
check "every floor is listed" listed
check "no floor includes what it may not" clean .
check "allowed includes pass" clean "$scratch"
echo '#include "io/out.h"' >"$scratch/src/plan/planted.c"
check_fails "a planted include is found" clean "$scratch"
echo '# include "../io/out.h"' >"$scratch/src/plan/planted.c"
check_fails "a way around the floors is found" clean "$scratch"
