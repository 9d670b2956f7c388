#!/usr/bin/env bats
# The samples, from real wheels: what slim makes of them works, loads, is found by importlib.metadata, and is the same
# bytes whoever makes it.

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup_file() {
	work=$BATS_FILE_TMPDIR
	export work
	for name in orders-api sales-report; do
		"$root/scripts/wheels" "$work/$name" "$name" || {
			[ $? -eq 3 ] || return 1
			export OFFLINE=yes
			return 0
		}
		zip_dir "$work/$name" "$work/$name.zip"
		"$SLIM" "$work/$name.zip" -o "$work/$name.fast.zip"
		unpack "$work/$name.fast.zip" "$work/$name.fast"
	done
}

setup() {
	[ -z "${OFFLINE:-}" ] || skip "PyPI cannot be reached"
	work=$BATS_FILE_TMPDIR
}

unpack() {
	rm -rf "$2"
	unzip -q "$1" -d "$2"
}

run_sample() { # the result of sample $1's handler from the package in $2
	python -I -S "$root/tests/survival/run_handler.py" "$2" app.handler "$root/samples/$1/event.json"
}

can_run() {
	[ "$(uname -m)" = x86_64 ] || skip "the packages are for x86-64"
}

each() { # calls $1 with each sample's name
	"$1" orders-api
	"$1" sales-report
}

@test "the handlers give the same result" {
	can_run
	same() {
		run_sample "$1" "$work/$1" >"$work/$1.json"
		run_sample "$1" "$work/$1.fast" | cmp - "$work/$1.json"
	}
	each same
}

@test "they are smaller" {
	smaller() {
		[ "$(bytes_of "$work/$1.fast")" -lt "$(($(bytes_of "$work/$1") * 8 / 10))" ]
	}
	each smaller
}

@test "every shared object loads as before" {
	can_run
	alike() {
		python -I -S "$root/tests/survival/load_alike.py" "$work/$1" "$work/$1.fast"
	}
	each alike
}

@test "importlib.metadata finds versions, entry points and files" {
	found() {
		python -I -S "$root/tests/survival/metadata.py" "$work/$1" >"$work/before.txt"
		python -I -S "$root/tests/survival/metadata.py" "$work/$1.fast" >"$work/after.txt"
		cmp "$work/before.txt" "$work/after.txt"
	}
	each found
}

@test "a second pass changes nothing" {
	again() {
		"$SLIM" "$work/$1.fast.zip" -o "$work/again.zip" -f
		cmp "$work/$1.fast.zip" "$work/again.zip"
	}
	each again
}

@test "time zone, umask and threads change nothing" {
	vary() {
		(umask 077 && TZ=Asia/Kathmandu LC_ALL=C "$SLIM" "$work/$1.zip" -j1 -o "$work/vary.zip" -f)
		cmp "$work/$1.fast.zip" "$work/vary.zip"
		TZ=America/St_Johns "$SLIM" "$work/$1.zip" -j7 -o "$work/vary.zip" -f
		cmp "$work/$1.fast.zip" "$work/vary.zip"
	}
	each vary
}

@test "--zip small is smaller still, and works" {
	can_run
	small() {
		"$SLIM" "$work/$1.zip" --zip small -o "$work/$1.small.zip"
		[ "$(stat -c %s "$work/$1.small.zip")" -lt "$(stat -c %s "$work/$1.fast.zip")" ]
		# It takes the smallest strip that saves too, so contents are compared without strip.
		for zip in fast small; do
			"$SLIM" "$work/$1.zip" --zip "$zip" --strip off -q -o "$work/$zip.zip"
			unpack "$work/$zip.zip" "$work/$zip"
		done
		diff -r "$work/fast" "$work/small"
		unpack "$work/$1.small.zip" "$work/small"
		python -I -S "$root/tests/survival/load_alike.py" "$work/$1" "$work/small"
		run_sample "$1" "$work/$1" >"$work/$1.json"
		run_sample "$1" "$work/small" | cmp - "$work/$1.json"
		"$SLIM" "$work/$1.small.zip" --zip small -o "$work/again.zip" -f
		cmp "$work/$1.small.zip" "$work/again.zip"
	}
	each small
}

