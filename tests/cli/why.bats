#!/usr/bin/env bats
# `slim why` and `slim rules`: reasons that can be followed, for what stays and what goes. The package is made so
# that the answers are the same whether or not a graph of all imports judges it.
# shellcheck disable=SC2154 # $stderr is set by run
bats_require_minimum_version 1.5.0

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	plant app.py 'import num'
	plant num/__init__.py $'"""num"""\nfrom num import _core, table\nfrom num.tests import helper'
	plant num/table.py $'def rows():\n    from num.tests import helper\n    return helper'
	plant num/tests/__init__.py ''
	plant num/tests/helper.py $'def help():\n    from num.tests import deep\n    return deep'
	plant num/tests/deep.py 'x = 1'
	plant num/tests/test_num.py 'import pytest'
	plant "num/tests/test_[it]'s.py" 'import pytest'
	plant num/tests/conftest.py 'import pytest'
	plant num.libs/notes.txt
	printf 'int answer(void);\nint answer(void) { return 42; }\n' >lib.c
	cc -g3 -shared -fPIC -o pkg/num/_core.so lib.c
	install num num num.libs
	zip_dir pkg pkg.zip
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_FILE_TMPDIR/pkg.zip" .
}

# Fails unless a line of the output matches the extended regular expression.
says() {
	grep -qE -- "$1" <<<"$output" || { echo "no '$1' in: $output" && false; }
}

@test "kept: the chain from a root, with the line of every step" {
	run -0 "$SLIM" why pkg.zip num/tests/helper.py
	[[ ${lines[0]} == "kept  num/tests/helper.py  "*" unzipped · "*" in zip" ]]
	says '^ +[^ ].* \(SLIM00[0-9]\)'
	says '└─ num/tests/helper\.py +[0-9].* num/(__init__\.py:3|table\.py:2)  '
	says '1 other reason \(--all\)'
	LC_ALL=C run -0 "$SLIM" why pkg.zip num/tests/helper.py
	says '`- num/tests/helper\.py'
	run ! grep -P '[^\x00-\x7F]' <<<"$output"
}

@test "kept: what runs in a function is marked" {
	run -0 "$SLIM" why pkg.zip num/tests/deep.py
	says '└─ num/tests/deep\.py .* num/tests/helper\.py:2  .* \(call\)$'
}

@test "removed: the reason, its rule, and how to keep it" {
	run -0 "$SLIM" why pkg.zip num/tests/test_num.py
	[[ ${lines[0]} == "removed  num/tests/test_num.py  "*"(SLIM204)" ]]
	says '^  tests/suite: .+'
	says 'No kept file reaches it'
	says "Keep it:  --keep '/num/tests/test_num\.py'  or in slim\.yaml:  keep: \[\"/num/tests/test_num\.py\"\]"
}

@test "removed: doing as it says keeps it, and nothing else" {
	run -0 "$SLIM" why pkg.zip "num/tests/test_[it]'s.py"
	flag=$(sed -n 's/.*Keep it:  --keep \(.*\)  or in slim.*/\1/p' <<<"$output")
	line=$(sed -n 's/.*or in slim.yaml:  //p' <<<"$output")
	eval "pattern=$flag"
	run -0 "$SLIM" why --keep "$pattern" pkg.zip "num/tests/test_[it]'s.py" num/tests/test_num.py
	says "^kept  num/tests/test_\[it\]'s\.py"
	says 'kept by --keep \(SLIM005\)'
	says '^removed  num/tests/test_num\.py'
	echo "$line" >slim.yaml
	run -0 "$SLIM" why pkg.zip "num/tests/test_[it]'s.py"
	says '^kept'
	says 'slim\.yaml:1'
}

@test "options of the plan count: --drop, --rules, environment" {
	run -0 "$SLIM" why pkg.zip num/table.py --drop num/table.py
	says '^removed .*\(SLIM214\)'
	says '^  num/table\.py$'
	SLIM_DROP=num/table.py run -0 "$SLIM" why pkg.zip num/table.py
	says '^removed'
	mkdir rules
	printf 'rules:\n  - id: my/rule\n    because: mine\n    in: anywhere\n    drop: [notes.txt]\n    reason: debris\n' >rules/my.yaml
	run -0 "$SLIM" why pkg.zip num.libs/notes.txt --rules rules
	says '^removed .*\(SLIM212\)'
	says '^  my/rule: mine$'
	run -2 "$SLIM" why pkg.zip num -o out.zip
	[[ $output == *"--help"* || $output == *"means nothing to 'why'"* ]]
	[ ! -e out.zip ]
}

