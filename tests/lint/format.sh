#!/bin/sh
# Sources are as clang-format 14 leaves them; `make format` mends.
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

plan 1
if is_version clang-format 14; then
	check "sources are formatted" sh -c "find src tests -name '*.[ch]' | xargs clang-format --dry-run -Werror"
else
	skip "sources are formatted" "the format is that of clang-format 14"
fi
