#!/usr/bin/env bats
# --link: copies of one library become symbolic links, in the zip and in a directory, and what loads them
# cannot tell.
# shellcheck disable=SC2016 # $ORIGIN is for the linker
bats_require_minimum_version 1.5.0

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	plant lambda_function.py 'import ctypes, os, native
def lambda_handler(event, context):
    return native.answer()'
	plant native/__init__.py 'import ctypes, os
here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib")
consumer = ctypes.CDLL(os.path.join(here, "libconsumer.so"))
def answer():
    # By path under each name, and by soname through the consumer: one library, one counter.
    names = ["libfoo.so", "libfoo.so.1", "libfoo.so.1.2.3"]
    return [ctypes.CDLL(os.path.join(here, n)).count() for n in names] + [consumer.ask()]'
	printf 'static int n; char pad[20000] = "x"; int count(void) { return ++n; }\n' >foo.c
	printf 'int count(void); int ask(void) { return count(); }\n' >consumer.c
	mkdir -p pkg/native/lib
	cc -g3 -shared -fPIC -Wl,-soname,libfoo.so.1 -o pkg/native/lib/libfoo.so.1.2.3 foo.c
	cp pkg/native/lib/libfoo.so.1.2.3 pkg/native/lib/libfoo.so.1
	cp pkg/native/lib/libfoo.so.1.2.3 pkg/native/lib/libfoo.so
	cc -g3 -shared -fPIC '-Wl,-rpath,$ORIGIN' -o pkg/native/lib/libconsumer.so consumer.c pkg/native/lib/libfoo.so
	install native native
	hash_record
	zip_dir pkg pkg.zip
}

hash_record() { # RECORD as pip writes it, with hashes and sizes
	python - <<-'EOF'
		import base64, hashlib, os
		record = "pkg/native-1.2.dist-info/RECORD"
		rows = []
		for line in open(record):
		    path = line.split(",")[0]
		    if path.endswith("/RECORD"):
		        rows.append(f"{path},,\n")
		        continue
		    data = open(os.path.join("pkg", path), "rb").read()
		    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
		    rows.append(f"{path},sha256={digest},{len(data)}\n")
		open(record, "w").writelines(rows)
	EOF
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	cp "$BATS_FILE_TMPDIR/pkg.zip" .
}

lib=native/lib

links_in() { # "NAME TARGET" of every link below $1
	(cd "$1" && find . -type l -printf '%P %l\n' | LC_ALL=C sort)
}

made_links() { # the two names in $1 are links to the third, and nothing else is one
	diff <(links_in "$1") - <<-EOF
		$lib/libfoo.so libfoo.so.1.2.3
		$lib/libfoo.so.1 libfoo.so.1.2.3
	EOF
	[ -f "$1/$lib/libfoo.so.1.2.3" ]
	[ ! -L "$1/$lib/libfoo.so.1.2.3" ]
}

answer() { # what the handler in $1 answers
	(cd "$1" && python -B -c 'import lambda_function; print(lambda_function.lambda_handler({}, None))')
}

python_unzip() { # as an unpacker does that knows links
	python - "$@" <<-'EOF'
		import os, stat, sys, zipfile
		with zipfile.ZipFile(sys.argv[1]) as z:
		    assert z.testzip() is None
		    for info in z.infolist():
		        path = os.path.join(sys.argv[2], info.filename)
		        os.makedirs(os.path.dirname(path), exist_ok=True)
		        mode = info.external_attr >> 16
		        if stat.S_ISLNK(mode):
		            assert mode == 0o120777 and info.compress_type == zipfile.ZIP_STORED, info
		            assert info.create_system == 3 and info.flag_bits == 0, info
		            os.symlink(z.read(info).decode(), path)
		        else:
		            open(path, "wb").write(z.read(info))
	EOF
}

@test "copies become links to the most specific name, in a zip that every unpacker reads" {
	"$SLIM" pkg.zip -o out.zip
	unzip -q out.zip -d unzip
	mkdir bsdtar
	bsdtar -xf out.zip -C bsdtar
	python_unzip out.zip python
	for by in unzip bsdtar python; do
		made_links "$by"
	done
	diff -r unzip bsdtar
	diff -r unzip python
}

