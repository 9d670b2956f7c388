#!/usr/bin/env bats
# Shared objects as users meet them: which go because they never load or because nothing loads them, and what is told
# before the deploy of those that will fail. Everything is linked here; no file runs.
# shellcheck disable=SC2016,SC2030,SC2031 # $ORIGIN is for the linker; each test has variables of its own
bats_require_minimum_version 1.5.0

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

case $(uname -m) in
aarch64) arch=arm64 cpu=aarch64 other_arch=x86_64 other_cpu=x86_64 other_machine='\x3e\x00' ;;
*) arch=x86_64 cpu=x86_64 other_arch=arm64 other_cpu=aarch64 other_machine='\xb7\x00' ;;
esac
target=(--runtime python3.13 --arch "$arch" --handler app.handler)

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	plant app.py 'import native
def handler(event, context):
    return native.answer()'
	plant native/__init__.py '"""Fast."""
from native import _fast'
}

# Shared object $1 below pkg/ that defines the function $2 and is linked with the rest: nothing of this system is in it.
lib() {
	local out=pkg/$1 symbol=$2
	shift 2
	mkdir -p "$(dirname "$out")"
	echo "int $symbol(void) { return 0; }" >lib.c
	cc -shared -fPIC -nostdlib -Wl,--no-as-needed -o "$out" lib.c "$@"
}

# The extension module native/_fast for CPython 3.13.
fast() {
	lib "native/_fast.cpython-313-$cpu-linux-gnu.so" PyInit__fast "$@"
}

# A library to link with that only has its soname.
stub() {
	echo 'int stub;' >stub.c
	cc -shared -fPIC -nostdlib -Wl,-soname,"$1" -o "stub-$1" stub.c
	echo "stub-$1"
}

# The shared objects $@ become ones for the other machine.
foreign() {
	local file
	for file; do
		# shellcheck disable=SC2059 # it is a format
		printf "$other_machine" | dd of="pkg/$file" bs=1 seek=18 conv=notrunc status=none
	done
}

# The package as a distribution that brings native/ and what else is named, and the report on it; the note of code $2
# is then in $note as "path: text | cure". Zip and directory say the same.
report() {
	[ -e pkg/native-1.2.dist-info ] || install native native "$@"
	"$SLIM" pkg "${target[@]}" --json >report.json
	rm -f pkg.zip
	zip_dir pkg pkg.zip
	"$SLIM" pkg.zip "${target[@]}" --json -o out.zip -f >zip.json
	diff <(notes report.json) <(notes zip.json)
	notes report.json
}

notes() {
	python - "$1" <<-'EOF'
		import json, sys
		for n in json.load(open(sys.argv[1], encoding="utf-8"))["notes"]:
		    path = "" if n["path"] in ("pkg", "pkg.zip") else n["path"]
		    print(n["code"], n["level"] + ":", path + ":", n["text"], "|", n["cure"].replace("pkg.zip", "pkg"))
	EOF
}

# Fails unless exactly one note has the code $1 (with its level, "SLIM123 error"), and has every other argument in it.
told() {
	local said code=$1
	shift
	said=$(notes report.json | grep "^$code: ") || { notes report.json && false; }
	[ "$(wc -l <<<"$said")" -eq 1 ]
	for word; do
		[[ $said == *"$word"* ]] || { echo "$said" && false; }
	done
}

# Fails where a note has one of the codes.
silent() {
	local code
	for code; do
		! notes report.json | grep "^$code " || false
	done
}

