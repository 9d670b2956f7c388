#!/usr/bin/env bats
# What broke for users of other tools, planted one by one: names say what has to become of a file.

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	plant app.py 'def handler(event, context):
    return "ok"'
}

slim_dir() {
	"$SLIM" pkg -o out/
}

# What app.handler returns in the slimmed package.
runs() {
	echo null >event.json
	[ "$(python -I -S "$root/tests/survival/run_handler.py" out app.handler event.json)" = "\"$1\"" ]
}

@test "a library that patchelf edited is stripped and loads" {
	cat >lib.c <<-EOF
		#include <stdlib.h>
		int answer(void) { return getenv("LAMBDA_TASK_ROOT") ? 42 : 0; }
	EOF
	cc -g3 -shared -fPIC -o pkg/live.so lib.c
	long=$(printf 'x%.0s' {1..120})
	patchelf --set-soname "$long.so" pkg/live.so
	patchelf --set-soname b.so pkg/live.so
	patchelf --force-rpath --set-rpath "\$ORIGIN/$long" pkg/live.so
	plant app.py 'import ctypes
def handler(event, context):
    return str(ctypes.CDLL("./live.so").answer())'
	slim_dir
	runs 42
	[ "$(stat -c %s out/live.so)" -le "$(stat -c %s pkg/live.so)" ]
	# The hazard is real: what people use now breaks it, and says nothing.
	cp pkg/live.so stripped.so
	strip stripped.so
	run python -c 'import ctypes; ctypes.CDLL("./stripped.so")'
	[ "$status" -ne 0 ]
}

@test "importlib.metadata.version() works: METADATA stays" {
	plant live/__init__.py 'from importlib.metadata import version
__version__ = version(__name__)'
	plant app.py 'import live
def handler(event, context):
    return live.__version__'
	install live live
	slim_dir
	runs 1.2
	[ ! -e out/live-1.2.dist-info/INSTALLER ]
}

@test "a plugin is found through its entry point" {
	plant live_host.py 'from importlib.metadata import entry_points
def load():
    return next(iter(entry_points(group="host.plugins"))).load()'
	plant live_plugin/__init__.py ''
	plant live_plugin/tests/__init__.py ''
	plant live_plugin/tests/real.py 'def plugin(): return "plugged"'
	plant live_plugin/tests/test_dead.py 'import pytest'
	plant live_plugin-1.2.dist-info/entry_points.txt '[host.plugins]
real = live_plugin.tests.real:plugin'
	install live_plugin live_plugin
	plant app.py 'import live_host
def handler(event, context):
    return live_host.load()()'
	slim_dir
	runs plugged
	[ ! -e out/live_plugin/tests/test_dead.py ]
}

@test "tests that kept code imports stay, their siblings go" {
	plant num/__init__.py ''
	plant num/testing/__init__.py 'from num.core.tests._natype import NA'
	plant num/core/__init__.py ''
	plant num/core/tests/__init__.py ''
	plant num/core/tests/_natype.py 'from ._locales import NAME
NA = NAME'
	plant num/core/tests/_locales.py 'NAME = "live"'
	plant num/core/tests/test_dead.py 'import pytest'
	plant num/core/tests/conftest.py 'import pytest'
	plant num/core/tests/data/dead.csv '1,2'
	plant app.py 'import num.testing
def handler(event, context):
    return num.testing.NA'
	install num num
	slim_dir
	runs live
	holds_files out/num <<-EOF
		__init__.py
		core/__init__.py
		core/tests/__init__.py
		core/tests/_locales.py
		core/tests/_natype.py
		testing/__init__.py
	EOF
}

@test "names that merely look like tests, docs or assets stay" {
	for name in tests test docs doc examples features images assets website coverage fixtures; do
		plant "$name/live.txt"
		plant "shop/$name/__init__.py"
		plant "shop/$name/live.dat"
	done
	plant shop/test_live.py
	plant conftest.py
	plant README.md
	plant live.pyx
	plant live.h
	(cd pkg && find . -type f) | sed 's,^\./,,' | LC_ALL=C sort >before
	slim_dir
	holds_files out <before
}

