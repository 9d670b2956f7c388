#!/bin/sh
# What lies in the tree: nothing large, nothing that names somebody's machine.
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

files() { # what git has or would take, or all where there is no git
	git ls-files -co --exclude-standard 2>/dev/null || find . -path ./build -prune -o -type f -print
}

small() {
	found=$("$@" | while read -r file; do
		[ ! -f "$file" ] || find "$file" -size +1024k
	done)
	echo "$found"
	[ -z "$found" ]
}

anonymous() {
	found=$("$@" | xargs grep -InE '(^|[^A-Za-z0-9_.~-])/(home|Users)/[A-Za-z0-9_]+/|[^A-Za-z0-9_.~-]/ro[o]t/[.a-z]')
	echo "$found"
	[ -z "$found" ]
}

scratch
head -c 1100000 /dev/zero >"$scratch/large"
# The path is put together, so that this file does not hold it.
printf 'see %s\n' "/home""/somebody/notes" >"$scratch/personal"
planted() {
	find "$scratch" -type f
}

plan 4
check "no file is over 1 MiB" small files
check "no file names a home directory" anonymous files
check_fails "a large file is found" small planted
check_fails "a home directory is found" anonymous planted
