/* scan/loader: what the real loader of this machine cannot be asked; tests/loader asks it the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <elf.h>

#include "base/path.h"
#include "scan/loader.h"

/*
 * A world is a line per file: its path, then words that say what it is. "L1:" and "L2:" are in front of what
 * is in layers. An answer is a line per load: who needs it, the name, the rule, and where it is.
 */
struct scene {
	struct arena arena;
	struct bundle bundle;
	struct libraries libraries;
	struct platforms platforms;
	struct loader_setup setup;
	struct loader *loader;
	struct str told;
	size_t loads;
};

static const char x86_64[] =
	"title Test\n"
	"machine x86_64\n"
	"python 12-\n"
	"glibc 2.34\n"
	"loader ld-linux-x86-64.so.2\n"
	"$LIB lib64\n"
	"$PLATFORM x86_64\n"
	"library-path /var/lang/lib /lib64 /usr/lib64 /var/runtime /var/task /var/task/lib /opt/lib\n"
	"default-dirs /lib64 /usr/lib64\n"
	"hwcaps glibc-hwcaps/x86-64-v3 glibc-hwcaps/x86-64-v2 tls/haswell haswell x86_64\n"
	"sure libc.so.6\n"
	"image libssl.so.3\n"
	"image libz.so.1\n"
	"interpreter libpython3.%.so.1.0\n";

static const char aarch64_al2[] = "title Test\n"
				  "machine aarch64\n"
				  "python 8-11\n"
				  "glibc 2.26\n"
				  "loader ld-linux-aarch64.so.1\n"
				  "$LIB lib64\n"
				  "$PLATFORM aarch64\n"
				  "library-path /var/lang/lib /lib64 /var/task /var/task/lib /opt/lib\n"
				  "default-dirs /lib64 /usr/lib64\n"
				  "hwcaps tls/aarch64 tls aarch64\n"
				  "sure libc.so.6\n";

/* --- making a world --------------------------------------------------------------------------- */

static bool is_value(struct str word, const char *key, struct str *value)
{
	if (!str_starts(word, str_of(key)))
		return false;
	*value = str_from(word, strlen(key));
	return true;
}

static void add_names(struct scene *scene, struct str list, struct elf_object *elf, enum load_kind kind)
{
	while (list.len) {
		struct str name;

		(void)str_cut(list, ',', &name, &list);
		if (kind == LOAD_NEEDED)
			*vec_push(&scene->arena, &elf->needed) = name;
		else if (kind == LOAD_FILTER)
			*vec_push(&scene->arena, &elf->filters) = name;
		else
			*vec_push(&scene->arena, &elf->auxiliary) = name;
	}
}

static void read_word(struct scene *scene, struct str word, struct file *file, struct library *library)
{
	struct elf_object *elf = &library->elf;
	struct str value;

	if (is_value(word, "need=", &value)) {
		add_names(scene, value, elf, LOAD_NEEDED);
	} else if (is_value(word, "aux=", &value)) {
		add_names(scene, value, elf, LOAD_AUXILIARY);
	} else if (is_value(word, "filter=", &value)) {
		add_names(scene, value, elf, LOAD_FILTER);
	} else if (is_value(word, "soname=", &value)) {
		elf->soname = value;
	} else if (is_value(word, "rpath=", &value)) {
		elf->rpath = value;
		elf->has_rpath = true;
	} else if (is_value(word, "runpath=", &value)) {
		elf->runpath = value;
		elf->has_runpath = true;
	} else if (is_value(word, "link=", &value)) {
		file->kind = FILE_SYMLINK;
		file->target = value;
	} else if (str_eq(word, STR("dir"))) {
		file->kind = FILE_DIR;
	} else if (str_eq(word, STR("text"))) {
		*library = (struct library){ .format = BINARY_OTHER };
	} else if (str_eq(word, STR("short"))) {
		*library = (struct library){ .format = BINARY_ELF, .elf = { .form = ELF_TORN } };
	} else if (str_eq(word, STR("torn"))) {
		elf->form = ELF_TORN;
	} else if (str_eq(word, STR("object"))) {
		elf->form = ELF_OBJECT;
	} else if (str_eq(word, STR("program"))) {
		elf->form = ELF_PROGRAM;
	} else if (str_eq(word, STR("debug"))) {
		elf->form = ELF_DEBUG;
	} else if (str_eq(word, STR("arm"))) {
		elf->machine = EM_AARCH64;
	} else if (str_eq(word, STR("i386"))) {
		elf->machine = EM_386;
		elf->is64 = false;
	} else if (str_eq(word, STR("x32"))) {
		elf->is64 = false;
	} else if (str_eq(word, STR("s390"))) {
		elf->machine = EM_S390;
		elf->big = true;
	} else if (str_eq(word, STR("nodeflib"))) {
		elf->no_default_dirs = true;
	} else if (str_eq(word, STR("never"))) {
		library->never = true;
	} else {
		fail_msg("no word: %.*s", STR_ARG(word));
	}
}

struct line {
	struct file file;
	struct library library;
};

static int by_tree_and_path(const void *left, const void *right)
{
	const struct line *a = left;
	const struct line *b = right;

	return a->file.tree != b->file.tree ? (a->file.tree > b->file.tree) - (a->file.tree < b->file.tree)
					    : str_cmp(a->file.path, b->file.path);
}

static struct line read_line(struct scene *scene, struct str text)
{
	struct line line = { .library = {
				     .format = BINARY_ELF,
				     .elf = { .form = ELF_SHARED, .is64 = true, .machine = EM_X86_64 } } };
	struct str word;

	(void)str_cut(text, ' ', &line.file.path, &text);
	if (line.file.path.ptr[0] == 'L' && line.file.path.ptr[2] == ':') {
		line.file.tree = (uint32_t)(line.file.path.ptr[1] - '0');
		line.file.path = str_from(line.file.path, 3);
	}
	while (text.len) {
		(void)str_cut(text, ' ', &word, &text);
		read_word(scene, word, &line.file, &line.library);
	}
	return line;
}