kept() { # kept FILE…: exactly these shared objects, sorted
	diff -u <([ $# -eq 0 ] || printf '%s\n' "$@") <(unzip -Z1 out.zip | grep '\.so' | LC_ALL=C sort)
}

code_of() { # why the file $1 goes
	python - report.json "$1" <<-'EOF'
		import json, sys
		print(next(f for f in json.load(open(sys.argv[1]))["files"] if f["path"] == sys.argv[2])["code"])
	EOF
}

# --- what will fail ---------------------------------------------------------------------------------------------------

@test "a library that nobody has: which file, which import, and how to mend it, in one line" {
	fast "$(stub libnowhere.so.1)"
	report
	told 'SLIM123 error' "_fast.cpython-313-$cpu-linux-gnu.so: needs libnowhere.so.1, which neither the package nor" \
		'python3.13 (Amazon Linux 2023) has' 'reached by app.py:1 (import native) > native/__init__.py:2' \
		'| install a wheel that carries the library'
	run -1 "$SLIM" pkg "${target[@]}" --strict
	run -0 "$SLIM" pkg "${target[@]}"
	[ "$(grep -c 'needs libnowhere' <<<"$output")" -eq 1 ]
}

@test "the same behind try: good to know, and no failure" {
	fast "$(stub libnowhere.so.1)"
	plant native/__init__.py 'try:
    from native import _fast
except ImportError:
    _fast = None'
	report
	silent SLIM123
	told 'SLIM316 note' 'needs libnowhere.so.1' 'reached by app.py:1 (import native) > native/__init__.py:2'
	run -0 "$SLIM" pkg "${target[@]}" --strict
}

@test "a library that a library needs: the chain ends at the module, the text names both" {
	lib native.libs/libmiddle.so middle -Wl,-soname,libmiddle.so "$(stub libGL.so.1)"
	fast pkg/native.libs/libmiddle.so -Wl,--disable-new-dtags,-rpath,'$ORIGIN/../native.libs'
	report native.libs
	told 'SLIM123 error' 'needs libGL.so.1 (for native.libs/libmiddle.so)' 'reached by app.py:1' \
		'| install a build that needs no display'
}

@test "a library where the loader does not look" {
	lib native/deep/libown.so own -Wl,-soname,libown.so
	fast pkg/native/deep/libown.so
	report
	told 'SLIM123 error' 'the loader does not look where the package has it: native/deep/libown.so' \
		"patchelf --force-rpath --set-rpath '\$ORIGIN/...'"
	kept "native/_fast.cpython-313-$cpu-linux-gnu.so" native/deep/libown.so
	# In lib/ of the package and of a layer it looks.
	mkdir pkg/lib
	mv pkg/native/deep/libown.so pkg/lib/
	rm -r pkg/native-1.2.dist-info
	report
	silent SLIM123
	rm pkg/lib/libown.so
	run -1 "$SLIM" pkg "${target[@]}" --strict
}

@test "LD_LIBRARY_PATH that the function sets: by option, or told by the template" {
	lib native/deep/libown.so own -Wl,-soname,libown.so
	fast pkg/native/deep/libown.so
	target+=(--ld-library-path /lib64:/var/task/native/deep)
	report
	silent SLIM123 SLIM313
	target=(--handler app.handler)
	cat >template.yaml <<-EOF
		Resources:
		  One:
		    Type: AWS::Serverless::Function
		    Properties:
		      Handler: app.handler
		      Runtime: python3.13
		      Architectures: [$arch]
		      CodeUri: pkg
		      Environment:
		        Variables:
		          LD_LIBRARY_PATH: /lib64:/var/task/native/deep
	EOF
	"$SLIM" pkg --json >report.json
	silent SLIM123 SLIM313
	sed -i s,native/deep,elsewhere, template.yaml
	"$SLIM" pkg --json >report.json
	told 'SLIM123 error' 'needs libown.so'
}

# fast_wants VERSION FUNCTION [LIBRARY]: of libc.so.6
fast_wants() {
	local from=${3-libc.so.6}
	echo "int $2(void) { return 0; }" >libc.c
	printf '%s { global: %s; };\n' "$1" "$2" >libc.map
	cc -shared -fPIC -nostdlib -Wl,-soname,"$from" -Wl,--version-script,libc.map -o "stub-$1" libc.c
	echo "int $2(void); int call_$2(void) { return $2(); }" >call.c
	cc -c -fPIC -o call.o call.c
	fast call.o "stub-$1"
}

@test "a symbol version that is too new: which one, for which symbol, and what the runtime has" {
	fast_wants GLIBC_2.38 __isoc23_strtol
	report
	told 'SLIM124 error' 'needs GLIBC_2.38 of libc.so.6 (for __isoc23_strtol)' \
		'and python3.13 (Amazon Linux 2023) has GLIBC_2.34 at most' 'reached by app.py:1 (import native)' \
		'at most manylinux_2_34'
	run -1 "$SLIM" pkg "${target[@]}" --strict
}

@test "a symbol version that Amazon Linux 2 has not, and 2023 has" {
	fast_wants GLIBC_2.28 fcntl64
	report
	silent SLIM124
	"$SLIM" pkg "${target[@]}" --runtime python3.11 --json >report.json
	mv "pkg/native/_fast.cpython-313-$cpu-linux-gnu.so" "pkg/native/_fast.cpython-311-$cpu-linux-gnu.so"
	rm -r pkg/native-1.2.dist-info
	target=(--runtime python3.11 --arch "$arch" --handler app.handler)
	report
	told 'SLIM124 error' 'needs GLIBC_2.28 of libc.so.6 (for fcntl64), and python3.11 (Amazon Linux 2) has GLIBC_2.26' \
		'choose python3.12 or newer'
	# Newer runtimes are no cure for what they have not, either.
	mv "pkg/native/_fast.cpython-311-$cpu-linux-gnu.so" old.so
	fast_wants GLIBC_2.38 __isoc23_strtol
	mv "pkg/native/_fast.cpython-313-$cpu-linux-gnu.so" "pkg/native/_fast.cpython-311-$cpu-linux-gnu.so"
	report
	told 'SLIM124 error' 'needs GLIBC_2.38'
	! notes report.json | grep 'choose python3.12' || false
}

@test "what people know is glibc, whichever of its libraries lacks the version" {
	for one in x86_64 arm64; do
		rm -rf pkg/native-1.2.dist-info
		fast_wants GLIBC_2.38 new_cos libm.so.6
		mv "pkg/native/_fast.cpython-313-$cpu-linux-gnu.so" pkg/native/_fast.abi3.so
		[ "$one" = "$arch" ] || foreign native/_fast.abi3.so
		target=(--runtime python3.11 --arch "$one" --handler app.handler)
		report
		told 'SLIM124 error' 'needs GLIBC_2.38 of libm.so.6 (for new_cos), and python3.11 (Amazon Linux 2) has GLIBC_2.26 at'
	done
}

@test "versions are members, not numbers: GLIBC_ABI_DT_RELR" {
	fast_wants GLIBC_ABI_DT_RELR relr
	report
	told 'SLIM124 error' 'needs GLIBC_ABI_DT_RELR of libc.so.6' 'pack-relative-relocs'
}

@test "a text in place of a library ends the search, even where the library follows" {
	lib native/libx.so.1 x -Wl,-soname,libx.so.1
	fast pkg/native/libx.so.1 -Wl,--enable-new-dtags,-rpath,'$ORIGIN'
	plant lib/libx.so.1 ../native/libx.so.1
	report
	told 'SLIM132 error' 'needs libx.so.1, and the loader stops at lib/libx.so.1, which is too short to be a library' \
		'reached by app.py:1' 'git-lfs'
	run -1 "$SLIM" pkg "${target[@]}" --strict
	rm -r pkg/lib
	report
	silent SLIM132 SLIM123
}

@test "an extension module that is a pointer of git-lfs" {
	fast
	report
	plant "native/_fast.cpython-313-$cpu-linux-gnu.so" 'version https://git-lfs.github.com/spec/v1'
	report
	told 'SLIM117 error' 'it has the name of an extension module and is none' 'reached by app.py:1' 'git-lfs'
}

@test "RUNPATH: Lambda's own library hides the bundled one; RPATH: it does not" {
	lib native/libcurl.so.4 curl -Wl,-soname,libcurl.so.4
	fast pkg/native/libcurl.so.4 -Wl,--enable-new-dtags,-rpath,'$ORIGIN'
	report
	told 'SLIM128 warning' "native/libcurl.so.4: Lambda's own libcurl.so.4 is loaded in its place" 'LD_LIBRARY_PATH comes before' \
		'needed by native/_fast' '--force-rpath'
	rm -r pkg/native-1.2.dist-info
	fast pkg/native/libcurl.so.4 -Wl,--disable-new-dtags,-rpath,'$ORIGIN'
	report
	silent SLIM128
	kept "native/_fast.cpython-313-$cpu-linux-gnu.so" native/libcurl.so.4
}

@test "two libraries of one soname" {
	lib native/libx.so.1 x -Wl,-soname,libx.so.1
	lib native/b/libx.so.1 another -Wl,-soname,libx.so.1
	fast pkg/native/libx.so.1 -Wl,--disable-new-dtags,-rpath,'$ORIGIN'
	lib "native/_b.cpython-313-$cpu-linux-gnu.so" PyInit__b pkg/native/b/libx.so.1 \
		-Wl,--disable-new-dtags,-rpath,'$ORIGIN/b'
	plant native/__init__.py 'from native import _fast, _b'
	report
	told 'SLIM129 warning' 'libx.so.1 is another library at' 'loaded first serves all'
	kept "native/_b.cpython-313-$cpu-linux-gnu.so" "native/_fast.cpython-313-$cpu-linux-gnu.so" native/b/libx.so.1 \
		native/libx.so.1
}

@test "a library that is found only if another module loads it first" {
	lib native.libs/libx.so.1 x -Wl,-soname,libx.so.1
	fast pkg/native.libs/libx.so.1 -Wl,--disable-new-dtags,-rpath,'$ORIGIN/../native.libs'
	lib "native/_late.cpython-313-$cpu-linux-gnu.so" PyInit__late pkg/native.libs/libx.so.1
	plant native/__init__.py 'from native import _fast, _late'
	report native.libs
	told 'SLIM313 note' 'needs libx.so.1, which is found only if native.libs/libx.so.1 is loaded before' \
		'as by native/_fast'
	silent SLIM123
	run -0 "$SLIM" pkg "${target[@]}" --strict
}

@test "a wheel for a newer system, another machine, another Python: its tag says so" {
	fast
	install native native
	for tag in "cp313-cp313-manylinux_2_39_$cpu" "cp313-cp313-manylinux_2_28_$other_cpu" \
		"cp312-cp312-manylinux2014_$cpu" cp313-cp313-macosx_11_0_arm64 "cp313-cp313-musllinux_1_2_$cpu"; do
		printf 'Wheel-Version: 1.0\nTag: %s\n' "$tag" >pkg/native-1.2.dist-info/WHEEL
		report
		told 'SLIM127 warning' "its tag $tag is for" "python3.13 (Amazon Linux 2023) on $arch" \
			"pip install --platform manylinux2014_$cpu --python-version 3.13 --only-binary=:all: --target DIR native"
	done
	for tag in "cp313-cp313-manylinux_2_34_$cpu" "cp39-abi3-manylinux2014_$cpu" py3-none-any "cp313-cp313-linux_$cpu"; do
		printf 'Wheel-Version: 1.0\nTag: %s\n' "$tag" >pkg/native-1.2.dist-info/WHEEL
		report
		silent SLIM127
	done
}

# --- what can never load ----------------------------------------------------------------------------------------------

@test "no build for the target: an error that names what there is, and the command that installs" {
	fast
	foreign "native/_fast.cpython-313-$cpu-linux-gnu.so"
	mv "pkg/native/_fast.cpython-313-$cpu-linux-gnu.so" "pkg/native/_fast.cpython-313-$other_cpu-linux-gnu.so"
	report
	names=(arm64 x86-64)
	[ $arch = x86_64 ] || names=(x86-64 arm64)
	told 'SLIM126 error' "native._fast is built for ${names[0]} only, not for python3.13 (Amazon Linux 2023) on $arch" \
		'reached by app.py:1 (import native) > native/__init__.py:2' \
		"| pip install --platform manylinux2014_$cpu --python-version 3.13 --only-binary=:all: --target DIR native"
	told 'SLIM219 note' "_fast.cpython-313-$other_cpu-linux-gnu.so: is for ${names[0]} (" ' KiB)'
	kept
	run -1 "$SLIM" pkg "${target[@]}" --strict
	run -0 "$SLIM" pkg "${target[@]}" --arch "$other_arch" --strict
	# Without --arch the files say which one they are for.
	run -0 "$SLIM" pkg --runtime python3.13 --handler app.handler --strict --json
	[[ $output == *"\"architecture\": \"$other_arch\""* ]]
}

@test "builds for other Pythons, free-threaded ones and other systems go, each named with its size" {
	for tag in "313-$cpu-linux-gnu" "313t-$cpu-linux-gnu" "312-$cpu-linux-gnu" "314t-$cpu-linux-gnu" \
		"313-$cpu-linux-musl"; do
		lib "native/_fast.cpython-$tag.so" PyInit__fast
	done
	lib "native/_fast.cpython-313-$other_cpu-linux-gnu.so" PyInit__fast
	foreign "native/_fast.cpython-313-$other_cpu-linux-gnu.so"
	printf '\xcf\xfa\xed\xfe\x0c\x00\x00\x01%04096d' 0 >pkg/native/_fast.cpython-313-darwin.so
	printf '\xcf\xfa\xed\xfe\x0c\x00\x00\x01%04096d' 0 >pkg/native/libmac.dylib
	report
	kept "native/_fast.cpython-313-$cpu-linux-gnu.so"
	silent SLIM126
	for line in "SLIM221 note: native/_fast.cpython-313t-$cpu-linux-gnu.so: is for free-threaded CPython 3.13 (" \
		"SLIM221 note: native/_fast.cpython-314t-$cpu-linux-gnu.so: is for free-threaded CPython 3.14 (" \
		"SLIM221 note: native/_fast.cpython-312-$cpu-linux-gnu.so: is for CPython 3.12 (" \
		"SLIM220 note: native/_fast.cpython-313-$cpu-linux-musl.so: is for musl (" \
		'SLIM213 note: native/_fast.cpython-313-darwin.so: is for macOS (4.0 KiB)' \
		'SLIM213 note: native/libmac.dylib: is for macOS (4.0 KiB)' \
		"SLIM219 note: native/_fast.cpython-313-$other_cpu-linux-gnu.so: is for "; do
		notes report.json | grep -qF "$line" || { echo "$line" && false; }
	done
	run -0 "$SLIM" pkg "${target[@]}" --strict
	run -0 "$SLIM" pkg "${target[@]}" --no-prune --strict -o whole.zip
	unzip -Z1 whole.zip | grep '\.so'
	[ "$(unzip -Z1 whole.zip | grep -c '\.so')" -eq 1 ]
}

@test "a module that has a build in Python beside a foreign one is no error" {
	lib "native/_fast.cpython-312-$cpu-linux-gnu.so" PyInit__fast
	plant native/_fast.py 'answer = 42'
	report
	silent SLIM126 SLIM316
	kept
	unzip -Z1 out.zip | grep -qx native/_fast.py
}

@test "directories for each machine, chosen when the program runs" {
	fast
	lib native/bin/$arch/libwaf.so waf
	lib native/bin/$other_arch/libwaf.so waf
	foreign native/bin/$other_arch/libwaf.so
	plant native/__init__.py 'import ctypes, os, platform
from native import _fast
where = os.path.join(os.path.dirname(__file__), "bin", platform.machine(), "libwaf.so")
def answer():
    return ctypes.CDLL(where).waf()'
	report
	kept "native/_fast.cpython-313-$cpu-linux-gnu.so" native/bin/$arch/libwaf.so
	run -0 "$SLIM" pkg "${target[@]}" --strict
}

@test "own files for other machines stay, with a warning" {
	fast
	lib tools/libother.so other
	foreign tools/libother.so
	report
	told 'SLIM131 warning' 'tools/libother.so: is for ' ' KiB)' "| if nothing needs it: --drop '/tools/libother.so'"
	unzip -Z1 out.zip | grep -qx tools/libother.so
	"$SLIM" pkg "${target[@]}" --drop 'tools/**' --json >report.json
	silent SLIM131
}

@test "without dist-info all is your own: it stays, and what fails is told all the same" {
	lib native/libspare.so spare
	fast "$(stub libnowhere.so.1)"
	mkdir pkg/native-1.2.dist-info
	report
	told 'SLIM123 error' 'needs libnowhere.so.1'
	kept "native/_fast.cpython-313-$cpu-linux-gnu.so" native/libspare.so
	rm "pkg/native/_fast.cpython-313-$cpu-linux-gnu.so"
	lib "native/_fast.cpython-312-$cpu-linux-gnu.so" PyInit__fast
	report
	told 'SLIM126 error' 'native._fast is built for CPython 3.12 only' '| build or install it for the target'
	# A directory that may be on sys.path gives the file a second name; it is one problem all the same.
	mkdir pkg/vendor
	mv pkg/native/_fast* pkg/vendor/
	plant native/__init__.py 'import vendor._fast, _fast'
	report
	told 'SLIM126 error' 'vendor._fast is built for CPython 3.12 only'
}

# --- what nobody says -------------------------------------------------------------------------------------------------

@test "files for several targets and nothing that chooses: all stay, and the note says which option would" {
	fast
	lib "native/_fast.cpython-312-$cpu-linux-gnu.so" PyInit__fast
	lib "native/_fast.cpython-313-$other_cpu-linux-gnu.so" PyInit__fast
	foreign "native/_fast.cpython-313-$other_cpu-linux-gnu.so"
	target=(--handler app.handler)
	report
	[ "$(notes report.json | grep -c '^SLIM315 note: ')" -eq 2 ]
	notes report.json | grep -q '^SLIM315 .*holds shared objects for x86-64 (.* KiB) and arm64 (.* KiB); .*all stay | give --arch'
	notes report.json | grep -q '^SLIM315 .*holds extension modules for CPython 3.12 and 3.13; .*all stay | give --runtime'
	[ "$(unzip -Z1 out.zip | grep -c '\.so')" -eq 3 ]
	target=(--handler app.handler --arch "$arch")
	report
	told 'SLIM315 note' 'CPython 3.12 and 3.13' 'give --runtime'
	target=(--handler app.handler --runtime python3.13)
	report
	told 'SLIM315 note' 'x86-64 (' 'give --arch x86_64 or --arch arm64'
	target=(--handler app.handler --runtime python3.13 --arch "$arch")
	report
	silent SLIM315
}

@test "the template's runtime and architecture count as if they were given" {
	fast
	lib "native/_fast.cpython-312-$cpu-linux-gnu.so" PyInit__fast
	lib "native/_fast.cpython-313-$other_cpu-linux-gnu.so" PyInit__fast
	foreign "native/_fast.cpython-313-$other_cpu-linux-gnu.so"
	install native native
	for of in $arch $other_arch; do
		printf '%s\n' 'Resources:' '  F:' '    Type: AWS::Serverless::Function' '    Properties:' '      CodeUri: pkg/' \
			'      Handler: app.handler' '      Runtime: python3.13' '      Architectures:' "        - $of" >template.yaml
		"$SLIM" pkg --json -o out.zip -f >report.json
		silent SLIM315 SLIM126
		file="native/_fast.cpython-313-$cpu-linux-gnu.so"
		[ "$of" = "$arch" ] || file="native/_fast.cpython-313-$other_cpu-linux-gnu.so"
		kept "$file"
	done
}

# --- what nothing loads -----------------------------------------------------------------------------------------------

@test "a library that nothing loads goes and is named; those that are needed, opened or your own stay" {
	lib native.libs/libused.so used -Wl,-soname,libused.so
	lib native.libs/libunused.so unused -Wl,-soname,libunused.so
	lib native/libopened.so opened
	lib libmine.so mine
	fast pkg/native.libs/libused.so -Wl,--disable-new-dtags,-rpath,'$ORIGIN/../native.libs'
	plant native/__init__.py 'import ctypes, os
from native import _fast
ctypes.CDLL(os.path.join(os.path.dirname(__file__), "libopened.so"))'
	report native.libs
	kept libmine.so native.libs/libused.so "native/_fast.cpython-313-$cpu-linux-gnu.so" native/libopened.so
	[ "$(code_of native.libs/libunused.so)" = SLIM223 ]
	run -0 "$SLIM" pkg "${target[@]}"
	[[ $output == *'shared objects that nothing loads'*SLIM223* ]]
	"$SLIM" pkg "${target[@]}" -vv | grep -q 'drop  SLIM223  native.libs/libunused.so$'
	"$SLIM" why pkg "${target[@]}" libunused.so | grep -q 'SLIM223'
	# --keep and --no-prune are heard.
	"$SLIM" pkg "${target[@]}" --keep libunused.so -o keep.zip
	"$SLIM" pkg "${target[@]}" --no-prune -o whole.zip
	for zip in keep.zip whole.zip; do
		unzip -Z1 "$zip" | grep -qx native.libs/libunused.so
	done
}

@test "why: a chain of an import, a needed library and an opened one" {
	lib native.libs/libused.so used -Wl,-soname,libused.so
	fast pkg/native.libs/libused.so -Wl,--disable-new-dtags,-rpath,'$ORIGIN/../native.libs'
	lib native/libopened.so opened
	plant native/__init__.py 'import ctypes, os
from native import _fast
ctypes.CDLL(os.path.join(os.path.dirname(__file__), "libopened.so"))'
	report native.libs
	"$SLIM" why pkg "${target[@]}" libused.so --json >why.json
	follows why.json '[s["edge"]["kind"] for s in a["chain"][1:]] == ["import", "import", "needed"]'
	follows why.json 'a["chain"][-1]["edge"]["via"] == "libused.so"'
	"$SLIM" why pkg "${target[@]}" libopened.so --json >why.json
	follows why.json '[s["edge"]["kind"] for s in a["chain"][1:]] == ["import", "dlopen"]'
	follows why.json 'a["chain"][-1]["edge"]["line"] == 3'
	run -0 "$SLIM" why pkg "${target[@]}" libused.so
	[[ $output == *"_fast.cpython-313-$cpu-linux-gnu.so"*libused.so* ]]
	holds report.json '[f["edge"] for f in r["files"] if f["path"] == "native.libs/libused.so"] == ["needed"]'
	holds report.json '[f["edge"] for f in r["files"] if f["path"] == "native/libopened.so"] == ["dlopen"]'
}

@test "a library that is needed stays, though a rule would drop it" {
	mkdir rules
	cat >rules/helpers.yaml <<-EOF
		rules:
		  - id: helpers/none
		    because: helpers are for tests
		    drop: ["libhelp*.so"]
		    reason: test-suite
	EOF
	lib native.libs/libhelp.so help -Wl,-soname,libhelp.so
	lib native.libs/libhelpless.so helpless -Wl,-soname,libhelpless.so
	fast pkg/native.libs/libhelp.so -Wl,-rpath,'$ORIGIN/../native.libs'
	target+=(--rules rules)
	report native.libs
	kept native.libs/libhelp.so "native/_fast.cpython-313-$cpu-linux-gnu.so"
	[ "$(code_of native.libs/libhelpless.so)" = SLIM204 ]
}

@test "links to a library stay and go with it" {
	lib native/libx.so.1.2 x -Wl,-soname,libx.so.1
	ln -s libx.so.1.2 pkg/native/libx.so.1
	ln -s libx.so.1 pkg/native/libx.so
	fast pkg/native/libx.so.1 -Wl,--disable-new-dtags,-rpath,'$ORIGIN'
	lib native/libspare.so.1.2 spare -Wl,-soname,libspare.so.1
	ln -s libspare.so.1.2 pkg/native/libspare.so.1
	install native native
	(cd pkg && find native -type l | sed 's/$/,,/' >>native-1.2.dist-info/RECORD)
	"$SLIM" pkg "${target[@]}" --strict -o out.zip --json >report.json
	kept "native/_fast.cpython-313-$cpu-linux-gnu.so" native/libx.so native/libx.so.1 native/libx.so.1.2
	unzip -q out.zip -d out
	[ "$(readlink out/native/libx.so.1)" = libx.so.1.2 ]
	[ "$(code_of native/libspare.so.1)" = SLIM223 ]
	# A name in the code is a link's as well.
	plant native/__init__.py 'import ctypes
ctypes.CDLL("libspare.so.1")'
	"$SLIM" pkg "${target[@]}" -o out.zip -f
	kept native/libspare.so.1 native/libspare.so.1.2
}