@test "modules of a distribution that look like tests or docs stay" {
	plant tmpl/__init__.py 'from . import tests, docs, test, examples, benchmark, testing'
	plant tmpl/tests.py 'LIVE = 1'
	plant tmpl/test.py 'LIVE = 1'
	plant tmpl/docs/__init__.py 'from .live import x'
	plant tmpl/docs/live.py 'x = 1'
	plant tmpl/examples/__init__.py 'from . import live'
	plant tmpl/examples/live.py ''
	plant tmpl/benchmark.py ''
	plant tmpl/testing.py ''
	plant tmpl/images/live.png 'PNG'
	plant tmpl/assets/live.css 'a {}'
	plant tmpl/features/live.json '{}'
	plant app.py 'import tmpl
def handler(event, context):
    return str(tmpl.tests.LIVE)'
	install tmpl tmpl
	slim_dir
	runs 1
	(cd pkg && find tmpl -type f | sed 's,^tmpl/,,' | LC_ALL=C sort) >before
	holds_files out/tmpl <before
}

@test "a text or header that code opens beside itself stays" {
	plant reads/__init__.py 'import os
here = os.path.dirname(__file__)
text = open(os.path.join(here, "README.rst")).read().strip()
header = os.path.getsize(os.path.join(here, "include", "live.h"))'
	plant reads/README.rst live
	plant reads/include/live.h 'int live;'
	plant app.py 'import reads
def handler(event, context):
    return reads.text'
	install reads reads
	slim_dir
	runs live
}

@test "a package without sources keeps its bytecode" {
	plant nosource/__init__.py 'answer = "from bytecode"'
	python -m compileall -q -b pkg/nosource
	rm pkg/nosource/__init__.py
	plant app.py 'import nosource
def handler(event, context):
    return nosource.answer'
	install nosource nosource
	slim_dir
	runs 'from bytecode'
}

@test "bytecode beside its source goes" {
	plant live/__init__.py 'answer = "from source"'
	plant app.py 'import live
def handler(event, context):
    return live.answer'
	python -m compileall -q pkg
	install live live
	[ -d pkg/live/__pycache__ ]
	slim_dir
	runs 'from source'
	[ -z "$(find out -name '*.pyc')" ]
}

@test "namespace packages stay without __init__.py" {
	plant ns/one/__init__.py 'ONE = "1"'
	plant ns/two/live.py 'TWO = "2"'
	plant app.py 'import ns.one, ns.two.live
def handler(event, context):
    return ns.one.ONE + ns.two.live.TWO'
	install ns-one ns/one
	install ns-two ns/two
	slim_dir
	runs 12
	[ -z "$(find out -name '__init__.py' ! -path '*/one/*')" ]
}

@test ".pth files and what they name stay" {
	plant live.pth 'import live_hook'
	plant live_hook.py
	plant live_dir.pth 'vendored/tests'
	plant vendored/tests/live.py
	plant app.py 'import live'
	install live-hook live.pth live_hook.py live_dir.pth vendored
	slim_dir
	[ -e out/live.pth ]
	[ -e out/live_hook.py ]
	[ -e out/vendored/tests/live.py ]
}

@test "packages that importlib.resources reads stay whole" {
	plant res/__init__.py 'from importlib.resources import files
text = files("res.data").joinpath("live.txt").read_text().strip()'
	plant res/data/live.txt 'a resource'
	plant app.py 'import res
def handler(event, context):
    return res.text'
	install res res
	slim_dir
	runs 'a resource'
}

@test "symlinks stay symlinks" {
	plant libz.so.1.2.11 'not really'
	ln -s libz.so.1.2.11 pkg/libz.so.1
	ln -s libz.so.1 pkg/libz.so
	slim_dir
	[ "$(readlink out/libz.so)" = libz.so.1 ]
	[ "$(readlink out/libz.so.1)" = libz.so.1.2.11 ]
	"$SLIM" pkg -o out.zip
	unzip -q out.zip -d unzipped
	[ "$(readlink unzipped/libz.so)" = libz.so.1 ]
	"$SLIM" out.zip -o again.zip
	cmp out.zip again.zip
}

