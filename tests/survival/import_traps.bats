#!/usr/bin/env bats
# Every way by which Python code is known to reach a module or a file, one small package each.

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

@test "what is reached in unusual ways stays" {
	python "$BATS_TEST_DIRNAME/import_traps.py" "$SLIM" "$BATS_TEST_TMPDIR"
}
