#!/bin/sh
# cppcheck finds nothing in src/.
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

mkdir -p build/lint/cppcheck

look() {
	cppcheck --quiet --enable=warning,performance,portability --std=c11 --inline-suppr --error-exitcode=1 \
		--suppress=missingIncludeSystem -DSLIM_VERSION='"0"' -Isrc "$@"
}

scratch
cat >"$scratch/planted.c" <<-EOF
	int f(void);
	int f(void) { int a[2] = { 0, 0 }; return a[2]; }
EOF

plan 2
check "cppcheck finds nothing" look --cppcheck-build-dir=build/lint/cppcheck -j"$(nproc)" src
check_fails "it finds what is planted" look "$scratch"