@test "a distribution: what is kept and removed, and what it retains" {
	run -0 "$SLIM" why pkg.zip dist:Num
	says '^num 1\.2 \(distribution\): kept [0-9]+ files, .*; removed [0-9]+ files, '
	says '^  .*num/__init__\.py '
	"$SLIM" why pkg.zip dist:num --json --frees >why.json
	"$SLIM" pkg.zip --json >report.json
	python - <<-'EOF'
		import json
		a = json.load(open("why.json"))["answers"][0]
		files = [f for f in json.load(open("report.json"))["files"] if f["path"].startswith("num")]
		assert a["kept"]["files"] == sum(f["action"] != "drop" for f in files), a
		assert a["removed"]["files"] == sum(f["action"] == "drop" for f in files) > 0, a
		assert a["removed"]["unzipped"] == sum(f["before"] for f in files if f["action"] == "drop"), a
		assert (a["kind"], a["distribution"], a["version"]) == ("distribution", "num", "1.2"), a
	EOF
	follows why.json
}

@test "a module, a package, a directory, and the ends of a path or library" {
	run -0 "$SLIM" why pkg.zip num.tests.helper
	says '^kept  num/tests/helper\.py'
	run -0 "$SLIM" why pkg.zip module:num
	says '^num \(module\)|^module:num \(module\)'
	run -0 "$SLIM" why pkg.zip num
	says '\(module\): kept'
	says 'also stands for: distribution dist:num'
	run -0 "$SLIM" why pkg.zip num/tests/
	says '\(directory\): kept [0-9]+ files?, .*; removed'
	run -0 "$SLIM" why pkg.zip ./num.libs
	says 'num\.libs \(directory\): '
	run -0 "$SLIM" why pkg.zip tests/helper.py
	says '^kept  num/tests/helper\.py'
	for name in _core.so core.so core; do
		run -0 "$SLIM" why pkg.zip "$name"
		says '^kept  num/_core\.so .* once stripped'
	done
}

@test "no such name: the nearest ones, on standard error, exit 2" {
	run --separate-stderr -2 "$SLIM" why pkg.zip num/table.py nmu
	[ -z "$output" ]
	[[ $stderr == "slim: error: no file, module or distribution called 'nmu' in pkg.zip; did you mean: num, num.libs?" ]]
	run --separate-stderr -2 "$SLIM" why pkg.zip dist:nun
	[[ $stderr == *"called 'dist:nun' in pkg.zip; did you mean: num"* ]]
	run --separate-stderr -2 "$SLIM" why pkg.zip num.tests.helpr
	[[ $stderr == *"did you mean: num.tests.helper"* ]]
	run --separate-stderr -2 "$SLIM" why pkg.zip num/tests/test_nun.py
	[[ $stderr == *"did you mean: num/tests/test_num.py"* ]]
	for name in nothing-like-it / . '' dist: module: 'module:a/b' ../num $'\e[31m'; do
		run --separate-stderr -2 "$SLIM" why pkg.zip "$name"
		[[ $stderr == "slim: error: no file, module or distribution called '"*"' in pkg.zip"* ]]
	done
}

@test "no package, no name" {
	run -2 "$SLIM" why
	[[ $output == *"slim why PKG NAME..."* ]]
	run -2 "$SLIM" why pkg.zip
	[[ $output == *"slim why PKG NAME..."* ]]
	run -2 "$SLIM" why missing.zip num
}

@test "--all: every direct reason, each chain once" {
	run -0 "$SLIM" why pkg.zip num/tests/helper.py --all
	says 'Other reasons'
	says 'num/__init__\.py:3  '
	says 'num/table\.py:2  .*\(call\)'
	run ! grep 'other reason (--all)' <<<"$output"
	"$SLIM" why pkg.zip num/tests/helper.py num/tests/deep.py num --all --json >why.json
	follows why.json 'len(a["reasons"]) == a["other_reasons"] == 1'
}

