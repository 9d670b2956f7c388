#!/usr/bin/env bats
# The import graph from end to end on small packages: what stays, why, and what is said of what cannot be known.
# shellcheck disable=SC2154 # $stderr is set by run
bats_require_minimum_version 1.5.0

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	plant app.py 'import live
def handler(event, context):
    return "ok"'
	plant live/__init__.py ''
}

# slims pkg for app.handler, with a report: slims [OPTION]…
slims() {
	rm -rf out
	"$SLIM" pkg --handler app.handler --runtime python3.13 -q -o out/ --report json=report.json "$@"
}

# Fails unless there is a note of code $1 for path $2 whose text contains $3.
notes() {
	holds report.json "any(n['code'] == '$1' and n['path'] == '$2' and '''$3''' in n['text'] for n in r['notes'])"
}

# Fails if there is a note of code $1, for path $2 if that is given.
notes_no() {
	holds report.json "not any(n['code'] == '$1' and n['path'].startswith('${2-}') for n in r['notes'])"
}

# A source of 70 kB.
large() {
	plant "$1" "$(printf '#%.0s' {1..70000})"
}

# What app.handler returns in the slimmed package.
runs() {
	echo null >event.json
	[ "$(python -I -S "$root/tests/survival/run_handler.py" out app.handler event.json)" = "\"$1\"" ]
}

@test "what no import leads to goes, what one leads to stays" {
	plant live/__init__.py 'from .core import x'
	plant live/core.py 'def f():
    import live.lazy
x = 1'
	plant live/lazy.py
	plant live/dead.py 'import live.lazy'
	plant live/data.json '{}'
	plant live/deadsub/__init__.py
	plant live/deadsub/dead.txt
	plant dead/__init__.py
	install live live dead
	slims
	runs ok
	holds_files out/live <<-EOF
		__init__.py
		core.py
		data.json
		lazy.py
	EOF
	[ ! -e out/dead ]
}

@test "plugins by a computed name, -m and sys.path run" {
	plant app.py 'import importlib, os, subprocess, sys
import live
sys.path.append(os.path.join(os.path.dirname(__file__), "bundled"))
def handler(event, context):
    import deep
    plug = live.load("one")
    said = subprocess.run([sys.executable, "-m", "tool"], capture_output=True, text=True,
                          cwd=os.path.dirname(os.path.abspath(__file__))).stdout
    return plug.NAME + deep.NAME + said.strip() + importlib.import_module("top").NAME'
	plant live/__init__.py 'import importlib
def load(name):
    return importlib.import_module(f"{__package__}.{name}")'
	plant live/one.py 'NAME = "1"'
	plant tool/__init__.py
	plant tool/__main__.py 'from tool import part
print(part.NAME)'
	plant tool/part.py 'NAME = "3"'
	plant tool/dead.py
	plant bundled/deep.py 'NAME = "2"'
	plant bundled/dead.py
	plant top.py 'NAME = "4"'
	install live live tool bundled top.py
	slims
	runs 1234
	[ ! -e out/tool/dead.py ]
	[ ! -e out/bundled/dead.py ]
}

@test "--no-prune keeps every module of distributions" {
	plant live/dead.py
	install live live
	slims
	[ ! -e out/live/dead.py ]
	slims --no-prune
	[ -e out/live/dead.py ]
}

@test "--keep module: keeps a module with what it imports" {
	plant live/late.py 'from . import later'
	plant live/later.py
	plant live/dead.py
	install live live
	slims --keep module:live.late
	holds_files out/live <<-EOF
		__init__.py
		late.py
		later.py
	EOF
}

@test "--prune-app judges the user's modules, but not the user's data" {
	plant other.py 'import live.sub'
	plant live/sub.py
	plant notes.txt
	install live live
	slims
	[ -e out/other.py ]
	[ -e out/live/sub.py ]
	slims --prune-app
	[ ! -e out/other.py ]
	[ ! -e out/live/sub.py ]
	[ -e out/notes.txt ]
	runs ok
}

@test "without a handler all of the user's code is where it starts" {
	plant other.py 'import live.sub'
	plant live/sub.py
	plant live/dead.py
	install live live
	"$SLIM" pkg -q -o out/ --prune-app
	holds_files out/live <<-EOF
		__init__.py
		sub.py
	EOF
}

@test "SLIM121: a module that hides the standard library's or a distribution's" {
	plant json.py ''
	plant live/__init__.py ''
	install live live
	slims
	notes SLIM121 json.py "standard library's json"
	notes_no SLIM121 app.py
	slims --prune-app
	notes_no SLIM121
}

@test "SLIM122: what is imported where another import fails counts when that one does" {
	plant app.py 'try:
    import tomllib
except ImportError:
    import tomli as tomllib
try:
    from json import loads
except (AttributeError, ModuleNotFoundError):
    if True:
        from simplejson import loads
try:
    import gone
except ImportError:
    import neither
try:
    import json
except ValueError:
    import other
def handler(event, context): pass'
	"$SLIM" pkg --runtime python3.13 --handler app.handler --json >report.json
	holds report.json "[n['text'].split(':')[0] for n in r['notes'] if n['code'] == 'SLIM122'] == ['line 13', 'line 17']"
	"$SLIM" pkg --runtime python3.10 --handler app.handler --json >report.json
	holds report.json "[n['text'].split(':')[0] for n in r['notes'] if n['code'] == 'SLIM122'] == ['line 13', 'line 17', 'line 4']"
}

