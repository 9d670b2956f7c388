#!/usr/bin/env bats
# slim's loader against the one of this machine: a world for each rule, and both load the same.
# shellcheck disable=SC2016,SC2034,SC2154 # tokens and inner shells are no expansions of this one; variables are those
# of helper.bash

load helper

setup_file() {
	loader_setup_file
}

setup() {
	loader_setup
}

@test "RPATH goes before LD_LIBRARY_PATH" {
	lib T/root.so need=libx.so rpath='$ORIGIN/wins'
	lib T/wins/libx.so
	lib T/lib/never.so
	each 'mv "$1/T/lib/never.so" "$1/T/lib/libx.so"'
	without /var/task/lib/libx.so agree /var/task/root.so
}

@test "LD_LIBRARY_PATH goes before RUNPATH" {
	lib T/root.so need=libx.so runpath='$ORIGIN/never'
	lib T/never/libx.so
	lib T/lib/libx.so
	agree /var/task/root.so
}

@test "RUNPATH counts where nothing else has it" {
	lib T/root.so need=libx.so runpath='$ORIGIN/none:$ORIGIN/wins:$ORIGIN/never'
	lib T/wins/libx.so
	lib T/never/libx.so
	agree /var/task/root.so
}

@test "the order of LD_LIBRARY_PATH: the system, /var/task, its lib, the layers' lib" {
	lib S/libz.so.1
	lib T/libz.so.1
	lib T/lib1.so
	lib T/lib/lib1.so
	lib T/lib/lib2.so
	lib O/lib/lib2.so
	lib O/lib/lib3.so
	lib T/root.so need=libz.so.1 need=lib1.so need=lib2.so need=lib3.so
	without '/var/task/libz.so.1|/var/task/lib/lib1.so|/opt/lib/lib2.so' agree /var/task/root.so
	grep -qx system:libz.so.1 "$BATS_TEST_TMPDIR/told"
}

@test "a bundled copy of the system's: shadowed with RUNPATH and in lib, not with RPATH" {
	lib S/libz.so.1
	lib T/root.so need=libz.so.1 runpath='$ORIGIN/never'
	lib T/never/libz.so.1
	lib T/lib/libz.so.1
	without /var/task/lib/libz.so.1 agree /var/task/root.so
	each 'rm -r "$1/T/lib"'
	agree /var/task/root.so
	lib T/root.so need=libz.so.1 rpath='$ORIGIN/wins'
	lib T/wins/libz.so.1
	agree /var/task/root.so
}

@test "RPATH of who loads it counts, RUNPATH does not" {
	lib T/root.so need=libown-b.so rpath='$ORIGIN/wins'
	lib T/wins/libown-b.so need=libown-c.so
	lib T/wins/libown-c.so
	agree /var/task/root.so
	lib T/root.so need=libown-b.so runpath='$ORIGIN/wins'
	both_fail /var/task/root.so libown-c.so nowhere 'libown-c.so: cannot open'
}

@test "RPATH goes up past an object that has RUNPATH" {
	lib T/root.so need=libown-b.so rpath='$ORIGIN/wins'
	lib T/wins/libown-b.so need=libown-c.so runpath='$ORIGIN'
	lib T/wins/libown-c.so need=libown-d.so
	lib T/wins/libown-d.so
	agree /var/task/root.so
}

@test "RUNPATH hides the RPATH of who loads it" {
	lib T/root.so need=libown-b.so rpath='$ORIGIN/never'
	lib T/never/libown-b.so need=libown-c.so runpath='$ORIGIN/other'
	lib T/never/libown-c.so
	both_fail /var/task/root.so libown-c.so nowhere 'libown-c.so: cannot open'
}

@test "RUNPATH hides the object's own RPATH, for itself and for what it loads" {
	lib T/root.so need=libown-b.so both='$ORIGIN/never;$ORIGIN/wins'
	lib T/wins/libown-b.so
	lib T/never/libown-b.so
	agree /var/task/root.so
	lib T/wins/libown-b.so need=libown-c.so
	lib T/never/libown-c.so
	both_fail /var/task/root.so libown-c.so nowhere 'libown-c.so: cannot open'
}