static void add_files(struct scene *scene, const char *files)
{
	struct str rest = str_of(files);
	VEC(struct line) lines = { 0 };
	uint32_t trees = 1;

	while (rest.len) {
		struct str text;

		(void)str_cut(rest, '\n', &text, &rest);
		*vec_push(&scene->arena, &lines) = read_line(scene, text);
	}
	qsort(lines.at, lines.len, sizeof(*lines.at), by_tree_and_path);
	for (size_t i = 0; i < lines.len; i++)
		if (lines.at[i].file.tree >= trees)
			trees = lines.at[i].file.tree + 1;
	for (uint32_t t = 0; t < trees; t++)
		*vec_push(&scene->arena, &scene->bundle.trees) =
			(struct tree){ .role = t ? TREE_LAYER : TREE_FUNCTION };
	for (size_t i = 0; i < lines.len; i++) {
		struct tree *tree = &scene->bundle.trees.at[lines.at[i].file.tree];

		tree->count++;
		*vec_push(&scene->arena, &scene->bundle.files) = lines.at[i].file;
	}
	for (uint32_t t = 1; t < trees; t++)
		scene->bundle.trees.at[t].first =
			scene->bundle.trees.at[t - 1].first + scene->bundle.trees.at[t - 1].count;
	libraries_begin(&scene->libraries, &scene->bundle, &scene->arena);
	for (size_t i = 0; i < lines.len; i++) {
		lines.at[i].library.file = (uint32_t)i;
		if (lines.at[i].file.kind == FILE_REGULAR &&
		    (lines.at[i].library.format == BINARY_ELF || libraries_is_name(lines.at[i].file.path)))
			libraries_add(&scene->libraries, &lines.at[i].library);
	}
}

/* platform: the text of one, or NULL for none. */
static struct scene *make(const char *platform, const char *files)
{
	struct scene *scene = calloc(1, sizeof(*scene));
	struct err err;

	if (!scene)
		abort();
	scene->bundle.arena = &scene->arena;
	add_files(scene, files);
	if (platform) {
		if (platform_parse(&scene->platforms, &scene->arena, STR("test-x.txt"), str_of(platform),
				   &err))
			fail_msg("%s", err.msg);
		scene->setup.platform = &scene->platforms.list.at[0];
		scene->setup.minor = platform == aarch64_al2 ? 11 : 13;
	}
	scene->setup.libraries = &scene->libraries;
	scene->loader = loader_begin(&scene->setup, &scene->arena);
	return scene;
}

static void unmake(struct scene *scene)
{
	arena_free(&scene->arena);
	free(scene);
}

/* --- asking it -------------------------------------------------------------------------------- */

static const char *const rules[] = {
	[FOUND_NOWHERE] = "nowhere",
	[FOUND_LOADED] = "loaded",
	[FOUND_PATH] = "path",
	[FOUND_RPATH] = "rpath",
	[FOUND_LIBRARY_PATH] = "library-path",
	[FOUND_RUNPATH] = "runpath",
	[FOUND_DEFAULT] = "default",
	[FOUND_FATAL] = "fatal",
};

static uint32_t find(const struct scene *scene, const char *path)
{
	struct str text = str_of(path);
	uint32_t tree = 0;
	uint32_t id;

	if (path[0] == 'L' && path[2] == ':') {
		tree = (uint32_t)(path[1] - '0');
		text = str_from(text, 3);
	}
	id = bundle_find(&scene->bundle, tree, text);
	if (id == NO_FILE)
		fail_msg("no file %s", path);
	return id;
}

static struct str where(struct scene *scene, const struct load *load)
{
	if (load->system)
		return load->dir.len ? str_fmt(&scene->arena, "%.*s/", STR_ARG(load->dir)) : STR("system");
	return load->file == NO_FILE ? STR("-") : loader_path_of(scene->loader, load->file);
}

static void tell(void *ctx, const struct load *load)
{
	struct scene *scene = ctx;
	struct str from = str_base(scene->bundle.files.at[load->from].path);
	struct str to = where(scene, load);
	const char *kind = load->kind == LOAD_NEEDED ? "" : load->kind == LOAD_FILTER ? "filter " : "aux ";
	struct str links = STR("");

	for (uint32_t i = 0; i < load->link_count; i++)
		links = str_fmt(&scene->arena, "%.*s via %.*s", STR_ARG(links),
				STR_ARG(scene->bundle.files.at[load->links[i]].path));
	scene->loads++;
	scene->told =
		str_fmt(&scene->arena, "%.*s%.*s %s%.*s %s %.*s%.*s\n", STR_ARG(scene->told), STR_ARG(from),
			kind, STR_ARG(load->name), rules[load->by], STR_ARG(to), STR_ARG(links));
}

static void expect(struct scene *scene, const char *root, const char *answer)
{
	scene->told = STR("");
	assert_true(loader_open(scene->loader, find(scene, root), tell, scene));
	if (!str_eq(scene->told, str_of(answer)))
		fail_msg("of %s, expected:\n%s--- but it is:\n%.*s", root, answer, STR_ARG(scene->told));
}

struct rule {
	const char *platform;
	const char *name;
	const char *files;
	const char *root;
	const char *answer;
};

