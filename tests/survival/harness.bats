#!/usr/bin/env bats
# The survival runner can fail: cases that must not survive are reported, each for what it lost.

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup() {
	"$root/scripts/find-python" 3.11 >/dev/null || skip "no Python 3.11"
}

trap_of() { # runs trap $1 and shows all that it says
	run "$root/scripts/survival" --cases "$root/tests/survival/traps" "$1"
	printf '%s\n' "$output"
}

lost() { # trap $1 fails and says $2
	trap_of "$1"
	[ "$status" -eq 1 ]
	[[ $output == *"not ok 1 - $1"* ]]
	[[ $output == *"$2"* ]]
}

@test "a case that needs nothing of what went survives" {
	trap_of fine
	[ "$status" -eq 0 ]
	[[ $output == *"ok 1 - fine"* ]]
}

@test "there is neither network nor a writable package" {
	trap_of walls
	[ "$status" -eq 0 ]
}

@test "a module that is gone is named with its reason" {
	lost module_gone "wanted: lib/inner.py was removed (SLIM214 user-drop)"
}

@test "a module that is gone is found where the result is the same" {
	lost silent_module "looked for: lib/fast.py was removed"
}

@test "a namespace package that is gone is found where the result is the same" {
	lost silent_namespace "looked for: space/inner.py was removed"
}

@test "a data file that is gone is found where the result is the same" {
	lost silent_data "looked for: lib/table.txt was removed"
}

@test "another result is found where no name was looked for" {
	lost other_result "result differs"
}

@test "another output is found" {
	lost other_output "stdout differs"
}

@test "an interpreter that ends is found" {
	lost dies "status differs"
}

@test "a case that never worked fails as broken" {
	lost broken_case "BROKEN CASE: the original fails"
}

@test "a case that differs from itself fails as broken" {
	lost not_deterministic "BROKEN CASE: the original gives another result"
}