@test "a program's RPATH is inherited, its RUNPATH is not" {
	each 'mkdir -p "$1/T/bin"'
	lib T/wins/libown-b.so need=libown-c.so
	lib T/wins/libown-c.so
	for tags in disable enable; do
		cc -o "$asked/T/bin/tool" "$root/tests/loader/opener.c" -Wl,--no-as-needed "$(stub libown-b.so)" -ldl \
			-Wl,--$tags-new-dtags -Wl,-rpath,'$ORIGIN/../wins' -Wl,--allow-shlib-undefined
		[ "$real" = "$asked" ] || cp "$asked/T/bin/tool" "$real/T/bin/tool"
		ask --root /var/task/bin/tool >"$BATS_TEST_TMPDIR/told-$tags"
		PROGRAM=/var/task/bin/tool really >"$BATS_TEST_TMPDIR/really-$tags" || [ $tags = enable ]
	done
	grep -q 'libown-c.so.rpath./var/task/wins/libown-c.so$' "$BATS_TEST_TMPDIR/told-disable"
	grep -qx /var/task/wins/libown-c.so "$BATS_TEST_TMPDIR/really-disable"
	grep -q 'libown-c.so.nowhere.-$' "$BATS_TEST_TMPDIR/told-enable"
	run ! grep -q wins/libown-c.so "$BATS_TEST_TMPDIR/really-enable"
}

@test "dlopen of a path: the caller's RPATH does not count, the object's own does" {
	mkcaller rpath '$ORIGIN/wins'
	lib T/plugin.so need=libx.so
	lib T/wins/libx.so
	run really --via /var/task/caller.so /var/task/plugin.so
	[[ $output == *"error: libx.so: cannot open"* ]]
	both_fail /var/task/plugin.so libx.so nowhere 'libx.so: cannot open'
	lib T/plugin.so need=libx.so rpath='$ORIGIN/wins'
	without /var/task/caller.so agree /var/task/plugin.so
}

# A shared object that calls dlopen, with a search path.
mkcaller() {
	local flag=disable
	[ "$1" = rpath ] || flag=enable
	echo 'void *dlopen(const char *, int); void *open_it(const char *name) { return dlopen(name, 2); }' \
		>"$BATS_TEST_TMPDIR/caller.c"
	cc -shared -fPIC -nostdlib -Wl,--$flag-new-dtags -Wl,-rpath,"$2" -o "$BATS_TEST_TMPDIR/caller.so" \
		"$BATS_TEST_TMPDIR/caller.c"
	each "cp $BATS_TEST_TMPDIR/caller.so \"\$1/T/caller.so\""
}

@test "dlopen of a name: by the RPATH or RUNPATH of who calls, or not at all" {
	for tag in rpath runpath; do
		mkcaller $tag '$ORIGIN/wins'
		lib T/wins/libx.so
		really --via /var/task/caller.so libx.so | grep -qx /var/task/wins/libx.so
		ask --root /var/task/caller.so --find libx.so | grep -q "$tag./var/task/wins/libx.so$"
		ask --root /var/task/caller.so --find libnone.so | grep -q 'nowhere.-$'
	done
	really libx.so | grep -q '^error: libx.so: cannot open'
}

@test "a loaded soname answers a later need, in whatever directory it is" {
	lib T/a.so need=libx-1a2b.so rpath='$ORIGIN/wins'
	lib T/b.so need=libx-1a2b.so
	lib T/wins/libx-1a2b.so soname=libx-1a2b.so
	both_fail /var/task/b.so libx-1a2b.so nowhere 'libx-1a2b.so: cannot open'
	really /var/task/a.so /var/task/b.so | grep -qx /var/task/b.so
	# Within one root too: the sibling that is loaded first, breadth first.
	lib T/root.so need=a.so need=b.so
	agree /var/task/root.so
}

@test "soname and file name: either answers, once it is loaded" {
	lib T/root.so need=libfile.so need=libname.so.1
	lib T/libfile.so soname=libname.so.1
	lib T/lib/libname.so.1
	without /var/task/lib/libname.so.1 agree /var/task/root.so
	each 'rm -r "$1/T/lib"'
	# It is not loaded by its soname, if no file has that name.
	lib T/root.so need=libname.so.1
	both_fail /var/task/root.so libname.so.1 nowhere 'libname.so.1: cannot open'
}

