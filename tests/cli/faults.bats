#!/usr/bin/env bats
# What will fail on Lambda when shared objects are loaded: told with the import that leads there, as an error only
# where the import must not fail.
bats_require_minimum_version 1.5.0

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	[ "$(uname -m)" = x86_64 ] || skip "the objects are compiled for x86-64"
	command -v "${CC:=cc}" >/dev/null || skip "there is no C compiler"
	mkdir -p pkg/live pkg/live-1.dist-info
	printf 'Name: live\nVersion: 1\n' >pkg/live-1.dist-info/METADATA
	printf '%s\n' 'import live' 'def handler(event, context):' '    return live' >pkg/app.py
	printf '%s\n' 'from live import _fast' >pkg/live/__init__.py
	records
}

records() {
	(cd pkg && find live live-1.dist-info -type f | sed 's/$/,,/' >live-1.dist-info/RECORD)
}

# Compiles an extension module as pkg/live/$1, linked with a library of the soname $2.
extension() {
	mkdir -p build
	echo 'int needed(void) { return 1; }' >build/needed.c
	echo 'int needed(void); void *PyInit__fast(void) { return needed() ? 0 : (void *)1; }' >build/fast.c
	"$CC" -shared -fPIC -nostdlib -Wl,-soname,"$2" -o build/libneeded.so build/needed.c
	"$CC" -shared -fPIC -nostdlib -o "pkg/live/$1" build/fast.c -Lbuild -lneeded
	records
}

slims() {
	"$SLIM" pkg --handler app.handler --runtime python3.13 -q --report json=report.json "$@"
}

# Fails unless the notes of SLIM1xx and SLIM316 are one of code $1 and level $2 for path $3, with $4 in its text.
tells() {
	holds report.json "[(n['code'], n['level'], n['path'], '''$4''' in n['text']) for n in r['notes']
		if n['code'].startswith('SLIM1') or n['code'] == 'SLIM316'] == [('$1', '$2', '$3', True)]"
}

@test "a library that nothing provides: an error with the import that needs it" {
	extension _fast.abi3.so libGL.so.1
	run -1 slims --strict
	tells SLIM123 error live/_fast.abi3.so 'reached by app.py:1 (import live) > live/__init__.py:1'
	run -0 "$SLIM" pkg --handler app.handler --runtime python3.13
	[[ $output == *"error[SLIM123] "*"live/_fast.abi3.so: needs libGL.so.1, which neither the package nor python3.13 "* ]]
}

@test "an import that may fail: good to know" {
	extension _fast.abi3.so libGL.so.1
	printf '%s\n' try: '    from live import _fast' 'except ImportError:' '    _fast = None' >pkg/live/__init__.py
	slims --strict
	tells SLIM316 note live/_fast.abi3.so 'needs libGL.so.1'
}

@test "an import that raises again, and another way that must not fail" {
	extension _fast.abi3.so libGL.so.1
	printf '%s\n' try: '    from live import _fast' 'except ImportError as e:' '    raise OSError from e' >pkg/live/__init__.py
	run -1 slims --strict
	tells SLIM123 error live/_fast.abi3.so 'live/__init__.py:2'
	printf '%s\n' try: '    from live import _fast' 'except ImportError:' '    from live import other' >pkg/live/__init__.py
	printf '%s\n' '' 'from live import _fast' >pkg/live/other.py
	records
	run -1 slims --strict
	tells SLIM123 error live/_fast.abi3.so 'live/other.py:2'
}

@test "a module that is built for another Python only" {
	extension _fast.cpython-312-x86_64-linux-gnu.so libc.so.6
	run -1 slims --strict
	tells SLIM126 error live/_fast.cpython-312-x86_64-linux-gnu.so 'built for CPython 3.12 only'
	tells SLIM126 error live/_fast.cpython-312-x86_64-linux-gnu.so 'reached by app.py:1 (import live) > live/__init__.py:1'
	echo 'fast = False' >pkg/live/_fast.py
	records
	slims --strict
}

@test "what Lambda and the package have is no fault" {
	extension _fast.abi3.so libm.so.6
	slims --strict
	extension _fast.abi3.so libmine.so.1
	mkdir -p pkg/lib
	cp build/libneeded.so pkg/lib/libmine.so.1
	slims --strict
}