static const struct rule table[] = {
	{ x86_64, "the system goes before /var/task in LD_LIBRARY_PATH",
	  "a.so need=libssl.so.3,libown.so\nlibssl.so.3\nlibown.so", "a.so",
	  "a.so libssl.so.3 library-path /lib64/\n"
	  "a.so libown.so library-path /var/task/libown.so\n" },
	{ x86_64, "only RPATH beats the system", "a.so need=libssl.so.3 rpath=$ORIGIN/libs\nlibs/libssl.so.3",
	  "a.so", "a.so libssl.so.3 rpath /var/task/libs/libssl.so.3\n" },
	{ x86_64, "RUNPATH loses to it", "a.so need=libssl.so.3 runpath=$ORIGIN/libs\nlibs/libssl.so.3",
	  "a.so", "a.so libssl.so.3 library-path /lib64/\n" },
	{ x86_64, "RPATH is not looked at where there is RUNPATH, even an empty one",
	  "a.so need=liba.so rpath=$ORIGIN/libs runpath=\nlibs/liba.so", "a.so", "a.so liba.so nowhere -\n" },
	{ x86_64, "nor by what that one loads",
	  "a.so need=b.so rpath=$ORIGIN/libs runpath=\nb.so need=c.so\nlibs/c.so", "a.so",
	  "a.so b.so library-path /var/task/b.so\n"
	  "b.so c.so nowhere -\n" },
	{ x86_64, "RPATH of who loaded it",
	  "a.so need=b.so rpath=$ORIGIN/libs\nlibs/b.so need=c.so\nlibs/c.so", "a.so",
	  "a.so b.so rpath /var/task/libs/b.so\n"
	  "b.so c.so rpath /var/task/libs/c.so\n" },
	{ x86_64, "RUNPATH of who loaded it does not count",
	  "a.so need=b.so runpath=$ORIGIN/libs\nlibs/b.so need=c.so\nlibs/c.so", "a.so",
	  "a.so b.so runpath /var/task/libs/b.so\n"
	  "b.so c.so nowhere -\n" },
	{ x86_64, "RPATH goes up past one that has RUNPATH, whose own RPATH is none",
	  "a.so need=b.so rpath=$ORIGIN/libs\n"
	  "libs/b.so need=c.so rpath=$ORIGIN/not runpath=$ORIGIN\n"
	  "libs/c.so need=d.so\nlibs/d.so\nlibs/not/d.so",
	  "a.so",
	  "a.so b.so rpath /var/task/libs/b.so\n"
	  "b.so c.so runpath /var/task/libs/c.so\n"
	  "c.so d.so rpath /var/task/libs/d.so\n" },
	{ x86_64, "RUNPATH hides what others have as RPATH",
	  "a.so need=b.so rpath=$ORIGIN/libs\nlibs/b.so need=c.so runpath=/nothing\nlibs/c.so", "a.so",
	  "a.so b.so rpath /var/task/libs/b.so\n"
	  "b.so c.so nowhere -\n" },
	{ x86_64, "who loaded it first counts, though others need it too",
	  "a.so need=b.so,c.so\nb.so need=d.so rpath=$ORIGIN/1\nc.so need=d.so rpath=$ORIGIN/2\n"
	  "1/d.so need=e.so\n1/e.so\n2/d.so\n2/e.so",
	  "a.so",
	  "a.so b.so library-path /var/task/b.so\n"
	  "a.so c.so library-path /var/task/c.so\n"
	  "b.so d.so rpath /var/task/1/d.so\n"
	  "c.so d.so loaded /var/task/1/d.so\n"
	  "d.so e.so rpath /var/task/1/e.so\n" },
	{ x86_64, "a loaded soname answers, and so does the name it was opened under",
	  "a.so need=liba-1.so,liba.so.1,liba-1.so\nliba-1.so soname=liba.so.1\nliba.so.1", "a.so",
	  "a.so liba-1.so library-path /var/task/liba-1.so\n"
	  "a.so liba.so.1 loaded /var/task/liba-1.so\n"
	  "a.so liba-1.so loaded /var/task/liba-1.so\n" },
	{ x86_64, "soname first, then the name of a copy: two objects",
	  "a.so need=liba.so.1,liba-1.so\nliba.so.1\nliba-1.so soname=liba.so.1", "a.so",
	  "a.so liba.so.1 library-path /var/task/liba.so.1\n"
	  "a.so liba-1.so library-path /var/task/liba-1.so\n" },
	{ x86_64, "of two with the same soname, the first",
	  "a.so need=1.so,2.so,s.so\n1.so soname=s.so\n2.so soname=s.so", "a.so",
	  "a.so 1.so library-path /var/task/1.so\n"
	  "a.so 2.so library-path /var/task/2.so\n"
	  "a.so s.so loaded /var/task/1.so\n" },
	{ x86_64, "the root's own soname",
	  "a.so need=b.so soname=libroot.so\nb.so need=libroot.so\nlibroot.so", "a.so",
	  "a.so b.so library-path /var/task/b.so\n"
	  "b.so libroot.so loaded /var/task/a.so\n" },
	{ x86_64, "breadth first: a sibling's need is loaded before a nephew looks",
	  "a.so need=b.so,c.so\nb.so need=d.so\nc.so need=e.so\n"
	  "d.so need=x.so rpath=$ORIGIN/d\ne.so need=x.so rpath=$ORIGIN/e\nd/x.so\ne/x.so",
	  "a.so",
	  "a.so b.so library-path /var/task/b.so\n"
	  "a.so c.so library-path /var/task/c.so\n"
	  "b.so d.so library-path /var/task/d.so\n"
	  "c.so e.so library-path /var/task/e.so\n"
	  "d.so x.so rpath /var/task/d/x.so\n"
	  "e.so x.so loaded /var/task/d/x.so\n" },
	{ x86_64, "symbolic links are one object, and must stay",
	  "a.so need=libx.so.1,libx.so rpath=$ORIGIN/l\nl link=libs\n"
	  "libs/libx.so link=libx.so.1\nlibs/libx.so.1 link=../real/libx.so.1.2\n"
	  "real/libx.so.1.2 need=liby.so rpath=$ORIGIN\nlibs/liby.so\nreal/liby.so",
	  "a.so",
	  "a.so libx.so.1 rpath /var/task/real/libx.so.1.2 via l via libs/libx.so.1\n"
	  "a.so libx.so rpath /var/task/real/libx.so.1.2 via l via libs/libx.so via libs/libx.so.1\n"
	  "libx.so.1.2 liby.so rpath /var/task/libs/liby.so\n" },
	{ x86_64, "links to nothing and out of the bundle are passed over, absolute ones are followed",
	  "a.so need=libx.so rpath=$ORIGIN/1:$ORIGIN/2:$ORIGIN/3:$ORIGIN/4\n1/libx.so link=nothing.so\n"
	  "2/libx.so link=../../../etc/libx.so\n3/libx.so link=/var/task/real.so\nreal.so\n4/libx.so",
	  "a.so", "a.so libx.so rpath /var/task/real.so via 3/libx.so\n" },
	{ x86_64, "a circle of links ends the search path that leads there, not the search",
	  "a.so need=libx.so,liby.so rpath=$ORIGIN/1:$ORIGIN/2\n1/libx.so link=lib1.so\n1/lib1.so "
	  "link=libx.so\n"
	  "2/libx.so\nlib/libx.so\n1/liby.so link=liby.so\n2/liby.so",
	  "a.so",
	  "a.so libx.so library-path /var/task/lib/libx.so\n"
	  "a.so liby.so nowhere -\n" },
	{ x86_64, "\"..\" behind a link of a directory is that of where it leads",
	  "a.so need=libx.so rpath=$ORIGIN/l/../libs\nl "
	  "link=deep/er\ndeep/er/f\ndeep/libs/libx.so\nlibs/libx.so",
	  "a.so", "a.so libx.so rpath /var/task/deep/libs/libx.so via l\n" },
	{ x86_64, "\"..\" of nothing is nothing, of an empty directory it is not",
	  "a.so need=libx.so,liby.so rpath=$ORIGIN/none/../libs:$ORIGIN/empty/../more\n"
	  "libs/libx.so\nmore/liby.so\nempty dir",
	  "a.so",
	  "a.so libx.so nowhere -\n"
	  "a.so liby.so rpath /var/task/more/liby.so\n" },
	{ x86_64, "out of the function and back, into a layer, and to the system",
	  "p/a.so need=libx.so,liby.so,libz.so.1 rpath=$ORIGIN/../../../var/task/libs:$ORIGIN/../../../opt/"
	  "l:$ORIGIN/../../../../usr/lib64\nlibs/libx.so\nL1:l/liby.so\nlibs/not/libz.so.1",
	  "p/a.so",
	  "a.so libx.so rpath /var/task/libs/libx.so\n"
	  "a.so liby.so rpath /opt/l/liby.so\n"
	  "a.so libz.so.1 rpath /usr/lib64/\n" },
	{ x86_64, "directories of the build machine are none of the system's",
	  "a.so need=libz.so.1,libc.so.6 rpath=/usr/local/lib:/usr/lib/x86_64-linux-gnu", "a.so",
	  "a.so libz.so.1 library-path /lib64/\n"
	  "a.so libc.so.6 library-path /lib64/\n" },
	{ x86_64, "tokens, in braces too",
	  "p/a.so need=1.so,2.so,3.so,4.so,5.so,6.so "
	  "rpath=${ORIGIN}/1:$ORIGIN/$LIB:$ORIGIN/${PLATFORM}:$ORIGIN-4:/var/task/$OTHER:$ORIGINS:"
	  "/var/task/${LIBS}\n"
	  "p/1/1.so\np/lib64/2.so\np/x86_64/3.so\np-4/4.so\n$OTHER/5.so\n${LIBS}/6.so",
	  "p/a.so",
	  "a.so 1.so rpath /var/task/p/1/1.so\n"
	  "a.so 2.so rpath /var/task/p/lib64/2.so\n"
	  "a.so 3.so rpath /var/task/p/x86_64/3.so\n"
	  "a.so 4.so rpath /var/task/p-4/4.so\n"
	  "a.so 5.so rpath /var/task/$OTHER/5.so\n"
	  "a.so 6.so rpath /var/task/${LIBS}/6.so\n" },
	{ aarch64_al2, "before glibc 2.28 a token without braces ends at a slash only",
	  "p/a.so arm need=3.so,4.so,5.so rpath=$ORIGIN/$PLATFORM:$ORIGIN-4:${ORIGIN}-5\n"
	  "p/aarch64/3.so arm\np-4/4.so arm\np-5/5.so arm",
	  "p/a.so",
	  "a.so 3.so rpath /var/task/p/aarch64/3.so\n"
	  "a.so 4.so nowhere -\n"
	  "a.so 5.so rpath /var/task/p-5/5.so\n" },
	{ x86_64, "empty and relative elements mean /var/task; an empty path means nothing",
	  "p/a.so need=1.so,2.so rpath=::libs\n1.so need=3.so rpath=\nlibs/2.so\nlibs/3.so", "p/a.so",
	  "a.so 1.so rpath /var/task/1.so\n"
	  "a.so 2.so rpath /var/task/libs/2.so\n"
	  "1.so 3.so rpath /var/task/libs/3.so\n" },
	{ x86_64, "a name with a slash is a path, and no search",
	  "p/a.so need=$ORIGIN/x.so,libs/y.so,./z.so,/opt/lib/w.so,/lib64/libz.so.1,libs/not.so "
	  "rpath=$ORIGIN\n"
	  "p/x.so\nlibs/y.so\nz.so\nL1:lib/w.so\nnot.so\np/libs/not.so",
	  "p/a.so",
	  "a.so $ORIGIN/x.so path /var/task/p/x.so\n"
	  "a.so libs/y.so path /var/task/libs/y.so\n"
	  "a.so ./z.so path /var/task/z.so\n"
	  "a.so /opt/lib/w.so path /opt/lib/w.so\n"
	  "a.so /lib64/libz.so.1 path /lib64/\n"
	  "a.so libs/not.so nowhere -\n" },
	{ x86_64, "a soname with a slash", "a.so need=b.so,out/b.so\nb.so soname=out/b.so", "a.so",
	  "a.so b.so library-path /var/task/b.so\n"
	  "a.so out/b.so loaded /var/task/b.so\n" },
	{ x86_64, "other machines and classes are passed over",
	  "a.so need=x.so rpath=$ORIGIN/1:$ORIGIN/2:$ORIGIN/3:$ORIGIN/4\n1/x.so arm\n2/x.so i386\n3/x.so "
	  "x32\n4/x.so",
	  "a.so", "a.so x.so rpath /var/task/4/x.so\n" },
	{ x86_64, "torn files of other machines too",
	  "a.so need=x.so rpath=$ORIGIN/1:$ORIGIN/2\n1/x.so arm torn\n2/x.so", "a.so",
	  "a.so x.so rpath /var/task/2/x.so\n" },
	{ x86_64, "what is no shared object ends the search, each of them",
	  "a.so need=1.so,2.so,3.so,4.so,5.so,6.so rpath=$ORIGIN/not:$ORIGIN/yes\n"
	  "not/1.so text\nnot/2.so short\nnot/3.so torn\nnot/4.so object\nnot/5.so debug\nnot/6.so s390\n"
	  "yes/1.so\nyes/2.so\nyes/3.so\nyes/4.so\nyes/5.so\nyes/6.so",
	  "a.so",
	  "a.so 1.so fatal /var/task/not/1.so\n"
	  "a.so 2.so fatal /var/task/not/2.so\n"
	  "a.so 3.so fatal /var/task/not/3.so\n"
	  "a.so 4.so fatal /var/task/not/4.so\n"
	  "a.so 5.so fatal /var/task/not/5.so\n"
	  "a.so 6.so fatal /var/task/not/6.so\n" },
	{ x86_64, "a text in /var/task kills what a layer has",
	  "a.so need=libx.so.1\nlib/libx.so.1 text\nL1:lib/libx.so.1", "a.so",
	  "a.so libx.so.1 fatal /var/task/lib/libx.so.1\n" },
	{ x86_64, "a file whose name says nothing", "a.so need=plugin rpath=$ORIGIN/1\n1/plugin text", "a.so",
	  "a.so plugin fatal /var/task/1/plugin\n" },
	{ x86_64, "hardware-specific directories go first, the best one before",
	  "a.so need=x.so,y.so,z.so rpath=$ORIGIN/l\nl/x.so\nl/glibc-hwcaps/x86-64-v3/x.so\n"
	  "l/glibc-hwcaps/x86-64-v2/x.so\nl/glibc-hwcaps/x86-64-v2/y.so\nl/haswell/y.so\nl/y.so\nl/haswell/"
	  "z.so arm\nl/z.so",
	  "a.so",
	  "a.so x.so rpath /var/task/l/glibc-hwcaps/x86-64-v3/x.so\n"
	  "a.so y.so rpath /var/task/l/glibc-hwcaps/x86-64-v2/y.so\n"
	  "a.so z.so rpath /var/task/l/z.so\n" },
	{ x86_64, "they may be links, and hold some",
	  "a.so need=x.so,y.so,z.so rpath=$ORIGIN/1:$ORIGIN/2:$ORIGIN/3\n1/x.so\n1/glibc-hwcaps link=../hw\n"
	  "hw/x86-64-v2/x.so\n2/y.so\n2/haswell link=../other\nother/y.so\n3/x86_64/z.so "
	  "link=../../z.so\nz.so\n"
	  "3/z.so",
	  "a.so",
	  "a.so x.so rpath /var/task/hw/x86-64-v2/x.so via 1/glibc-hwcaps\n"
	  "a.so y.so rpath /var/task/other/y.so via 2/haswell\n"
	  "a.so z.so rpath /var/task/z.so via 3/x86_64/z.so\n" },
	{ x86_64, "a link is enough",
	  "a.so need=x.so rpath=$ORIGIN/1\n1/x.so\n1/haswell link=../other\nother/x.so", "a.so",
	  "a.so x.so rpath /var/task/other/x.so via 1/haswell\n" },
	{ aarch64_al2, "AL2 knows the old ones only",
	  "a.so arm need=x.so,y.so rpath=$ORIGIN/l\nl/x.so arm\nl/glibc-hwcaps/x86-64-v2/x.so "
	  "arm\nl/tls/y.so arm\nl/y.so arm",
	  "a.so",
	  "a.so x.so rpath /var/task/l/x.so\n"
	  "a.so y.so rpath /var/task/l/tls/y.so\n" },
	{ x86_64, "$ORIGIN of what was found there is there",
	  "a.so need=x.so rpath=$ORIGIN/l\nl/haswell/x.so need=y.so runpath=$ORIGIN\nl/haswell/y.so\nl/y.so",
	  "a.so",
	  "a.so x.so rpath /var/task/l/haswell/x.so\n"
	  "x.so y.so runpath /var/task/l/haswell/y.so\n" },
	{ x86_64, "later layers go over earlier ones, and both behind the function",
	  "a.so need=1.so,2.so,3.so\nlib/1.so\nL1:lib/1.so\nL1:lib/2.so\nL1:lib/3.so\nL2:lib/2.so", "a.so",
	  "a.so 1.so library-path /var/task/lib/1.so\n"
	  "a.so 2.so library-path /opt/lib/2.so\n"
	  "a.so 3.so library-path /opt/lib/3.so\n" },
	{ x86_64, "a layer that was given as a function is at /opt too",
	  "python/p/a.so need=1.so,2.so rpath=/opt/lib/deep\nlib/1.so\nlib/deep/2.so", "python/p/a.so",
	  "a.so 1.so library-path /var/task/lib/1.so\n"
	  "a.so 2.so rpath /var/task/lib/deep/2.so\n" },
	{ x86_64, "it is not where there are layers",
	  "python/p/a.so need=2.so rpath=/opt/lib/deep\nlib/deep/2.so\nL1:lib/3.so", "python/p/a.so",
	  "a.so 2.so nowhere -\n" },
	{ x86_64, "a function is not", "p/a.so need=2.so rpath=/opt/lib/deep\nlib/deep/2.so", "p/a.so",
	  "a.so 2.so nowhere -\n" },
	{ x86_64, "libpython of this Python only", "a.so need=libpython3.13.so.1.0,libpython3.12.so.1.0",
	  "a.so",
	  "a.so libpython3.13.so.1.0 loaded system\n"
	  "a.so libpython3.12.so.1.0 nowhere -\n" },
	{ x86_64, "the system's, once loaded",
	  "a.so need=b.so,libz.so.1\nb.so need=libz.so.1 rpath=$ORIGIN/b\nb/libz.so.1", "a.so",
	  "a.so b.so library-path /var/task/b.so\n"
	  "a.so libz.so.1 library-path /lib64/\n"
	  "b.so libz.so.1 loaded system\n" },
	{ x86_64, "filtees: needed or not there",
	  "a.so need=b.so\nb.so filter=f.so,gone.so aux=x.so,lost.so\nf.so\nx.so", "a.so",
	  "a.so b.so library-path /var/task/b.so\n"
	  "b.so filter f.so library-path /var/task/f.so\n"
	  "b.so filter gone.so nowhere -\n"
	  "b.so aux x.so library-path /var/task/x.so\n"
	  "b.so aux lost.so nowhere -\n" },
	{ x86_64, "filtees come before the rest of the list",
	  "a.so need=b.so,c.so\nb.so need=n.so filter=f.so aux=x.so\nn.so\nc.so need=1.so\nf.so need=2.so\n"
	  "x.so need=3.so\n1.so\n2.so\n3.so",
	  "a.so",
	  "a.so b.so library-path /var/task/b.so\n"
	  "a.so c.so library-path /var/task/c.so\n"
	  "b.so n.so library-path /var/task/n.so\n"
	  "b.so filter f.so library-path /var/task/f.so\n"
	  "b.so aux x.so library-path /var/task/x.so\n"
	  "f.so 2.so library-path /var/task/2.so\n"
	  "x.so 3.so library-path /var/task/3.so\n"
	  "c.so 1.so library-path /var/task/1.so\n" },
	{ x86_64, "one that is already behind it is moved before it; one that is before it stays",
	  "a.so need=b.so,c.so,d.so\nb.so aux=d.so,a.so\nc.so need=1.so\nd.so need=2.so\n1.so\n2.so", "a.so",
	  "a.so b.so library-path /var/task/b.so\n"
	  "a.so c.so library-path /var/task/c.so\n"
	  "a.so d.so library-path /var/task/d.so\n"
	  "b.so aux d.so loaded /var/task/d.so\n"
	  "b.so aux a.so library-path /var/task/a.so\n"
	  "d.so 2.so library-path /var/task/2.so\n"
	  "c.so 1.so library-path /var/task/1.so\n" },
	{ x86_64, "nor does one that was put before it",
	  "a.so need=b.so\nb.so aux=x.so,y.so,x.so\nx.so need=p.so rpath=$ORIGIN/x\ny.so need=p.so "
	  "rpath=$ORIGIN/y\nx/p.so\ny/p.so",
	  "a.so",
	  "a.so b.so library-path /var/task/b.so\n"
	  "b.so aux x.so library-path /var/task/x.so\n"
	  "b.so aux y.so library-path /var/task/y.so\n"
	  "b.so aux x.so loaded /var/task/x.so\n"
	  "x.so p.so rpath /var/task/x/p.so\n"
	  "y.so p.so loaded /var/task/x/p.so\n" },
	{ x86_64, "filters of each other end", "a.so aux=b.so,a.so soname=a.so\nb.so aux=a.so,b.so", "a.so",
	  "a.so aux b.so library-path /var/task/b.so\n"
	  "a.so aux a.so loaded /var/task/a.so\n"
	  "b.so aux a.so loaded /var/task/a.so\n"
	  "b.so aux b.so loaded /var/task/b.so\n" },
	{ x86_64, "needs of each other end", "a.so need=b.so\nb.so need=a.so,b.so", "a.so",
	  "a.so b.so library-path /var/task/b.so\n"
	  "b.so a.so library-path /var/task/a.so\n"
	  "b.so b.so loaded /var/task/b.so\n" },
	{ x86_64, "an empty name is the main program's", "a.so need=,b.so\nb.so", "a.so",
	  "a.so  loaded -\n"
	  "a.so b.so library-path /var/task/b.so\n" },
	{ x86_64, "a program has names", "bin/tool program need=x.so rpath=$ORIGIN/../l\nl/x.so", "bin/tool",
	  "tool x.so rpath /var/task/l/x.so\n" },
	{ x86_64, "what is not for the target has none", "a.so arm need=x.so\nx.so", "a.so", "" },
	{ x86_64, "text has none", "a.so text\nx.so", "a.so", "" },
	{ NULL, "no platform: the search path is that of all",
	  "a.so need=1.so,2.so,3.so,libc.so.6 rpath=$ORIGIN/r\n"
	  "r/1.so\nlib/2.so\nL1:lib/3.so",
	  "a.so",
	  "a.so 1.so rpath /var/task/r/1.so\n"
	  "a.so 2.so library-path /var/task/lib/2.so\n"
	  "a.so 3.so library-path /opt/lib/3.so\n"
	  "a.so libc.so.6 default -\n" },
	{ NULL, "no platform: the machine is the root's",
	  "a.so arm need=x.so rpath=$ORIGIN/1:$ORIGIN/2\n1/x.so\n2/x.so arm", "a.so",
	  "a.so x.so rpath /var/task/2/x.so\n" },
};

