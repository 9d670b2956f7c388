# shellcheck shell=bash
# Worlds for the loader: a function in T/ and a layer in O/, which Lambda has at /var/task and /opt, and the system's
# libraries in S/, which it has in /lib64. tests/loader/opener.c tells what this machine's loader does with them,
# build/tests/resolve what slim says. What must be loaded says so by its name, "wins"; what must not, "never".
#
# Where the kernel lets us, the directories are mounted at those places; else the same world is made twice, and the
# one that is really loaded has the temporary directory in front of every absolute path.

# shellcheck disable=SC2034 # for the tests
bats_require_minimum_version 1.5.0
root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
resolve=$root/build/tests/resolve
python=${PYTHON:-$("$root/scripts/find-python")}
lambda_path=/var/lang/lib:/lib64:/usr/lib64:/var/runtime:/var/runtime/lib:/var/task:/var/task/lib:/opt/lib

loader_setup_file() {
	echo 'int empty;' >"$BATS_FILE_TMPDIR/empty.c"
	cc -c -fPIC -o "$BATS_FILE_TMPDIR/empty.o" "$BATS_FILE_TMPDIR/empty.c"
	cc -o "$BATS_FILE_TMPDIR/opener" "$root/tests/loader/opener.c" -ldl
	mkdir -p "$BATS_FILE_TMPDIR"/{stubs,try/{T,O,S}}
	own_loader "$BATS_FILE_TMPDIR/try/S"
	if in_namespace "$BATS_FILE_TMPDIR/try" "$BATS_FILE_TMPDIR/opener" >/dev/null 2>&1; then
		touch "$BATS_FILE_TMPDIR/namespace"
	else
		echo "# no mount namespace: the loader is asked about directories below a temporary one" >&3
	fi
}

loader_setup() {
	asked=$BATS_TEST_TMPDIR/asked
	real=$asked
	[ -e "$BATS_FILE_TMPDIR/namespace" ] || real=$BATS_TEST_TMPDIR/real
	mkdir -p "$asked"/{T,O,S} "$real"/{T,O,S}
	touch "$asked/O/never" # an empty directory is no package
	own_loader "$real/S"
}

# /lib64 has to have what programs are started with.
own_loader() {
	local loader
	for loader in /lib64/ld-*.so.*; do
		[ ! -e "$loader" ] || cp -L "$loader" "$1/"
	done
}

# Runs the command with the world $1 mounted.
in_namespace() {
	# shellcheck disable=SC2016 # the inner shell expands them
	unshare -Urm sh -c '
		set -e
		[ ! -d /lib64 ] || mount --bind "$1/S" /lib64
		mount --bind "$1/O" /opt
		mount --bind "$1/T" /mnt
		mount -t tmpfs none /var
		mkdir /var/task
		mount --bind /mnt /var/task
		cd /var/task
		shift
		exec "$@"' sh "$@"
}

# A shared object that only names itself.
stub() {
	local file=$BATS_FILE_TMPDIR/stubs/${1//\//%}
	[ -e "$file" ] || ld -shared -soname "$1" -o "$file" "$BATS_FILE_TMPDIR/empty.o"
	echo "$file"
}

# Replaces the first tag $2 of the dynamic section of $1 by $3.
retag() {
	"$python" - "$@" <<-'PYTHON'
		import struct, sys
		name, old, new = sys.argv[1], int(sys.argv[2], 0), int(sys.argv[3], 0)
		data = bytearray(open(name, "rb").read())
		phoff, = struct.unpack_from("<Q", data, 32)
		size, count = struct.unpack_from("<HH", data, 54)
		for at in range(phoff, phoff + size * count, size):
		    kind, _, offset, _, _, length = struct.unpack_from("<IIQQQQ", data, at)
		    for entry in range(offset, offset + length if kind == 2 else offset, 16):
		        if struct.unpack_from("<Q", data, entry)[0] == old:
		            struct.pack_into("<Q", data, entry, new)
		            open(name, "wb").write(data)
		            sys.exit()
		sys.exit("no such tag")
	PYTHON
}

# Makes the shared object $1 (T/…, O/…, S/…) of the words behind it. @T and @O stand for where the trees are.
lib() {
	lib_in "$asked" /var/task /opt "$@"
	[ "$real" = "$asked" ] || lib_in "$real" "$real/T" "$real/O" "$@"
}

lib_in() {
	local out=$1/$4 task=$2 opt=$3 word value retagged=() flags=()
	shift 4
	for word; do
		value=${word#*=}
		value=${value//@T/$task}
		value=${value//@O/$opt}
		case $word in
		need=*) flags+=("$(stub "$value")") ;;
		soname=*) flags+=(-soname "$value") ;;
		rpath=*) flags+=(--disable-new-dtags -rpath "$value") ;;
		runpath=*) flags+=(--enable-new-dtags -rpath "$value") ;;
		# Linkers write one of both only.
		both=*) flags+=(--disable-new-dtags -rpath "${value%%;*}" -f "${value#*;}") && retagged=(0x7ffffffd 29) ;;
		filter=*) flags+=(-F "$value") ;;
		aux=*) flags+=(-f "$value") ;;
		nodeflib) flags+=(-z nodefaultlib) ;;
		*) return 1 ;;
		esac
	done
	mkdir -p "${out%/*}"
	ld -shared --no-as-needed "${flags[@]}" -o "$out" "$BATS_FILE_TMPDIR/empty.o"
	[ "${#retagged[@]}" -eq 0 ] || retag "$out" "${retagged[@]}"
}