@test "--frees: what goes along, and what is shared" {
	"$SLIM" why pkg.zip num/tests/helper.py --frees --json >why.json
	follows why.json 'a["retains"]["files"] == 2 and a["kept"]["files"] == 1'
	# The chain says the same as the dominator tree.
	follows why.json 'a["chain"][-1]["retains"] == a["retains"]["unzipped"]'
	run -0 "$SLIM" why pkg.zip num/tests/helper.py --frees
	says 'It retains 2 files'
	says '^    num  2 files, '
	# deep.py is shared once another file of ours uses it.
	printf 'from num.tests import deep\n' >other.py
	python -c 'import zipfile; zipfile.ZipFile("pkg.zip", "a").write("other.py")'
	"$SLIM" why pkg.zip num/tests/helper.py --frees --json >why.json
	follows why.json 'a["retains"]["files"] == 1 and [s["name"] for s in a["shares"]] == ["num"]'
	run -0 "$SLIM" why pkg.zip num/tests/helper.py --frees
	says 'It also uses, but shares'
}

@test "JSON follows the published schema" {
	for p in "$(python -c 'import sys; print(sys.executable)')" /usr/bin/python3; do
		"$p" -c 'import jsonschema' 2>/dev/null || continue
		"$SLIM" why pkg.zip num num/tests/helper.py core num.libs num/tests/test_num.py --json >plain.json
		"$SLIM" why pkg.zip num dist:num num/tests/helper.py app --json --all --frees >full.json
		"$p" - "$root/docs/why-schema.json" plain.json full.json <<-'EOF'
			import json, jsonschema, sys
			schema = json.load(open(sys.argv[1]))
			checker = jsonschema.validators.validator_for(schema)
			checker.check_schema(schema)
			for name in sys.argv[2:]:
			    checker(schema).validate(json.load(open(name)))
			# A validator that lets everything through is none.
			broken = json.load(open(sys.argv[2]))
			del broken["answers"][0]["chain"]
			assert list(checker(schema).iter_errors(broken))
		EOF
		return
	done
	skip "no Python has jsonschema"
}

@test "nothing is written, and threads change nothing" {
	chmod a-w .
	"$SLIM" why pkg.zip num num/tests/helper.py --all --frees --json -j1 >"$BATS_FILE_TMPDIR/one.json"
	"$SLIM" why pkg.zip num num/tests/helper.py --all --frees --json -j7 >"$BATS_FILE_TMPDIR/seven.json"
	chmod u+w .
	cmp "$BATS_FILE_TMPDIR/one.json" "$BATS_FILE_TMPDIR/seven.json"
	[ "$(ls)" = pkg.zip ]
}

@test "rules: all of them, each with its sentence and place" {
	run -0 "$SLIM" rules
	says '^tests/suite +drop  rules/tests\.yaml:[0-9]+:[0-9]+$'
	"$SLIM" rules --json >rules.json
	[ "$(grep -c ' - id: ' "$root"/rules/*.yaml | awk -F: '{ n += $2 } END { print n }')" -eq "$(grep -c '"id":' rules.json)" ]
	holds rules.json 'all(x["because"] and x["effect"] in ("drop", "keep") and "dropped" not in x for x in r["rules"])'
	mkdir rules
	printf 'rules:\n  - id: my/rule\n    because: mine\n    drop: [x]\n    reason: debris\n' >rules/my.yaml
	run -0 "$SLIM" rules --rules rules
	says '^my/rule '
}

@test "rules of a package: what each dropped is what the report says" {
	"$SLIM" rules pkg.zip --json >rules.json
	"$SLIM" pkg.zip --json >report.json
	python - <<-'EOF'
		import collections, json
		want = collections.defaultdict(lambda: [0, 0])
		for f in json.load(open("report.json"))["files"]:
		    if f["action"] == "drop" and f.get("via"):
		        want[f["via"]][0] += 1
		        want[f["via"]][1] += f["before"]
		rules = json.load(open("rules.json"))["rules"]
		got = {r["id"]: [r["dropped"]["files"], r["dropped"]["bytes"]] for r in rules if r["dropped"]["files"]}
		assert got == want and "tests/suite" in got, (got, want)
		sums = [sum(r[k]["bytes"] for k in ("dropped", "kept", "brought")) for r in rules]
		assert sums == sorted(sums, reverse=True), sums
	EOF
	run -0 "$SLIM" rules pkg.zip
	says '^tests/suite$'
	says '^      dropped +[0-9]'
}