@test "a directory gets real links, and holds what the zip does" {
	"$SLIM" pkg.zip -o out.zip
	"$SLIM" pkg.zip -o out/
	made_links out
	unzip -q out.zip -d unzip
	diff -r --no-dereference out unzip
}

@test "what loads the library by path or by soname finds it, once" {
	mkdir in
	unzip -q pkg.zip -d in
	"$SLIM" pkg.zip -o out.zip
	unzip -q out.zip -d out
	# As files they are three libraries; ctypes and the consumer share the one that has the soname.
	[ "$(answer in)" = '[1, 1, 1, 2]' ]
	[ "$(answer out)" = '[1, 2, 3, 4]' ]
}

@test "--link off leaves copies; so do slim.yaml and the environment" {
	for way in option environment file; do
		case $way in
		option) "$SLIM" pkg.zip --link off -o "$way/" --json >report.json ;;
		environment) SLIM_LINK=off "$SLIM" pkg.zip -o "$way/" --json >report.json ;;
		file)
			echo 'link: off' >slim.yaml
			"$SLIM" pkg.zip --config slim.yaml -o "$way/" --json >report.json
			;;
		esac
		[ -z "$(links_in "$way")" ]
		cmp "$way/$lib/libfoo.so" "$way/$lib/libfoo.so.1.2.3"
		holds report.json 'not any(x["code"] == "SLIM222" for x in r["reasons"] + r["notes"])'
		holds report.json 'not any(f["action"] == "link" for f in r["files"])'
	done
	"$SLIM" pkg.zip --config slim.yaml --link auto -o stronger/
	made_links stronger
	run -2 "$SLIM" pkg.zip --link on
	[[ $output == *"auto"*"off"* ]]
}

@test "the report says so, to the byte, and says what SAM and CDK do with links" {
	"$SLIM" pkg.zip --strip off -o out.zip --json --report text=out.txt --report out.md >report.json
	size=$(unzip -p pkg.zip "$lib/libfoo.so" | wc -c)
	holds report.json '[f["path"] for f in r["files"] if f["action"] == "link"] == ["native/lib/libfoo.so", "native/lib/libfoo.so.1"]'
	holds report.json 'all(f["link"] == "libfoo.so.1.2.3" for f in r["files"] if f["action"] == "link")'
	holds report.json 'sum("link" in f for f in r["files"]) == 2'
	holds report.json 'all(f["after"] == len("libfoo.so.1.2.3") for f in r["files"] if f["action"] == "link")'
	holds report.json "[(x['files'], x['changed'], x['bytes']) for x in r['reasons'] if x['code'] == 'SLIM222'] == [(0, 2, 2 * ($size - 15))]"
	holds report.json 'sum(f["after"] for f in r["files"]) == r["totals"]["after"]["unzipped"]'
	unzip -q out.zip -d out
	holds report.json "$(find out ! -type d | wc -l) == r['totals']['after']['files']"
	holds report.json '[n["code"] for n in r["notes"]] == ["SLIM222"]'
	holds report.json 'all(w in r["notes"][0]["text"] for w in ("2 links", "SAM", "CDK"))'
	grep -q 'copies turned into links (in 2)  .*SLIM222' out.txt
	grep -q 'SAM or CDK' out.txt
	grep -q 'copies turned into links (in 2) .*SLIM222' out.md
	"$SLIM" pkg.zip -o dir/ --json >dir.json
	holds dir.json '".zip" in next(n for n in r["notes"] if n["code"] == "SLIM222")["cure"]'
	"$SLIM" pkg.zip -vv | grep -q 'libfoo.so.1  .*linked to libfoo.so.1.2.3'
}