static void test_rules(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct scene *scene = make(table[i].platform, table[i].files);

		print_message("# %s\n", table[i].name);
		expect(scene, table[i].root, table[i].answer);
		/* What was kept from the first time does not change the answer. */
		expect(scene, table[i].root, table[i].answer);
		unmake(scene);
	}
}

static void found(struct scene *scene, const char *from, const char *name, const char *answer)
{
	struct load load;

	loader_find(scene->loader, from ? find(scene, from) : NO_FILE, str_of(name), &load);
	load.from = load.from == NO_FILE ? 0 : load.from;
	scene->told = STR("");
	tell(scene, &load);
	if (!str_eq(scene->told, str_of(answer)))
		fail_msg("expected:\n%s--- but it is:\n%.*s", answer, STR_ARG(scene->told));
}

static void test_find(void **state)
{
	struct scene *scene =
		make(x86_64, "a.so need=b.so rpath=$ORIGIN/r soname=libme.so\nb.so\nlib/l.so\n"
			     "r/l.so\nr/x.so\nu.so runpath=$ORIGIN/r\np.py\nother.so arm rpath=$ORIGIN/r");

	(void)state;
	found(scene, "a.so", "x.so", "a.so x.so rpath /var/task/r/x.so\n");
	found(scene, "a.so", "l.so", "a.so l.so rpath /var/task/r/l.so\n");
	found(scene, "u.so", "l.so", "u.so l.so library-path /var/task/lib/l.so\n");
	found(scene, "u.so", "x.so", "u.so x.so runpath /var/task/r/x.so\n");
	found(scene, "a.so", "$ORIGIN/r/x.so", "a.so $ORIGIN/r/x.so path /var/task/r/x.so\n");
	found(scene, NULL, "$ORIGIN/r/x.so", "a.so $ORIGIN/r/x.so nowhere -\n");
	found(scene, NULL, "./r/x.so", "a.so ./r/x.so path /var/task/r/x.so\n");
	found(scene, NULL, "x.so", "a.so x.so nowhere -\n");
	found(scene, NULL, "l.so", "a.so l.so library-path /var/task/lib/l.so\n");
	found(scene, NULL, "libz.so.1", "a.so libz.so.1 library-path /lib64/\n");
	found(scene, "p.py", "x.so", "p.py x.so nowhere -\n");
	/* It is loaded itself; what it needs is not. */
	found(scene, "a.so", "libme.so", "a.so libme.so loaded /var/task/a.so\n");
	found(scene, NULL, "libme.so", "a.so libme.so nowhere -\n");
	/* One that cannot be loaded asks for nobody. */
	found(scene, "other.so", "x.so", "other.so x.so nowhere -\n");
	unmake(scene);

	scene = make(NULL, "a.so arm\nb.so arm\nc.so i386");
	found(scene, NULL, "a.so", "a.so a.so library-path /var/task/a.so\n");
	found(scene, "b.so", "a.so", "b.so a.so library-path /var/task/a.so\n");
	found(scene, "b.so", "c.so", "b.so c.so default -\n");
	found(scene, NULL, "c.so", "a.so c.so library-path /var/task/c.so\n");
	unmake(scene);
}

