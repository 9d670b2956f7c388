#!/bin/sh
# The planner is pure: its objects may use nothing but memory, the model's containers and themselves.
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

allowed='memcpy|memset|memmove|memcmp|qsort|__stack_chk_fail|__assert_fail|_GLOBAL_OFFSET_TABLE_|__(memcpy|memset|memmove)_chk'
allowed="$allowed|(arena|str|vec|map|bundle|plan|note|notes|code)_[a-z0-9_]+"

pure() { # objects that use nothing else
	symbols=$(nm -Au "$@") || return 1
	found=$(echo "$symbols" | awk 'NF { sub(/:.*/, "", $1); print $1 " uses " $NF }' | grep -Ev " uses ($allowed)\$")
	echo "$found"
	[ -z "$found" ]
}

scratch
cat >"$scratch/impure.c" <<-EOF
	#include <stdlib.h>
	const char *f(void);
	const char *f(void) { return getenv("HOME"); }
EOF
cc -c -o "$scratch/impure.o" "$scratch/impure.c"

plan 2
check "the planner's objects do no I/O" pure build/obj/plan/*.o
check_fails "a call of getenv() is found" pure "$scratch/impure.o"