@test "slim why tells of the link" {
	"$SLIM" why pkg.zip libfoo.so.1 | grep -q 'linked to libfoo.so.1.2.3'
	"$SLIM" why pkg.zip libfoo.so.1 --json >why.json
	follows why.json 'a["link"] == "libfoo.so.1.2.3" and a["kept"]["unzipped"] == 15'
	"$SLIM" why pkg.zip libfoo.so.1.2.3 --json >why.json
	follows why.json '"link" not in a'
}

@test "RECORD keeps the hash while the bytes behind the name are the same" {
	"$SLIM" pkg.zip --strip off -o same/
	diff <(grep libfoo same/native-1.2.dist-info/RECORD) \
		<(unzip -p pkg.zip native-1.2.dist-info/RECORD | grep libfoo)
	"$SLIM" pkg.zip --zip canonical -o out.zip
	unzip -q out.zip -d stripped
	[ "$(grep -c '^native/lib/libfoo[^,]*,,$' stripped/native-1.2.dist-info/RECORD)" -eq 3 ]
	[ "$(stat -c %s stripped/$lib/libfoo.so.1.2.3)" -lt "$(stat -c %s same/$lib/libfoo.so.1.2.3)" ]
}

@test "a second pass changes nothing, and all zips are reproducible" {
	for mode in fast small canonical; do
		"$SLIM" pkg.zip --zip "$mode" -o first.zip
		"$SLIM" pkg.zip --zip "$mode" -j 1 -o again.zip
		cmp first.zip again.zip
		"$SLIM" first.zip --zip "$mode" -o second.zip --json >report.json
		cmp first.zip second.zip
		holds report.json 'not any(x["code"] == "SLIM222" for x in r["reasons"] + r["notes"])'
	done
	"$SLIM" pkg.zip -o dir/
	"$SLIM" dir -o dir2/
	diff -r --no-dereference dir dir2
}

@test "links of the input stay as they are, also those to what becomes a link" {
	unzip -q pkg.zip -d in
	ln -s libfoo.so.1 "in/$lib/libbar.so"
	ln -sf libfoo.so.1.2.3 "in/$lib/libfoo.so"
	echo 'import native; native.lib = "libbar.so"' >>in/lambda_function.py
	"$SLIM" in --no-prune -o out/
	diff <(links_in out) - <<-EOF
		$lib/libbar.so libfoo.so.1
		$lib/libfoo.so libfoo.so.1.2.3
		$lib/libfoo.so.1 libfoo.so.1.2.3
	EOF
	cmp "out/$lib/libbar.so" "out/$lib/libfoo.so.1.2.3"
}

@test "when the user drops the real one, another becomes it" {
	"$SLIM" pkg.zip --drop libfoo.so.1.2.3 -o out/
	[ "$(links_in out)" = "$lib/libfoo.so libfoo.so.1" ]
	[ ! -e "out/$lib/libfoo.so.1.2.3" ]
	"$SLIM" pkg.zip --drop libfoo.so.1 --drop libfoo.so.1.2.3 -o one/
	[ -z "$(links_in one)" ]
	[ -f "one/$lib/libfoo.so" ]
}

@test "what --keep names stays a file" {
	"$SLIM" pkg.zip --keep libfoo.so.1 -o out/
	[ "$(links_in out)" = "$lib/libfoo.so libfoo.so.1.2.3" ]
	"$SLIM" pkg.zip --keep libfoo.so.1.2.3 -o real/
	made_links real
}

@test "a wheel gets no links: installers write them as text" {
	"$SLIM" pkg.zip -o native-1.2-py3-none-any.whl
	unzip -q native-1.2-py3-none-any.whl -d out
	[ -z "$(links_in out)" ]
	[ -f "out/$lib/libfoo.so.1" ]
}