@test "SLIM122: an import that nothing answers, with its line" {
	plant app.py 'import os, live
from gone.deep import x
import boto3
import other
try:
    import optional
except ImportError:
    pass
def handler(event, context):
    import late'
	plant other.py '
import missing'
	plant third.py 'import unused'
	plant live/__init__.py 'import theirs'
	install live live
	slims
	notes SLIM122 app.py 'line 2: from gone.deep import x'
	notes SLIM122 other.py 'line 2: import missing'
	holds report.json "sum(n['code'] == 'SLIM122' for n in r['notes']) == 2"
}

@test "SLIM306: what a computed name keeps" {
	plant live/__init__.py '
def load(name):
    return __import__("live.plugs." + name)'
	large live/plugs/one.py
	large live/plugs/two.py
	install live live
	slims
	notes SLIM306 live/__init__.py '"live.plugs." + name in line 3 keeps 2 files of 136.7 KiB'
	slims --drop 'live/plugs/two.py'
	notes SLIM306 live/__init__.py 'keeps 1 file of'
	[ ! -e out/live/plugs/two.py ]
}

@test "SLIM307: imports by a name from elsewhere" {
	plant app.py 'import importlib, live
def handler(event, context):
    return importlib.import_module(event["name"])'
	plant live/__init__.py 'def f(n): return __import__(n)
def g(n): return __import__(n)'
	install live live
	slims
	notes SLIM307 app.py 'line 3: importlib.import_module(event["name"]'
	notes SLIM307 live/__init__.py '2 places in 1 distribution'
	holds report.json "sum(n['code'] == 'SLIM307' for n in r['notes']) == 2"
}

@test "SLIM308: a layer without code of the user's keeps all" {
	rm -r pkg
	plant python/live/__init__.py
	plant python/live/dead.py
	(cd pkg && mkdir -p python/live-1.2.dist-info &&
		printf 'Metadata-Version: 2.1\nName: live\nVersion: 1.2\n' >python/live-1.2.dist-info/METADATA &&
		printf 'live/__init__.py,,\nlive/dead.py,,\nlive-1.2.dist-info/METADATA,,\nlive-1.2.dist-info/RECORD,,\n' \
			>python/live-1.2.dist-info/RECORD)
	zip_dir pkg layer.zip
	"$SLIM" layer.zip -q -o out/ --report json=report.json
	notes SLIM308 layer.zip 'no code of yours'
	[ -e out/python/live/dead.py ]
	"$SLIM" layer.zip -q -o out2/ --no-prune --report json=report.json
	notes_no SLIM308
}

@test "SLIM309: an extension module whose names cannot be read keeps its neighbours" {
	printf '#include <stddef.h>\nconst char names[] = "__pyx_ zlib";\nvoid *PyInit__fast(void) { return NULL; }\n' >fast.c
	cc -shared -fPIC -o fast.so fast.c
	plant live/__init__.py 'from . import _fast'
	cp fast.so pkg/live/_fast.cpython-313-x86_64-linux-gnu.so
	plant live/needed.py
	plant live/sub/dead.py
	install live live
	slims
	notes SLIM309 live/_fast.cpython-313-x86_64-linux-gnu.so 'cannot be read'
	[ -e out/live/needed.py ]
	[ ! -e out/live/sub ]
}

@test "SLIM310: a service whose name is computed keeps all of botocore's data" {
	plant botocore/__init__.py
	plant botocore/data/endpoints.json '{}'
	for service in s3 sqs sts; do
		large "botocore/data/$service/2006-03-01/service-2.json"
	done
	install botocore botocore
	plant app.py 'import botocore
def handler(event, context):
    return botocore.client("s3")'
	slims
	notes_no SLIM310
	holds_files out/botocore/data <<-EOF
		endpoints.json
		s3/2006-03-01/service-2.json
		sts/2006-03-01/service-2.json
	EOF
	plant app.py 'import botocore
def handler(event, context):
    return botocore.client(event["name"])'
	slims
	notes SLIM310 app.py 'in line 3 keeps 2 files'
	[ -e out/botocore/data/sqs ]
	plant app.py 'import botocore
def handler(event, context):
    pass'
	slims
	notes SLIM310 '' 'no call in sight'
	[ -e out/botocore/data/sqs ]
}

@test "SLIM311: a source that cannot be read keeps its neighbours" {
	plant live/__init__.py 'from . import bad'
	plant live/bad.py 'x = 1
y = """'
	plant live/beside.py
	plant live/sub/__init__.py
	plant live/sub/dead.py
	install live live
	slims
	notes SLIM311 live/bad.py 'line 2: '
	[ -e out/live/beside.py ]
	[ ! -e out/live/sub/dead.py ]
}

@test "slim why names the line of every step" {
	plant app.py 'import os

import live
def handler(event, context):
    pass'
	plant live/__init__.py '# 1
# 2
def f():
    from live import deep'
	plant live/deep.py '
x = "live.named:f"'
	plant live/named.py
	plant live/dead.py
	install live live
	"$SLIM" why pkg --handler app.handler --json live/named.py >why.json
	follows why.json '[s["edge"]["line"] for s in a["chain"][1:]] == [3, 4, 2] and [s["path"] for s in a["chain"]] == ["app.py", "live/__init__.py", "live/deep.py", "live/named.py"] and [s["edge"]["kind"] for s in a["chain"][1:]] == ["import", "import", "dynamic"]'
	run -0 "$SLIM" why pkg --handler app.handler live/dead.py
	[[ ${lines[0]} == "removed  live/dead.py"* ]]
}