@test "--zip canonical does not depend on who zipped the input" {
	name=orders-api
	"$SLIM" "$work/$name.zip" --zip canonical -o "$work/canonical.zip"
	"$SLIM" "$work/canonical.zip" --zip canonical -j1 -o "$work/again.zip" -f
	cmp "$work/canonical.zip" "$work/again.zip"
	cd "$work/$name"
	find . -type f | LC_ALL=C sort -r | zip -q -1 -@ "$work/info-zip.zip"
	bsdtar --format zip -cf "$work/bsdtar.zip" ./*
	bsdtar -czf "$work/tar.tgz" ./*
	for other in info-zip.zip bsdtar.zip tar.tgz; do
		"$SLIM" "$work/$other" --zip canonical -o "$work/other.zip" -f
		cmp "$work/canonical.zip" "$work/other.zip"
	done
	"$SLIM" . --zip canonical -o "$work/other.zip" -f
	cmp "$work/canonical.zip" "$work/other.zip"
}

@test "other readers read the result" {
	readable() {
		unzip -tqq "$work/$1.fast.zip"
		[ "$(bsdtar -tf "$work/$1.fast.zip" | wc -l)" -eq "$(unzip -Z1 "$work/$1.fast.zip" | wc -l)" ]
		bsdtar -xOf "$work/$1.fast.zip" >/dev/null
		python -c 'import sys, zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip())' "$work/$1.fast.zip"
	}
	each readable
}

@test "headers are exactly 76 bytes and twice the name a file, and 22" {
	minimal() {
		python - "$work/$1.fast.zip" <<-'EOF'
			import os, sys, zipfile
			infos = zipfile.ZipFile(sys.argv[1]).infolist()
			want = sum(76 + 2 * len(i.orig_filename.encode()) + i.compress_size for i in infos) + 22
			assert os.path.getsize(sys.argv[1]) == want, (os.path.getsize(sys.argv[1]), want)
			assert all(i.date_time == (1980, 1, 1, 0, 0, 0) and i.extract_version == 20 for i in infos)
			assert [i.filename for i in infos] == sorted(i.filename for i in infos)
		EOF
	}
	each minimal
}

@test "every kept file has a chain that ends at a root, every removed file a reason" {
	reasoned() {
		"$SLIM" "$work/$1.zip" --json >"$work/report.json"
		python - "$work/report.json" <<-'EOF'
			import json, sys
			files = {f["path"]: f for f in json.load(open(sys.argv[1], encoding="utf-8"))["files"]}
			sound = set()
			for path, f in files.items():
			    if f["action"] == "drop":
			        assert f["code"].startswith("SLIM2") and "parent" not in f, f
			        assert f["code"] == "SLIM201" or f["via"], f
			        continue
			    way = []
			    while path not in sound and "parent" in files[path]:
			        assert path not in way and files[path]["action"] != "drop", (path, way)
			        way.append(path)
			        path = files[path]["parent"]
			    root = files[path]
			    assert path in sound or root["action"] != "drop" and root["code"].startswith("SLIM0"), root
			    sound.update(way, [path])
			assert len(sound) > 100
		EOF
	}
	each reasoned
}

@test "slim why tells the same chain, and what a file retains is what --frees counts" {
	told() {
		"$SLIM" "$work/$1.zip" --json >"$work/report.json"
		python - "$work/report.json" >"$work/names" <<-'EOF'
			import json, random, sys
			files = json.load(open(sys.argv[1], encoding="utf-8"))["files"]
			print(*(f["path"] for f in random.Random(1).sample(files, 60)), sep="\n")
		EOF
		mapfile -t names <"$work/names"
		"$SLIM" why "$work/$1.zip" "${names[@]}" --all --frees --json >"$work/why.json"
		follows "$work/why.json" 'len(r["answers"]) == 60'
		python - "$work/report.json" "$work/why.json" <<-'EOF'
			import json, sys
			report, why = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
			files = {f["path"]: f for f in report["files"]}
			for a in why["answers"]:
			    f = files[a["asked"]]
			    assert a["path"] == a["asked"] and (a["action"] == "drop") == (f["action"] == "drop"), a
			    if a["action"] == "drop":
			        assert (a["reason"]["code"], a["reason"].get("via")) == (f["code"], f.get("via")), (a, f)
			        continue
			    chain = a["chain"]
			    assert chain[-1]["retains"] == a["retains"]["unzipped"], a
			    for step, before in zip(reversed(chain), reversed([None] + chain[:-1])):
			        f = files[step["path"]]
			        assert f.get("parent") == (before and before["path"]), (step, f)
			        assert "edge" not in step or step["edge"]["line"] == f["line"], (step, f)
			        assert "edge" not in step or step["edge"].get("via") == f.get("via"), (step, f)
		EOF
	}
	each told
}
