#!/bin/sh
# Headers are the documentation: each opens with what it is for, and compiles by itself, twice.
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

says_what_for() {
	status=0
	for file in "$@"; do
		[ "$(head -c 2 "$file")" = '/*' ] || { echo "$file does not open with a comment" && status=1; }
	done
	return $status
}

self_contained() {
	status=0
	for file in "$@"; do
		printf '#include "%s"\n#include "%s"\n' "$file" "$file" |
			cc -std=c17 -D_GNU_SOURCE -fsyntax-only -Wall -Wextra -Werror -Isrc -I. -x c - || status=1
	done
	return $status
}

guarded() { # SLIM_FLOOR_ROOM_H
	status=0
	for file in "$@"; do
		guard=SLIM_$(echo "${file#src/}" | tr 'a-z/.' 'A-Z__')
		grep -q "^#ifndef $guard\$" "$file" || { echo "$file has no guard $guard" && status=1; }
	done
	return $status
}

scratch
echo 'size_t planted(void);' >"$scratch/planted.h"

plan 5
check "every header opens with a comment" says_what_for src/*/*.h
check "every header is self-contained" self_contained src/*/*.h
check "every header has its guard" guarded src/*/*.h
check_fails "one without a comment is found" says_what_for "$scratch/planted.h"
check_fails "one that leans on others is found" self_contained "$scratch/planted.h"