/* Of the load of that name when the root is opened. */
struct wanted {
	struct scene *scene;
	struct str name;
	struct str others;
};

static void see_others(void *ctx, const struct load *load)
{
	struct wanted *wanted = ctx;
	uint32_t *files;
	size_t count;

	if (!str_eq(load->name, wanted->name))
		return;
	count = loader_others(wanted->scene->loader, load, &files);
	for (size_t i = 0; i < count; i++) {
		struct str path = loader_path_of(wanted->scene->loader, files[i]);

		assert_true(i == 0 || files[i] > files[i - 1]);
		wanted->others =
			str_fmt(&wanted->scene->arena, "%.*s%.*s\n", STR_ARG(wanted->others), STR_ARG(path));
	}
}

static void others(struct scene *scene, const char *root, const char *name, const char *answer)
{
	struct wanted wanted = { .scene = scene, .name = str_of(name) };

	assert_true(loader_open(scene->loader, find(scene, root), see_others, &wanted));
	if (!str_eq(wanted.others, str_of(answer)))
		fail_msg("of %s, expected:\n%s--- but it is:\n%.*s", name, answer, STR_ARG(wanted.others));
}

static void test_others(void **state)
{
	struct scene *scene =
		make(x86_64,
		     "a.so need=nowhere.so,libz.so.1,libc.so.6,there.so,hw.so,libpython3.13.so.1.0,text.so "
		     "rpath=$ORIGIN/r\n"
		     "1/nowhere.so\n2/named.so soname=nowhere.so\n3/nowhere.so arm never\n4/nowhere.so text\n"
		     "5/nowhere.so soname=nowhere.so\n6/nowhere.so object\n7/not-nowhere.so\n"
		     "1/libz.so.1\n1/libc.so.6\nr/there.so\n1/there.so\n"
		     "r/hw.so\nr/haswell/hw.so\nr/glibc-hwcaps/x86-64-v2/hw.so\nr/deep/hw.so\n1/"
		     "hw.so\nhaswell/hw.so\n"
		     "r/text.so text\n1/text.so\nb.so need=there.so,there.so rpath=$ORIGIN/r\n"
		     "c.so need=old.so rpath=$ORIGIN/r\nr/old.so\nr/tls/haswell/old.so\nr/tls/old.so");

	(void)state;
	others(scene, "a.so", "nowhere.so",
	       "/var/task/1/nowhere.so\n/var/task/2/named.so\n/var/task/5/nowhere.so\n");
	others(scene, "a.so", "libz.so.1", "/var/task/1/libz.so.1\n");
	others(scene, "a.so", "libc.so.6", "");
	others(scene, "a.so", "there.so", "");
	others(scene, "a.so", "hw.so", "/var/task/r/haswell/hw.so\n/var/task/r/hw.so\n");
	others(scene, "a.so", "text.so", "/var/task/1/text.so\n");
	others(scene, "b.so", "there.so", "");
	others(scene, "c.so", "old.so", "/var/task/r/old.so\n");
	unmake(scene);

	/* Which subdirectories are looked into is not known: all. */
	scene = make(NULL, "a.so need=hw.so,libz.so.1 "
			   "rpath=$ORIGIN/r\nr/hw.so\nr/deep/hw.so\nrest/hw.so\n1/libz.so.1\nb.so "
			   "soname=libb.so need=libb.so\n1/libb.so");
	others(scene, "a.so", "hw.so", "/var/task/r/deep/hw.so\n");
	others(scene, "b.so", "libb.so", "");
	others(scene, "a.so", "libz.so.1", "/var/task/1/libz.so.1\n");
	unmake(scene);
}