@test "no links: modules, other names, other directories, other bytes, data, programs, guarded files" {
	unzip -q pkg.zip -d in
	mkdir in/own in/own/deeper
	echo 'void *PyInit_ext(void) { return 0; }' >ext.c
	cc -shared -fPIC -o in/own/ext.so ext.c
	cp in/own/ext.so in/own/ext.so.1
	cp in/own/ext.so in/own/ext.cpython-312-x86_64-linux-gnu.so
	real=in/$lib/libfoo.so.1.2.3
	cp "$real" in/own/libplugin_a.so
	cp "$real" in/own/libplugin_b.so
	cp "$real" in/own/libdeep.so.1
	cp "$real" in/own/deeper/libdeep.so
	cp "$real" in/own/libbytes.so
	cp in/own/libbytes.so in/own/libbytes.so.1
	printf '\001' | dd of=in/own/libbytes.so.1 bs=1 seek="$(($(stat -c %s in/own/libbytes.so) - 1))" conv=notrunc status=none
	! cmp -s in/own/libbytes.so in/own/libbytes.so.1 || false
	seq 2000 >in/own/libtext.so
	cp in/own/libtext.so in/own/libtext.so.1
	echo 'int main(void) { return 0; }' >main.c
	cc -no-pie -o in/own/prog.so main.c
	cp in/own/prog.so in/own/prog.so.1
	cp "$real" in/own/libsafe.so.1
	cp "$real" in/own/libsafe.so.1.2
	touch in/own/.libsafe.so.1.hmac
	"$SLIM" in -o out/
	[ -z "$(links_in out/own)" ]
	made_links out
	# The same files are links where nothing speaks against it.
	rm in/own/.libsafe.so.1.hmac
	"$SLIM" in -o again/
	[ "$(links_in again/own)" = 'libsafe.so.1 libsafe.so.1.2' ]
}

@test "names that Python does not import may be links, whatever they define; those it imports stay" {
	unzip -q pkg.zip -d in
	mkdir in/own
	echo 'void *PyInit_ext(void) { return 0; }' >ext.c
	cc -shared -fPIC -o in/own/ext.so ext.c
	cp in/own/ext.so in/own/libext.so
	for name in ext libext; do
		cp in/own/ext.so "in/own/$name.so.1"
		cp in/own/ext.so "in/own/$name.so.1.2"
	done
	"$SLIM" in -o out/
	diff <(links_in out/own) - <<-EOF
		ext.so.1 ext.so.1.2
		libext.so.1 libext.so.1.2
	EOF
}

@test "three names of two contents of one size, and names of 255 bytes" {
	unzip -q pkg.zip -d in
	mkdir in/own
	real=in/$lib/libfoo.so.1.2.3
	for name in libtwo.so libtwo.so.1 libtwo.so.1.0; do
		cp "$real" "in/own/$name"
	done
	for name in libtwo.so.2 libtwo.so.2.0 libtwo.so.2.0.0; do
		cp "$real" "in/own/$name"
		printf '\001' | dd of="in/own/$name" bs=1 seek="$(($(stat -c %s "$real") - 1))" conv=notrunc status=none
	done
	long=$(printf 'l%.0s' {1..247})
	cp "$real" "in/own/$long.so.1234"
	cp "$real" "in/own/$long.so.1"
	"$SLIM" in -o out.zip
	unzip -q out.zip -d out
	diff <(links_in out/own) - <<-EOF
		libtwo.so libtwo.so.1.0
		libtwo.so.1 libtwo.so.1.0
		libtwo.so.2 libtwo.so.2.0.0
		libtwo.so.2.0 libtwo.so.2.0.0
		$long.so.1 $long.so.1234
	EOF
	cmp "out/own/$long.so.1" "out/own/$long.so.1234"
	"$SLIM" in -o dir/
	diff -r --no-dereference out dir
	python_unzip out.zip python
	diff -r --no-dereference out python
}

@test "copies give the very zip that links give" {
	mkdir copies
	seq 40000 >copies/data.txt
	# Too large together, with its copy, for the level that one alone gets.
	echo 'char pad[9000000] = "x";' >large.c
	cc -shared -fPIC -o copies/liblarge.so.1 large.c
	cp -r copies links
	cp copies/liblarge.so.1 copies/liblarge.so
	ln -s liblarge.so.1 links/liblarge.so
	"$SLIM" copies -o copies.zip
	"$SLIM" links -o links.zip
	cmp copies.zip links.zip
}