@test "copies are two objects, unless the file name comes before the soname" {
	lib T/libx-1.so soname=libx.so.1
	each 'cp "$1/T/libx-1.so" "$1/T/libx.so.1"'
	lib T/root.so need=libx.so.1 need=libx-1.so
	agree /var/task/root.so
	lib T/root.so need=libx-1.so need=libx.so.1
	without /var/task/libx.so.1 agree /var/task/root.so
}

@test "symbolic links are one object, in either order" {
	lib T/root.so need=libx.so need=libx.so.1 rpath='$ORIGIN/link'
	lib T/wins/libx.so.1.2
	each 'ln -s libx.so.1.2 "$1/T/wins/libx.so.1"; ln -s libx.so.1 "$1/T/wins/libx.so"; ln -s wins "$1/T/link"'
	agree /var/task/root.so
	lib T/root.so need=libx.so.1 need=libx.so rpath='$ORIGIN/link'
	agree /var/task/root.so
}

@test "\$ORIGIN is where the link is, not where it leads" {
	lib T/root.so need=libx.so rpath='$ORIGIN/link'
	lib T/real/libx.so.1 need=liby.so runpath='$ORIGIN'
	lib T/real/liby.so
	lib T/link/liby.so
	each 'ln -s ../real/libx.so.1 "$1/T/link/libx.so"'
	without /var/task/real/liby.so agree /var/task/root.so
}

@test "\"..\" behind a link of a directory" {
	lib T/root.so need=libx.so rpath='$ORIGIN/link/../libs'
	lib T/deep/libs/libx.so
	lib T/libs/libx.so
	each 'mkdir -p "$1/T/deep/er"; ln -s deep/er "$1/T/link"'
	without /var/task/libs/libx.so agree /var/task/root.so
	lib T/root.so need=libx.so rpath='$ORIGIN/none/../deep/libs'
	both_fail /var/task/root.so libx.so nowhere 'libx.so: cannot open'
}

@test "links to nothing are passed over" {
	lib T/root.so need=libx.so rpath='$ORIGIN/a:$ORIGIN/wins'
	lib T/wins/libx.so
	each 'mkdir "$1/T/a"; ln -s nothing "$1/T/a/libx.so"'
	agree /var/task/root.so
}

@test "a circle of links ends the search path that leads there, not the search" {
	lib T/root.so need=libx.so rpath='$ORIGIN/a:$ORIGIN/never'
	lib T/never/libx.so
	lib T/lib/libx.so
	each 'mkdir "$1/T/a"; ln -s libx.so "$1/T/a/libx.so"'
	agree /var/task/root.so
}

@test "another machine and another class are passed over" {
	lib T/root.so need=libx.so rpath='$ORIGIN/never/1:$ORIGIN/never/2:$ORIGIN/wins'
	lib T/never/1/libx.so
	lib T/never/2/libx.so
	lib T/wins/libx.so
	[ "$(uname -m)" = x86_64 ] && other T/never/1/libx.so
	other T/never/2/libx.so class
	agree /var/task/root.so
}

@test "text, a torn file and an object file end the search, though a good copy follows" {
	lib T/root.so need=libx.so rpath='$ORIGIN/never:$ORIGIN/wins'
	lib T/wins/libx.so
	each 'mkdir "$1/T/never"; echo "INPUT(libx.so.1)" >"$1/T/never/libx.so"'
	both_fail /var/task/root.so libx.so fatal 'never/libx.so: file too short'
	each 'i=0; while [ $((i += 1)) -lt 99 ]; do echo "not an ELF file at all"; done >"$1/T/never/libx.so"'
	both_fail /var/task/root.so libx.so fatal 'never/libx.so: invalid ELF header'
	each 'head -c 40 "$1/T/wins/libx.so" >"$1/T/never/libx.so"'
	both_fail /var/task/root.so libx.so fatal 'never/libx.so: file too short'
	each "cp $BATS_FILE_TMPDIR/empty.o \"\$1/T/never/libx.so\""
	both_fail /var/task/root.so libx.so fatal 'never/libx.so: only ET_DYN'
}

@test "a text in /var/task hides what the layer has" {
	lib T/root.so need=libx.so
	lib O/lib/libx.so
	agree /var/task/root.so
	each 'mkdir "$1/T/lib"; echo libx.so.1 >"$1/T/lib/libx.so"'
	both_fail /var/task/root.so libx.so fatal 'lib/libx.so: file too short'
}

