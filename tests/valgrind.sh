#!/bin/sh
# One whole run of build/slim under valgrind, from a directory to a zip and from that zip to the smallest one.
set -eu
cd "$(dirname "$0")/.."
. tests/tap.sh
scratch

memcheck() {
	valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite build/slim "$@" >/dev/null
}

cp -R samples "$scratch/package"
mkdir -p "$scratch/package/__pycache__"
cp build/slim "$scratch/package/live.so"
memcheck "$scratch/package" -o "$scratch/fast.zip"
memcheck "$scratch/fast.zip" --zip small --json -o "$scratch/small.zip"
memcheck "$scratch/fast.zip" -o "$scratch/directory/"