# Does the command in every copy of the world: each 'cp "$1/T/a" "$1/T/b"'
each() {
	sh -ec "$1" sh "$asked"
	[ "$real" = "$asked" ] || sh -ec "$1" sh "$real"
}

# Makes $1 a file of another machine (183, AArch64) or, with "class", of another class.
other() {
	local at=18 byte='\xb7'
	[ "${2-}" != class ] || { at=4 && byte='\x01'; }
	# shellcheck disable=SC2059 # it is a format
	printf "$byte" >"$BATS_TEST_TMPDIR/byte"
	each "dd of=\"\$1/$1\" if=$BATS_TEST_TMPDIR/byte bs=1 seek=$at conv=notrunc status=none"
}

# What this machine's loader loads for the arguments of opener, or (PROGRAM=…) for that program.
really() {
	local arguments=("$@") program=${PROGRAM-$BATS_FILE_TMPDIR/opener} path=${LIBRARY_PATH-$lambda_path}
	if [ "$real" = "$asked" ]; then
		in_namespace "$real" env LD_LIBRARY_PATH="$path" "$program" "${arguments[@]}"
	else
		path=$(here "$path")
		arguments=()
		for word; do arguments+=("$(here "$word")"); done
		(cd "$real/T" && LD_LIBRARY_PATH=$path "$(here "$program")" "${arguments[@]}")
	fi | sed -E "s,^$real/T/,/var/task/,; s,^$real/O/,/opt/,; s,^($real/S|/lib64|/usr/lib64)/,system:," |
		grep -E '^(/var/task/|/opt/|system:|error: )' | { grep -v '^system:ld-' || true; } | LC_ALL=C sort -u
}

# A path on Lambda, as it is in the world that is loaded.
here() {
	sed -E "s,(^|:)/var/task,\1$real/T,g; s,(^|:)/opt,\1$real/O,g; s,(^|:)/lib64,\1$real/S,g" <<<"$1"
}

ask() {
	local arch=x86_64
	[ "$(uname -m)" != aarch64 ] || arch=arm64
	"$resolve" "$asked/T" "$asked/O" --minor 13 --arch "$arch" \
		${LIBRARY_PATH+--library-path "$LIBRARY_PATH"} "$@"
}

# What slim says that would be loaded, in the same form.
told() {
	{
		echo "$1"
		ask --root "$@" | awk -F '\t' '
			$5 == "nowhere" || $5 == "fatal" { print "error: " $4 }
			$5 == "loaded" || $5 == "nowhere" || $5 == "fatal" { next }
			$6 == "system" { print "system:" $4; next }
			$6 != "-" { print $6 }'
	} | LC_ALL=C sort -u
}

# Both load the same for the root $1: all that is there, but what must never be loaded.
agree() {
	really "$1" >"$BATS_TEST_TMPDIR/really"
	told "$1" >"$BATS_TEST_TMPDIR/told"
	diff -u "$BATS_TEST_TMPDIR/really" "$BATS_TEST_TMPDIR/told"
	fate | diff -u - <(grep -v '^system:' "$BATS_TEST_TMPDIR/told")
}

# All files that are to be loaded.
fate() {
	(cd "$asked" && find T O -type f) | sed 's,^T/,/var/task/,; s,^O/,/opt/,' | grep -v never |
		grep -vxE "${not_loaded:-}" | LC_ALL=C sort
}

# The command, where what matches the pattern must not be loaded though its name does not say so.
without() {
	local not_loaded=$1
	shift
	"$@"
}

# Both fail to load the root $1: because of the name $2, which slim says is $3 (nowhere or fatal); the loader says $4.
both_fail() {
	really "$1" | tee "$BATS_TEST_TMPDIR/really"
	grep -qE "^error: .*$4" "$BATS_TEST_TMPDIR/really"
	ask --root "$1" | tee "$BATS_TEST_TMPDIR/told"
	awk -F '\t' -v name="$2" -v rule="$3" '
		$4 == name && $5 == rule { found = 1 }
		END { exit !found }' "$BATS_TEST_TMPDIR/told"
}