@test "tokens, with and without braces" {
	lib T/p/root.so need=lib1.so need=lib2.so need=lib3.so \
		rpath='${ORIGIN}/wins/1:$ORIGIN/../wins/2:$ORIGIN-wins:/$ORIGINS/never'
	lib T/p/wins/1/lib1.so
	lib T/wins/2/lib2.so
	lib T/p-wins/lib3.so
	agree /var/task/p/root.so
}

# Here they are of this machine's system, there of Lambda's: the one difference that is meant to be.
@test "\$LIB and \$PLATFORM are Lambda's" {
	for token in LIB PLATFORM; do
		there=lib64
		[ $token = LIB ] || there=$(uname -m)
		here=$(token_here $token)
		lib T/root.so need=libx.so rpath="\$ORIGIN/\${$token}:\$ORIGIN/braces/\$$token"
		lib "T/$here/libx.so"
		lib "T/$there/libx.so"
		really /var/task/root.so | grep -qx "/var/task/$here/libx.so"
		told /var/task/root.so | grep -qx "/var/task/$there/libx.so"
		each 'mkdir "$1/T/braces"; for d in "$1"/T/*; do [ "$d" = "$1/T/braces" ] || [ ! -d "$d" ] || mv "$d" "$1/T/braces/"; done'
		really /var/task/root.so | grep -qx "/var/task/braces/$here/libx.so"
		told /var/task/root.so | grep -qx "/var/task/braces/$there/libx.so"
		each 'rm -r "$1/T/braces"'
	done
}

# What the token stands for on this machine, seen in what the loader tries.
token_here() {
	mkdir -p "$BATS_TEST_TMPDIR/token"
	ld -shared -o "$BATS_TEST_TMPDIR/token/a.so" "$BATS_FILE_TMPDIR/empty.o" --no-as-needed "$(stub libgone.so)" \
		--disable-new-dtags -rpath "/@/\$$1/@"
	LD_DEBUG=libs "$BATS_FILE_TMPDIR/opener" "$BATS_TEST_TMPDIR/token/a.so" 2>&1 |
		sed -nE 's,.*trying file=/@/(.*)/@/libgone\.so.*,\1,p' | tail -n 1
}

@test "empty and relative elements mean the current directory, /var/task" {
	lib T/p/root.so need=lib1.so need=lib2.so rpath=':wins'
	lib T/lib1.so
	lib T/wins/lib2.so
	agree /var/task/p/root.so
}

@test "a name with a slash is a path, tokens replaced; no search path counts" {
	lib T/p/root.so need='$ORIGIN/wins/1.so' need=wins/2.so need=./3.so need=@O/lib/4.so rpath='$ORIGIN/never'
	lib T/p/wins/1.so
	lib T/wins/2.so
	lib T/3.so
	lib O/lib/4.so
	lib T/p/never/wins/2.so
	agree /var/task/p/root.so
	lib T/p/root.so need=never/gone.so rpath='$ORIGIN'
	lib T/p/never/gone.so
	both_fail /var/task/p/root.so never/gone.so nowhere 'never/gone.so: cannot open'
}

@test "a soname with a slash" {
	lib T/root.so need=b.so need=out/b.so
	lib T/b.so soname=out/b.so
	lib T/out/b.so
	without /var/task/out/b.so agree /var/task/root.so
}

@test "hardware-specific directories go first" {
	[ "$(uname -m)" = x86_64 ] || return 0 # there are none of glibc on arm64
	lib T/root.so need=libx.so need=liby.so rpath='$ORIGIN/l'
	lib T/l/glibc-hwcaps/x86-64-v2/libx.so
	lib T/l/libx.so
	lib T/l/liby.so need=libz-own.so runpath='$ORIGIN'
	lib T/l/glibc-hwcaps/x86-64-v2/liby.so need=libz-own.so runpath='$ORIGIN'
	lib T/l/glibc-hwcaps/x86-64-v2/libz-own.so
	lib T/l/libz-own.so
	if ld_is_at_least 2.33; then
		diff -u <(really /var/task/root.so) <(told /var/task/root.so)
	else
		# Older ones do not know these directories: so AL2's, which test_loader.c asks.
		really /var/task/root.so | grep -qx /var/task/l/libx.so
	fi
	[ "$(told /var/task/root.so | grep -c glibc-hwcaps/x86-64-v2/)" -eq 3 ]
}