@test "modes become 0644 and 0755" {
	plant private.txt
	plant tool '#!/bin/sh'
	chmod 0600 pkg/private.txt
	chmod 0700 pkg/tool
	mkdir pkg/closed
	plant closed/file
	chmod 0750 pkg/closed
	"$SLIM" pkg -o out.zip
	unzip -q out.zip -d out
	[ "$(stat -c %a out/private.txt)" = 644 ]
	[ "$(stat -c %a out/tool)" = 755 ]
	python -c 'import zipfile, sys; assert {oct(i.external_attr >> 16) for i in zipfile.ZipFile("out.zip").infolist()} == {"0o100644", "0o100755"}'
}

@test "order, dates and umask of the input change nothing" {
	for i in 1 2 3 4 5; do
		plant "d$i/file$i" "$i"
	done
	(cd pkg && find . -type f | LC_ALL=C sort | zip -q -@ ../a.zip)
	find pkg -type f -exec touch -d 2001-02-03 {} +
	(cd pkg && find . -type f | LC_ALL=C sort -r | zip -q -@ ../b.zip)
	"$SLIM" a.zip -o a.out.zip
	(umask 0077 && TZ=Pacific/Apia "$SLIM" b.zip -j1 -o b.out.zip)
	cmp a.out.zip b.out.zip
}

@test "an archive that holds every file twice is refused" {
	python - <<-'EOF'
		import warnings, zipfile
		warnings.simplefilter("ignore")
		with zipfile.ZipFile("twice.zip", "w") as z:
		    for _ in range(2):
		        for name in ("app.py", "b.py"):
		            z.writestr(name, name)
	EOF
	run "$SLIM" twice.zip -o out.zip
	[ "$status" -eq 2 ]
	[[ $output == *twice.zip* && $output == *app.py* ]]
	[ ! -e out.zip ]
}

@test "same bytes under two names are not merged" {
	plant liba.so.1 same
	plant libb.so.1 same
	slim_dir
	[ -f out/liba.so.1 ] && [ -f out/libb.so.1 ] && [ ! -L out/libb.so.1 ]
}

@test "an empty package is refused or said, never a zip of nothing" {
	rm pkg/app.py
	mkdir -p pkg/__pycache__
	run "$SLIM" pkg -o out.zip
	[ "$status" -ne 0 ] || [[ $output == *empty* ]]
}

# --- what an adversary found ------------------------------------------------------------------------------

@test "a symbolic link that stays keeps what it leads to" {
	package=$BATS_TEST_TMPDIR/links
	mkdir -p "$package/p/tests" "$package/p-1.dist-info"
	touch "$package/p/__init__.py" "$package/p/tests/__init__.py" "$package/p/tests/test_a.py"
	echo '{}' >"$package/p/tests/data.json"
	ln -s p/tests/data.json "$package/data.json"
	printf 'Metadata-Version: 2.1\nName: p\nVersion: 1\n' >"$package/p-1.dist-info/METADATA"
	(cd "$package" && find p p-1.dist-info -type f | sed 's/$/,,/' >p-1.dist-info/RECORD)
	"$SLIM" "$package" -o "$BATS_TEST_TMPDIR/out/" -q
	[ -e "$BATS_TEST_TMPDIR/out/data.json" ]
	[ ! -e "$BATS_TEST_TMPDIR/out/p/tests/test_a.py" ]
}

@test "files that the user put into an installed package stay" {
	package=$BATS_TEST_TMPDIR/mine
	mkdir -p "$package/p/local/tests" "$package/p-1.dist-info"
	touch "$package/p/__init__.py" "$package/p/local/tests/test_mine.py"
	printf 'Metadata-Version: 2.1\nName: p\nVersion: 1\n' >"$package/p-1.dist-info/METADATA"
	printf 'p/__init__.py,,\np-1.dist-info/METADATA,,\np-1.dist-info/RECORD,,\n' >"$package/p-1.dist-info/RECORD"
	"$SLIM" "$package" -o "$BATS_TEST_TMPDIR/out/" -q
	[ -e "$BATS_TEST_TMPDIR/out/p/local/tests/test_mine.py" ]
}
