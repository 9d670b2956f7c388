#!/usr/bin/env bats
# Shared objects of distributions that nothing loads go; what may be opened in a way that no name tells stays.
bats_require_minimum_version 1.5.0

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	plant lambda_function.py 'import composing, opener, opener_names, plain
def lambda_handler(event, context):
    return opener.answer(composing.path("drv"))'
	plant opener.py 'import ctypes
def answer(path):
    return ctypes.CDLL(path).answer()'
	plant composing/__init__.py 'import os
def path(name):
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), f"lib{name}.so")'
	plant held/__init__.py 'dependencies = []'
	plant held/unused.py
	plant opener_names.py 'LIBRARY = "libheld.so"'
	plant plain/__init__.py 'import os
here = os.path.dirname(__file__)'
	printf 'int answer(void) { return 42; }\n' >answer.c
	mkdir -p pkg/held/lib pkg/plain/{lib,plugins/deep,x_plugins}
	for name in plain/lib/nobody.so plain/addon.node plain/mca_tcp plain/plugins/deep/one.so \
		plain/x_plugins/two.so.1 composing/libdrv.so composing/nobody.so held/lib/libheld.so; do
		cc -shared -fPIC -o "pkg/$name" answer.c
	done
	install opener opener.py opener_names.py
	install held held
	install plain plain
	install composing composing
	zip_dir pkg pkg.zip
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_FILE_TMPDIR/pkg.zip" .
}

fates() {
	"$SLIM" pkg.zip --json -vv --no-config --handler lambda_function.lambda_handler --runtime python3.11 |
		python -c 'import json, sys
for f in json.load(sys.stdin)["files"]:
    if f["path"].rpartition(".")[2] in ("so", "1", "node") or "mca" in f["path"] or f["path"][:5] == "held/":
        print("drop" if f["action"] == "drop" else "keep", f["path"])'
}

@test "what nothing opens goes; plugins, what has another name, and the package of what is opened stay" {
	run -0 fates
	diff -u - <(printf '%s\n' "$output" | LC_ALL=C sort) <<-'EOF'
		drop composing/nobody.so
		drop held/unused.py
		drop plain/lib/nobody.so
		keep composing/libdrv.so
		keep held/__init__.py
		keep held/lib/libheld.so
		keep plain/addon.node
		keep plain/mca_tcp
		keep plain/plugins/deep/one.so
		keep plain/x_plugins/two.so.1
	EOF
}
