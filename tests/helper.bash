# shellcheck shell=bash
# What the bats tests share. Needs SLIM, the program under test; scripts/check sets it.

: "${SLIM:=$BATS_TEST_DIRNAME/../../build/slim}"
root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)

python() {
	: "${found_python:=$("$root/scripts/find-python")}"
	"$found_python" "$@"
}

# Fails unless the Python expression $2 holds for the JSON file $1, which it sees as `r`.
holds() {
	python - "$@" <<-'EOF'
		import json, sys
		r = json.load(open(sys.argv[1], encoding="utf-8"))
		if not eval(sys.argv[2]):
		    sys.exit(f"does not hold: {sys.argv[2]}")
	EOF
}

# Fails unless every file of directory $1 is named, one a line and sorted, on standard input.
holds_files() {
	diff -u - <(cd "$1" && find . -mindepth 1 ! -type d | sed 's,^\./,,' | LC_ALL=C sort)
}

# Zips directory $1 as $2 with Python.
zip_dir() {
	python - "$@" <<-'EOF'
		import os, sys, zipfile
		top, out = sys.argv[1:]
		with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
		    for base, dirs, files in os.walk(top):
		        dirs.sort()
		        for name in sorted(files):
		            z.write(os.path.join(base, name), os.path.relpath(os.path.join(base, name), top))
	EOF
}

# Bytes of all regular files below $1.
bytes_of() {
	find "$1" -type f -printf '%s\n' | awk '{ n += $1 } END { print n + 0 }'
}

# Makes the file $1 below pkg/, holding $2 (or its own name).
plant() {
	mkdir -p "pkg/$(dirname "$1")"
	printf '%s\n' "${2-# $1}" >"pkg/$1"
}

# A dist-info with METADATA, and a RECORD of what is there: install NAME FILE-PREFIX…
install() {
	local name=$1 info=pkg/$1-1.2.dist-info
	shift
	mkdir -p "$info"
	printf 'Metadata-Version: 2.1\nName: %s\nVersion: 1.2\n' "$name" >"$info/METADATA"
	echo pip >"$info/INSTALLER"
	printf 'Wheel-Version: 1.0\n' >"$info/WHEEL"
	(cd pkg && find "$@" "${info#pkg/}" -type f | sed 's/$/,,/' && echo "${info#pkg/}/RECORD,,") >"$info/RECORD"
}

# Fails unless every chain in $1, which `slim why --json` wrote, leads from a root to its file, and the Python
# expression $2 holds for its first answer `a`.
follows() {
	python - "$1" "${2-True}" <<-'EOF'
		import json, sys
		r = json.load(open(sys.argv[1], encoding="utf-8"))
		for a in r["answers"]:
		    if a["action"] == "drop":
		        assert a["reason"]["code"].startswith("SLIM2"), a
		        continue
		    told = set()
		    def follow(chain, end):
		        first = chain[0]
		        assert ("root" in first) != ("told" in first) and "edge" not in first, first
		        assert "told" not in first or first["path"] in told, first
		        assert "root" not in first or first["root"]["code"].startswith("SLIM0"), first
		        for before, step in zip(chain, chain[1:]):
		            assert step["edge"]["from"] == before["path"], (before, step)
		        assert chain[-1]["path"] == end, (chain, end)
		        told.update(step["path"] for step in chain)
		    follow(a["chain"], a["path"])
		    for reason in a.get("reasons", []):
		        follow(reason["chain"], reason["from"])
		    assert a["retains"]["files"] >= a["kept"]["files"], a
		    if "frees" in a:
		        assert sum(s["kept"]["unzipped"] for s in a["frees"]) == a["retains"]["unzipped"], a
		a = r["answers"][0]
		assert eval(sys.argv[2]), sys.argv[2]
	EOF
}

# shellcheck disable=SC2154 # run sets $stderr
refused() { # refused MESSAGE ARGUMENT…: exit 2, nothing on standard output, one line that says so
	local message=$1
	shift
	run --separate-stderr -2 "$SLIM" "$@"
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -eq 1 ]
	[[ $stderr == "slim: error: "*"$message"* ]] || { echo "$stderr" && false; }
}
