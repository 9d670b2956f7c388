#!/bin/sh
# clang-tidy finds nothing in src/. A file that was found clean is not read again until it, a header or the checks change.
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

clean=build/lint/tidy
mkdir -p "$clean"
libraries=$(pkg-config --cflags libarchive libxxhash libdeflate libfyaml jansson zlib)

# One file, for xargs below.
if [ "${1:-}" = --one ]; then
	# shellcheck disable=SC2086 # flags are words
	set -- "$2" -std=c17 -Isrc -Ibuild/gen -DSLIM_VERSION=\"0\" $libraries
	file=$1
	shift
	key=$clean/$({ clang "$@" -E "$file" && cat .clang-tidy; } | cksum | tr ' ' -)
	[ -e "$key" ] || clang-tidy --quiet --config-file=.clang-tidy "$file" -- "$@" 2>/dev/null || exit 1
	touch "$key"
	exit
fi

tidy() {
	find "$@" -name '*.c' | sort | xargs -P "$(nproc)" -n 1 tests/lint/tidy.sh --one
}

scratch
cat >"$scratch/planted.c" <<-EOF
	int f(int a);
	int f(int a) { return a == a; }
EOF

plan 2
if is_version clang-tidy 14; then
	check "clang-tidy finds nothing" tidy src
	check_fails "it finds what is planted" tidy "$scratch"
else
	skip "clang-tidy finds nothing" "the checks are those of clang-tidy 14"
	skip "it finds what is planted" "the checks are those of clang-tidy 14"
fi