static void test_paths(void **state)
{
	struct scene *scene = make(
		x86_64, "a/x.so\nl link=a\nf.so link=a/x.so\nup link=../../opt\nL1:lib/y.so\nL2:lib/y.so");
	static const struct {
		const char *path;
		const char *file;
	} cases[] = {
		{ "/var/task/a/x.so", "a/x.so" },
		{ "/var/task/./a/../a//x.so", "a/x.so" },
		{ "/var/task/l/x.so", "a/x.so" },
		{ "/var/task/f.so", "f.so" },
		{ "/opt/lib/y.so", "L2:lib/y.so" },
		{ "/var/task/up/lib/y.so", "L2:lib/y.so" },
		{ "/var/../opt/lib/y.so", "L2:lib/y.so" },
		{ "/../../opt/lib/y.so", "L2:lib/y.so" },
		{ "/var/task/a", NULL },
		{ "/var/task/l", "l" },
		{ "/var/task/none/../a/x.so", NULL },
		{ "/var/taska/x.so", NULL },
		{ "/var/task-f.so", NULL },
		{ "/var/task", NULL },
		{ "/", NULL },
		{ "", NULL },
		{ "/lib64/x.so", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint32_t file = loader_at(scene->loader, str_of(cases[i].path));

		if (file != (cases[i].file ? find(scene, cases[i].file) : NO_FILE))
			fail_msg("%s is not %s", cases[i].path, cases[i].file);
	}
	/* Longer than any path may be. */
	for (size_t length = PATH_ROOM - 20; length < 2 * PATH_ROOM; length += 10) {
		char *path = memset(arena_array(&scene->arena, char, length), 'x', length);

		memcpy(path, "/var/task/", 10);
		assert_int_equal(loader_at(scene->loader, (struct str){ path, length }), NO_FILE);
	}
	assert_true(str_eq(loader_path_of(scene->loader, find(scene, "a/x.so")), STR("/var/task/a/x.so")));
	assert_true(str_eq(loader_path_of(scene->loader, find(scene, "L1:lib/y.so")), STR("/opt/lib/y.so")));
	unmake(scene);
}

static void test_user_library_path(void **state)
{
	static const struct str dirs[] = { STR_INIT("/opt/lib"), STR_INIT("/var/task/$LIB"), STR_INIT("") };
	struct scene *scene =
		make(x86_64, "p/a.so need=1.so,2.so,3.so,4.so,libz.so.1\nL1:lib/1.so\nlib64/2.so\nlib/4.so\n"
			     "3.so need=5.so nodeflib\nlib64/libssl.so.3\nn.so need=libz.so.1 nodeflib");

	(void)state;
	scene->setup.library_path = dirs;
	scene->setup.library_path_count = 3;
	scene->loader = loader_begin(&scene->setup, &scene->arena);
	expect(scene, "p/a.so",
	       "a.so 1.so library-path /opt/lib/1.so\n"
	       "a.so 2.so library-path /var/task/lib64/2.so\n"
	       "a.so 3.so library-path /var/task/3.so\n"
	       "a.so 4.so nowhere -\n"
	       "a.so libz.so.1 default /lib64/\n"
	       "3.so 5.so nowhere -\n");
	expect(scene, "n.so", "n.so libz.so.1 nowhere -\n");
	unmake(scene);
}

static void count(void *ctx, const struct load *load)
{
	struct scene *scene = ctx;

	(void)load;
	scene->loads++;
}

/* A chain of objects, each with a search path of its own that has nothing: every search goes up all the way.
 */
static void test_bound(void **state)
{
	struct arena text = { 0 };
	struct str files = STR("");
	struct scene *scene;
	size_t opened = 0;
	struct load load;

	(void)state;
	for (unsigned i = 1000; i < 2000; i++)
		files = str_fmt(&text, "%.*s%s%u.so need=%u.so,x%u.so rpath=$ORIGIN/%u:$ORIGIN",
				STR_ARG(files), i > 1000 ? "\n" : "", i, i + 1, i, i);
	scene = make(x86_64, files.ptr);
	while (opened < 1000 && loader_open(scene->loader, (uint32_t)opened, count, scene))
		opened++;
	assert_in_range(opened, 2, 999);
	/* Then nothing is told, of anything. */
	scene->loads = 0;
	assert_false(loader_open(scene->loader, 999, count, scene));
	assert_int_equal(scene->loads, 0);
	loader_find(scene->loader, NO_FILE, STR("1000.so"), &load);
	assert_int_equal(load.by, FOUND_NOWHERE);
	assert_int_equal(load.file, NO_FILE);
	unmake(scene);
	arena_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),  cmocka_unit_test(test_find),
		cmocka_unit_test(test_others), cmocka_unit_test(test_paths),
		cmocka_unit_test(test_bound),  cmocka_unit_test(test_user_library_path),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
