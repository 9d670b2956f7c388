#!/usr/bin/env bats
# The data about Python's standard library says what an interpreter says.
bats_require_minimum_version 1.5.0

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

# Compares with one interpreter: public names must be the same; a patch release may add private ones, but what
# the data has, the interpreter must have. What is fixed must be built in, frozen, or imported at the start.
compare() {
	"$1" -I -c '
import sys
start = set(sys.modules)
import _imp, sysconfig
minor = sys.version_info[1]
def covers(minors):
    first, dash, last = minors.partition("-")
    return int(first) <= minor <= (int(last or 99) if dash else int(first))
has, fixed = set(), set()
for line in open(sys.argv[1]):
    words = line.split()
    if not words or words[0].startswith("#"):
        continue
    name, words = words[0], words[1:]
    if not words or words[0] == "fixed" or covers(words.pop(0)):
        has.add(name)
        if words and (len(words) == 1 or covers(words[1])):
            fixed.add(name)
names = set(sys.stdlib_module_names)
wrong = sorted((has - names) | {name for name in names - has if name[0] != "_"})
loose = sorted(name for name in fixed
               if name not in sys.builtin_module_names and not _imp.is_frozen(name) and name not in start)
print("minor", minor, "wrong", wrong, "loose", loose)
sys.exit(bool(wrong or loose))
' "${2:-$root/rules/runtimes/stdlib.txt}"
}

@test "the names are those of the interpreters that are here" {
	checked=0
	for minor in 10 11 12 13 14 15; do
		interpreter=$(PYTHON='' "$root/scripts/find-python" "3.$minor" 2>/dev/null) || continue
		compare "$interpreter"
		checked=$((checked + 1))
	done
	[ "$checked" -gt 0 ] || skip "no Python from 3.10 on"
}

@test "a wrong name is found" {
	interpreter=$("$root/scripts/find-python")
	for planted in '/^asyncio$/d' 's/^zlib$/zlib 1-2/' 's/^json$/json fixed/' '1inosuchmodule'; do
		sed "$planted" "$root/rules/runtimes/stdlib.txt" >"$BATS_TEST_TMPDIR/planted"
		run compare "$interpreter" "$BATS_TEST_TMPDIR/planted"
		[ "$status" -eq 1 ]
	done
}