# glibc 2.37 no longer has the old ones; Lambda's 2.26 and 2.34 have.
@test "the old hardware-specific directories" {
	[ "$(uname -m)" = x86_64 ] || return 0
	lib T/root.so need=libx.so rpath='$ORIGIN/l'
	lib T/l/libx.so
	lib T/l/tls/x86_64/libx.so
	told /var/task/root.so | grep -qx /var/task/l/tls/x86_64/libx.so
	if ld_is_at_least 2.37; then
		really /var/task/root.so | grep -qx /var/task/l/libx.so
	else
		diff -u <(really /var/task/root.so) <(told /var/task/root.so)
	fi
}

ld_is_at_least() {
	[ "$(printf '%s\n%s\n' "$1" "$(getconf GNU_LIBC_VERSION | sed 's/.* //')" | sort -V | head -n 1)" = "$1" ]
}

@test "filtees: DT_FILTER must be there, DT_AUXILIARY may be" {
	lib T/root.so need=b.so
	lib T/b.so filter=libf.so aux=libx.so aux=libgone.so rpath='$ORIGIN/wins'
	lib T/wins/libf.so
	lib T/wins/libx.so
	really /var/task/root.so >"$BATS_TEST_TMPDIR/really"
	told /var/task/root.so | grep -v '^error: libgone.so' | diff -u "$BATS_TEST_TMPDIR/really" -
	ask --root /var/task/root.so | grep -q 'auxiliary.libgone.so.nowhere.-$'
	lib T/b.so filter=libgone.so
	both_fail /var/task/root.so libgone.so nowhere 'libgone.so: cannot open'
}

# libp.so is found by the RPATH of whoever asks first: what a filter needs comes before what its siblings need.
@test "filtees come before what is behind the filter in the list" {
	lib T/root.so need=b.so need=c.so
	lib T/b.so need=n.so filter=f.so
	lib T/n.so
	lib T/c.so need=libp.so rpath='$ORIGIN/never'
	lib T/f.so need=libp.so rpath='$ORIGIN/wins'
	lib T/wins/libp.so
	lib T/never/libp.so
	agree /var/task/root.so
}

@test "one that is already loaded is moved before the filter" {
	lib T/root.so need=b.so need=c.so need=d.so
	lib T/b.so aux=d.so
	lib T/c.so need=libp.so rpath='$ORIGIN/never'
	lib T/d.so need=libp.so rpath='$ORIGIN/wins'
	lib T/wins/libp.so
	lib T/never/libp.so
	agree /var/task/root.so
}

@test "breadth first: who asks first decides where it is found" {
	lib T/root.so need=b.so need=c.so
	lib T/b.so need=d.so
	lib T/c.so need=libp.so rpath='$ORIGIN/wins'
	lib T/d.so need=libp.so rpath='$ORIGIN/never'
	lib T/wins/libp.so
	lib T/never/libp.so
	agree /var/task/root.so
}

@test "who loads it first is whose RPATH it inherits" {
	lib T/root.so need=b.so need=c.so
	lib T/b.so need=d.so rpath='$ORIGIN/wins'
	lib T/c.so need=d.so rpath='$ORIGIN/never'
	lib T/wins/d.so need=e.so
	lib T/wins/e.so
	lib T/never/d.so
	lib T/never/e.so
	agree /var/task/root.so
}

@test "DF_1_NODEFLIB: the system's directories are not searched, LD_LIBRARY_PATH is" {
	LIBRARY_PATH=/opt/lib
	lib T/root.so need=libm.so.6 need=libx.so
	lib O/lib/libx.so
	run ! grep error <(really /var/task/root.so)
	ask --root /var/task/root.so | grep -q 'libm.so.6.default.system$'
	lib T/root.so need=libm.so.6 need=libx.so nodeflib
	both_fail /var/task/root.so libm.so.6 nowhere 'libm.so.6: cannot open'
}

@test "LD_LIBRARY_PATH that the user sets" {
	LIBRARY_PATH=/opt/wins:/var/task/wins:
	lib T/root.so need=lib1.so need=lib2.so need=lib3.so
	lib O/wins/lib1.so
	lib T/wins/lib1.so
	lib T/wins/lib2.so
	lib T/lib3.so
	without /var/task/wins/lib1.so agree /var/task/root.so
}
