/*
 * io/source: directories, archives and pipes become the same kind of listing; what is hostile, cut short or
 * no archive at all is refused. Zips have a program of their own.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>
#include <ftw.h>
#include <libdeflate.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "io/guess.h"
#include "io/source.h"
#include "io/zip_foreign.h"
#include "io/zip_write.h"

#include "scratch_dir.h"

#define MIB (1 << 20)

static struct arena arena;

/* --- an input and what came of it ------------------------------------------------------------- */

struct input {
	struct source *source;
	struct listing listing;
	struct notes notes;
	struct scratch scratch;
	struct err err;
	int failed;
};

static struct input input;

static void close_input(void)
{
	if (!input.failed)
		source_close(input.source);
	scratch_free(&input.scratch);
	input = (struct input){ .failed = -1 };
}

static int open_input(const char *path, uint64_t max)
{
	struct source_limits limits = { .max_unpacked = max };

	close_input();
	input.listing = (struct listing){ .arena = &arena, .notes = &input.notes };
	input.failed = source_open(&input.source, str_of(path), &limits, &input.listing, &input.err);
	return input.failed;
}

static void assert_opens(const char *path)
{
	if (open_input(path, MIB))
		fail_msg("%s", input.err.msg);
}

static void assert_refused(const char *path, const char *why)
{
	if (!open_input(path, MIB))
		fail_msg("%s was accepted with %zu files, though %s", path, input.listing.files.len, why);
	if (!strstr(input.err.msg, why))
		fail_msg("\"%s\" does not say \"%s\"", input.err.msg, why);
	assert_null(strchr(input.err.msg, '\n'));
	assert_memory_equal(input.err.msg, path, strcspn(path, "/"));
}

static const struct file *find(const char *path)
{
	for (size_t i = 0; i < input.listing.files.len; i++)
		if (str_eq(input.listing.files.at[i].path, str_of(path)))
			return &input.listing.files.at[i];
	fail_msg("%s is not listed", path);
	return NULL;
}

static int read_file(const char *path, struct bytes *content)
{
	return input.source->ops->content(input.source, find(path)->member, &input.scratch, content,
					  &input.err);
}

static void assert_content(const char *path, const char *text)
{
	struct bytes content;

	if (read_file(path, &content))
		fail_msg("%s", input.err.msg);
	assert_int_equal(find(path)->size, strlen(text));
	assert_int_equal(content.len, strlen(text));
	assert_memory_equal(content.ptr, text, content.len);
}

static void assert_unreadable(const char *path)
{
	struct bytes content;

	assert_int_equal(read_file(path, &content), -1);
	if (!strstr(input.err.msg, "changed while it was read"))
		fail_msg("%s", input.err.msg);
}

/* "path kind[x] size" of all files, a line each. */
static const char *listed(void)
{
	static const char kinds[] = "fdl";
	char *text = arena_alloc(&arena, 1 << 16, 1);
	size_t len = 0;

	for (size_t i = 0; i < input.listing.files.len; i++) {
		const struct file *file = &input.listing.files.at[i];

		len += (size_t)snprintf(text + len, (1 << 16) - len, "%.*s %c%s %d%s%.*s\n",
					STR_ARG(file->path), kinds[file->kind], file->exec ? "x" : "",
					(int)file->size, file->target.len ? " -> " : "",
					STR_ARG(file->target));
	}
	return text;
}

/* --- making inputs ---------------------------------------------------------------------------- */

/* Each test runs in an empty directory of its own. */
static int enter(void **state)
{
	(void)state;
	input.failed = -1;
	return scratch_enter();
}

static int leave(void **state)
{
	(void)state;
	close_input();
	arena_free(&arena);
	return scratch_leave();
}

static void make_file(const char *path, const void *content, size_t len)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, len), len);
	assert_int_equal(close(fd), 0);
}

static void make_text(const char *path, const char *text)
{
	make_file(path, text, strlen(text));
}

static void load(const char *path, char **at, size_t *len)
{
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	assert_int_equal(fstat(fd, &st), 0);
	*len = (size_t)st.st_size;
	*at = arena_alloc(&arena, *len + 1, 1);
	assert_int_equal(read(fd, *at, *len), *len);
	assert_int_equal(close(fd), 0);
}

typedef int chooser(struct archive *);

static struct archive *begin(const char *path, chooser *format, chooser *filter, const char *options)
{
	struct archive *a = archive_write_new();

	assert_int_equal(format(a), ARCHIVE_OK);
	if (filter)
		assert_true(filter(a) >= ARCHIVE_WARN);
	if (options)
		assert_int_equal(archive_write_set_options(a, options), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
	return a;
}

static void end(struct archive *a)
{
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	assert_int_equal(archive_write_free(a), ARCHIVE_OK);
}

/* text: content, or target of a symlink. */
static void add(struct archive *a, const char *name, mode_t mode, const char *text)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_mode(entry, mode);
	archive_entry_set_size(entry, S_ISREG(mode) ? (la_int64_t)strlen(text) : 0);
	if (S_ISLNK(mode))
		archive_entry_set_symlink(entry, text);
	if (archive_write_header(a, entry) < ARCHIVE_WARN)
		fail_msg("%s", archive_error_string(a));
	if (S_ISREG(mode))
		assert_int_equal(archive_write_data(a, text, strlen(text)), strlen(text));
	archive_entry_free(entry);
}

/* To the raw format: what the filter gets. */
static void add_bytes(struct archive *a, const char *at, size_t len)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, "x");
	archive_entry_set_mode(entry, S_IFREG | 0644);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, at, len), len);
	archive_entry_free(entry);
}

static void add_hard_link(struct archive *a, const char *name, const char *target)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_mode(entry, S_IFREG | 0644);
	archive_entry_set_hardlink(entry, target);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	archive_entry_free(entry);
}

/* A tar of one entry that libarchive would not write. */
static void make_hostile(const char *name, mode_t mode, const char *text)
{
	struct archive *a = begin("bad.tar", archive_write_set_format_ustar, NULL, NULL);

	add(a, "good.py", S_IFREG | 0644, "good");
	add(a, name, mode, text);
	end(a);
}

/* --- directories ------------------------------------------------------------------------------ */

static void a_directory_is_listed(void **state)
{
	static const char expected[] = "app.py f 4\n"
				       "bin/run fx 2\n"
				       "data l 10 -> pkg/a/deep\n"
				       "empty d 0\n"
				       "pkg/__init__.py f 0\n"
				       "pkg/a/deep/er.txt f 6\n";

	(void)state;
	for (int round = 0; round < 2; round++) {
		assert_int_equal(mkdir("in", 0755) || mkdir("in/bin", 0755) || mkdir("in/pkg", 0755) ||
					 mkdir("in/pkg/a", 0755) || mkdir("in/pkg/a/deep", 0755) ||
					 mkdir("in/empty", 0755),
				 0);
		/* The order on disk is that of creation on some file systems: it must not matter. */
		if (round)
			make_text("in/pkg/a/deep/er.txt", "deeper");
		make_text("in/app.py", "code");
		make_text("in/bin/run", "#!");
		assert_int_equal(chmod("in/bin/run", 0711), 0);
		make_text("in/pkg/__init__.py", "");
		assert_int_equal(symlink("pkg/a/deep", "in/data"), 0);
		if (!round)
			make_text("in/pkg/a/deep/er.txt", "deeper");
		assert_opens(round ? "in" : "in/");
		assert_string_equal(listed(), expected);
		assert_content("app.py", "code");
		assert_content("pkg/__init__.py", "");
		assert_content("pkg/a/deep/er.txt", "deeper");
		assert_int_equal(input.source->packed_size, 0);
		assert_int_equal(nftw("in", scratch_remove, 16, FTW_DEPTH | FTW_PHYS), 0);
	}
}

static void bad_directories_are_refused(void **state)
{
	(void)state;
	assert_int_equal(mkdir("in", 0755), 0);
	assert_refused("in", "is an empty directory");
	assert_refused("none", "none: no such file or directory");
	make_text("in/a", "1234567890");
	assert_int_equal(open_input("in", 10), 0);
	assert_int_equal(open_input("in", 9), -1);
	assert_non_null(strstr(input.err.msg, "in: a: the directory holds more than 9 B"));
	assert_int_equal(mkfifo("in/fi\nfo", 0644), 0);
	assert_refused("in", "in: fi\\x0afo: device, socket or pipe");
	assert_int_equal(unlink("in/fi\nfo"), 0);
	assert_int_equal(symlink("/etc/passwd", "in/link"), 0);
	assert_refused("in", "in: link: symbolic link to an absolute path");
	assert_int_equal(unlink("in/link") || symlink("../in/a", "in/link"), 0);
	assert_refused("in", "leaves the package");
	assert_int_equal(unlink("in/link"), 0);
	if (geteuid() != 0) {
		assert_int_equal(chmod("in/a", 0), 0);
		assert_refused("in", "in: a: cannot be read");
	}
}

static void deep_directories_end_somewhere(void **state)
{
	char name[201];
	int at = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	memset(name, 'd', 200);
	name[200] = '\0';
	assert_int_equal(mkdir("in", 0755), 0);
	for (int i = 0; i < 21; i++) {
		const char *part = i ? name : "in";
		int next;

		assert_true(mkdirat(at, part, 0755) == 0 || i == 0);
		next = openat(at, part, O_PATH | O_DIRECTORY | O_CLOEXEC);
		assert_true(next >= 0);
		assert_int_equal(close(at), 0);
		at = next;
	}
	assert_int_equal(close(at), 0);
	assert_refused("in", "more than 4000 bytes");
}

static void changes_are_noticed(void **state)
{
	struct timespec times[2] = { { .tv_sec = 1000000 }, { .tv_sec = 1000000 } };

	(void)state;
	assert_int_equal(mkdir("in", 0755) || mkdir("in/sub", 0755) || mkdir("other", 0755), 0);
	make_text("in/longer", "1");
	make_text("in/shorter", "123");
	make_text("in/same-size", "old");
	make_text("in/gone", "1");
	make_text("in/linked", "1");
	make_text("in/untouched", "1");
	make_text("in/sub/file", "inside");
	make_text("other/file", "secret");
	for (int i = 0; i < 2; i++)
		assert_int_equal(utimensat(AT_FDCWD, i ? "other/file" : "in/sub/file", times, 0), 0);
	assert_opens("in");
	make_text("in/longer", "12");
	make_text("in/shorter", "12");
	assert_int_equal(utimensat(AT_FDCWD, "in/same-size", times, 0), 0);
	assert_int_equal(unlink("in/gone") || unlink("in/linked") || symlink("untouched", "in/linked"), 0);
	assert_int_equal(rename("in/sub", "in/moved") || symlink("../other", "in/sub"), 0);
	assert_unreadable("longer");
	assert_unreadable("shorter");
	assert_unreadable("same-size");
	assert_unreadable("gone");
	assert_unreadable("linked");
	assert_unreadable("sub/file");
	assert_content("untouched", "1");
}

/* --- archives --------------------------------------------------------------------------------- */

static const struct {
	const char *name;
	chooser *format;
} formats[] = {
	{ "ustar", archive_write_set_format_ustar },	{ "pax", archive_write_set_format_pax },
	{ "gnutar", archive_write_set_format_gnutar },	{ "v7tar", archive_write_set_format_v7tar },
	{ "newc", archive_write_set_format_cpio_newc }, { "odc", archive_write_set_format_cpio },
	{ "7zip", archive_write_set_format_7zip },
};
enum { FORMATS = sizeof(formats) / sizeof(formats[0]), TARS = 4, CPIOS = 6 };

static const struct {
	const char *name;
	chooser *filter;
} filters[] = {
	{ "none", NULL },
	{ "gzip", archive_write_add_filter_gzip },
	{ "bzip2", archive_write_add_filter_bzip2 },
	{ "xz", archive_write_add_filter_xz },
	{ "lzma", archive_write_add_filter_lzma },
	{ "lzip", archive_write_add_filter_lzip },
	{ "zstd", archive_write_add_filter_zstd },
	{ "lz4", archive_write_add_filter_lz4 },
	{ "compress", archive_write_add_filter_compress },
};
enum { FILTERS = sizeof(filters) / sizeof(filters[0]) };

/* Formats and filters know nothing of each other: all of one with one of the other will do. */
static int filters_for(int format)
{
	return format == 1 ? FILTERS : 1;
}

static const char *big_text(void)
{
	enum { SIZE = 300000 };
	char *text = arena_alloc(&arena, SIZE + 1, 1);
	uint32_t seed = 1;

	for (int i = 0; i < SIZE; i++) {
		seed = seed * 1664525 + 1013904223;
		text[i] = (char)('a' + (seed >> 24) % 26);
	}
	return text;
}

static void make_sample(const char *path, int format, int filter, const char *big)
{
	struct archive *a = begin(path, formats[format].format, filters[filter].filter, NULL);

	if (format < CPIOS)
		add(a, "./", S_IFDIR | 0755, "");
	add(a, "./pkg/mod.py", S_IFREG | 0644, "code");
	add(a, "pkg/run", S_IFREG | 04755, "#!");
	add(a, "pkg", S_IFDIR | 0755, "");
	add(a, "void", S_IFDIR | 02755, "");
	add(a, "lib.so", S_IFLNK | 0777, "lib.so.1");
	add(a, "lib.so.1", S_IFREG | 0600, big);
	add(a, "zero", S_IFREG | 0644, "");
	end(a);
}

static void archives_of_all_kinds(void **state)
{
	static const char expected[] = "lib.so l 8 -> lib.so.1\n"
				       "lib.so.1 f 300000\n"
				       "pkg/mod.py f 4\n"
				       "pkg/run fx 2\n"
				       "void d 0\n"
				       "zero f 0\n";
	const char *big = big_text();

	(void)state;
	for (int format = 0; format < FORMATS; format++)
		for (int filter = 0; filter < filters_for(format); filter++) {
			make_sample("sample", format, filter, big);
			assert_opens("sample");
			assert_string_equal(listed(), expected);
			assert_content("pkg/mod.py", "code");
			assert_content("pkg/run", "#!");
			assert_content("lib.so.1", big);
			assert_content("zero", "");
			/* "./" is how tar spells it; set-uid goes, and the user hears of it. */
			assert_int_equal(input.notes.list.len, 1);
			assert_int_equal(input.notes.list.at[0].code, CODE_MODE_SPECIAL);
		}
}

/* Names are bytes: the user's locale and Unicode's normal forms change nothing. */
static void names_come_as_they_are(void **state)
{
	static const char *const locales[] = { "C", "C.UTF-8" };
	static const char composed[] = "caf\xc3\xa9.py";
	static const char decomposed[] = "cafe\xcc\x81.txt";
	static const char latin[] = "caf\xe9.dat";

	(void)state;
	for (int format = 0; format < CPIOS; format++)
		for (int way = 0; way < 4; way++) {
			const char *options = format == 1 && way > 1 ? "hdrcharset=BINARY" : NULL;
			struct archive *a;

			assert_non_null(setlocale(LC_ALL, locales[1]));
			a = begin("names", formats[format].format, NULL, options);
			add(a, composed, S_IFREG | 0644, "1");
			add(a, decomposed, S_IFLNK | 0777, composed);
			if (format != 1 || way > 1)
				add(a, latin, S_IFREG | 0644, "3");
			end(a);
			assert_non_null(setlocale(LC_ALL, locales[way % 2]));
			assert_opens("names");
			assert_content(composed, "1");
			assert_string_equal(find(decomposed)->target.ptr, composed);
			if (format != 1 || way > 1) {
				assert_content(latin, "3");
				assert_int_equal(input.notes.list.len, 1);
				assert_int_equal(input.notes.list.at[0].code, CODE_NAME_ENCODING);
			}
		}
	/* 7z has UTF-16 inside. */
	for (int way = 0; way < 2; way++) {
		struct archive *a;

		assert_non_null(setlocale(LC_ALL, locales[1]));
		a = begin("names", archive_write_set_format_7zip, NULL, NULL);
		add(a, composed, S_IFREG | 0644, "1");
		end(a);
		assert_non_null(setlocale(LC_ALL, locales[way]));
		assert_opens("names");
		assert_content(composed, "1");
	}
	assert_non_null(setlocale(LC_ALL, "C"));
}

static void hard_links_are_files(void **state)
{
	struct archive *a;

	(void)state;
	for (int format = 0; format < TARS; format++) {
		a = begin("links.tar", formats[format].format, NULL, NULL);
		add(a, "./first", S_IFREG | 0755, "content");
		add(a, "link", S_IFLNK | 0777, "first");
		add_hard_link(a, "./dir/second", "./first");
		add_hard_link(a, "third", "dir/second");
		add_hard_link(a, "fourth", "link");
		end(a);
		assert_opens("links.tar");
		assert_string_equal(listed(), "dir/second fx 7\n"
					      "first fx 7\n"
					      "fourth l 5 -> first\n"
					      "link l 5 -> first\n"
					      "third fx 7\n");
		assert_content("third", "content");
	}
	a = begin("links.tar", archive_write_set_format_ustar, NULL, NULL);
	add_hard_link(a, "second", "../../etc/passwd");
	end(a);
	assert_refused("links.tar",
		       "second: hard link to ../../etc/passwd, which is no file that comes before it");
	a = begin("links.tar", archive_write_set_format_ustar, NULL, NULL);
	add(a, "dir", S_IFDIR | 0755, "");
	add_hard_link(a, "second", "dir");
	end(a);
	assert_refused("links.tar", "hard link to dir, which is no file");
	/* Many names of one content count as what they unpack to. */
	a = begin("links.tar", archive_write_set_format_ustar, NULL, NULL);
	add(a, "big", S_IFREG | 0644, big_text());
	for (int i = 0; i < 3; i++) {
		char name[16];

		(void)snprintf(name, sizeof(name), "link%d", i);
		add_hard_link(a, name, "big");
	}
	end(a);
	assert_refused("links.tar", "unpacks to more than 1.0 MiB");
}

/* In cpio the content comes with the last name. */
static void add_inode(struct archive *a, const char *name, const char *text)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_mode(entry, S_IFREG | 0644);
	archive_entry_set_nlink(entry, 3);
	archive_entry_set_ino(entry, 77);
	archive_entry_set_dev(entry, 1);
	archive_entry_set_size(entry, (la_int64_t)strlen(text));
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, text, strlen(text)), strlen(text));
	archive_entry_free(entry);
}

static void hard_links_of_cpio(void **state)
{
	struct archive *a = begin("links.cpio", archive_write_set_format_cpio_newc, NULL, NULL);

	(void)state;
	add_inode(a, "a", "");
	add_inode(a, "b", "");
	add_inode(a, "c", "content");
	end(a);
	assert_opens("links.cpio");
	assert_string_equal(listed(), "a f 7\nb f 7\nc f 7\n");
	assert_content("a", "content");
	assert_content("b", "content");

	a = begin("links.cpio", archive_write_set_format_cpio_newc, NULL, NULL);
	add_inode(a, "a", "content");
	add_inode(a, "b", "content");
	end(a);
	assert_opens("links.cpio");
	assert_content("b", "content");

	a = begin("links.cpio", archive_write_set_format_cpio_newc, NULL, NULL);
	add_inode(a, "a", "content");
	add_inode(a, "b", "another");
	end(a);
	assert_refused("links.cpio", "b: hard link to a with another content");
}

static void holes_are_zeros(void **state)
{
	enum { SIZE = 600000, FROM = 200000 };
	struct archive *a = begin("holes.tar", archive_write_set_format_pax, NULL, NULL);
	struct archive_entry *entry = archive_entry_new();
	char *data = arena_alloc(&arena, SIZE, 1);
	struct bytes content;

	(void)state;
	memset(data + FROM, 7, 4096);
	archive_entry_set_pathname(entry, "sparse");
	archive_entry_set_mode(entry, S_IFREG | 0644);
	archive_entry_set_size(entry, SIZE);
	archive_entry_sparse_add_entry(entry, FROM, 4096);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, data, SIZE), SIZE);
	archive_entry_free(entry);
	add(a, "after", S_IFREG | 0644, "after");
	end(a);
	assert_opens("holes.tar");
	assert_int_equal(find("sparse")->size, SIZE);
	assert_int_equal(read_file("sparse", &content), 0);
	assert_int_equal(content.len, SIZE);
	assert_memory_equal(content.ptr, data, SIZE);
	assert_content("after", "after");
}

/* --- archives that are refused ---------------------------------------------------------------- */

static void hostile_members(void **state)
{
	static const struct {
		const char *name;
		mode_t mode;
		const char *text;
		const char *why;
	} cases[] = {
		{ "../x", S_IFREG, "x", "bad.tar: ../x: path with '..'" },
		{ "./../x", S_IFREG, "x", "path with '..'" },
		{ "a/../../x", S_IFREG, "x", "path with '..'" },
		{ "/abs", S_IFREG, "x", "absolute path" },
		{ ".//abs/../../x", S_IFREG, "x", "path with '..'" },
		{ "C:/x", S_IFREG, "x", "drive letter" },
		{ "a\\..\\x", S_IFREG, "x", "backslash" },
		{ "good.py", S_IFREG, "x", "occurs more than once" },
		{ "./good.py", S_IFREG, "x", "occurs more than once" },
		{ "good.py/x", S_IFREG, "x", "is a file and a directory at once" },
		{ "link", S_IFLNK, "../etc", "leaves the package" },
		{ "link", S_IFLNK, "/etc", "absolute path" },
		{ "null", S_IFCHR, "", "bad.tar: null: device, socket or pipe" },
		{ "disk", S_IFBLK, "", "device, socket or pipe" },
		{ "fi\033fo", S_IFIFO, "", "fi\\x1bfo: device, socket or pipe" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_hostile(cases[i].name, cases[i].mode | 0644, cases[i].text);
		assert_refused("bad.tar", cases[i].why);
	}
}

/* Where contents are checked by no sum, a cut still must not lose a member. */
static void cut_archives(void **state)
{
	enum { CUTS = 16 };
	const char *big = big_text();
	char *at;
	size_t len;

	(void)state;
	for (int format = 0; format < FORMATS; format++)
		for (int filter = 0; filter < filters_for(format); filter++) {
			make_sample("whole", format, filter, big);
			load("whole", &at, &len);
			for (size_t cut = 1; cut < CUTS; cut++) {
				struct bytes content;

				make_file("cut", at, len * cut / CUTS);
				/* A cut through the zeros behind a tar's end mark is no loss. */
				if (!open_input("cut", MIB))
					assert_int_equal(read_file("zero", &content), 0);
				else
					assert_null(strstr(input.err.msg, "is not a zip"));
			}
		}
	make_sample("whole", 0, 0, big);
	load("whole", &at, &len);
	/* Exactly between two members: "lib.so.1" is the last but one. */
	for (size_t block = 1; block < 12; block++) {
		make_file("cut.tar", at, 512 * block);
		if (open_input("cut.tar", MIB) == 0)
			fail_msg("a tar of %zu blocks was accepted", block);
	}
	make_file("cut.tar", at, 1536);
	assert_refused("cut.tar", "is cut short: the tar has no end mark");
}

static void damaged_archives(void **state)
{
	const char *big = big_text();
	char *at;
	size_t len;

	(void)state;
	/* All but those that are left out have a checksum over the data. */
	for (int filter = 1; filter < FILTERS - 1; filter++) {
		if (filters[filter].filter == archive_write_add_filter_lzma ||
		    filters[filter].filter == archive_write_add_filter_zstd)
			continue;
		make_sample("whole", 1, filter, big);
		load("whole", &at, &len);
		at[len / 2] ^= 0x10;
		make_file("damaged", at, len);
		if (open_input("damaged", MIB) == 0)
			fail_msg("damaged %s was accepted", filters[filter].name);
	}
	make_sample("whole", FORMATS - 1, 0, big);
	load("whole", &at, &len);
	at[len / 2] ^= 0x10;
	make_file("damaged", at, len);
	assert_refused("damaged", "damaged");
}

/* `whole` as gzip members of `step` bytes each, with an empty one behind each but the last. */
static struct bytes gzip_of(struct bytes whole, size_t step, int level)
{
	struct libdeflate_compressor *gz = libdeflate_alloc_compressor(level);
	uint8_t *at = arena_alloc(&arena, 2 * whole.len + 100 * (whole.len / step + 1), 1);
	size_t len = 0;

	for (size_t from = 0; from < whole.len; from += step) {
		size_t n = whole.len - from < step ? whole.len - from : step;

		len += libdeflate_gzip_compress(gz, whole.ptr + from, n, at + len, 2 * n + 50);
		if (from + n < whole.len)
			len += libdeflate_gzip_compress(gz, whole.ptr, 0, at + len, 50);
	}
	libdeflate_free_compressor(gz);
	return (struct bytes){ at, len };
}

static void gzip_checksums(void **state)
{
	/* Looks like the header of one more member when it is stored. */
	static const char lure[] = "\x1f\x8b\x08\x08\x01\x01\x01\x01\x02\x03 and no member";
	struct archive *a;
	struct bytes gz;
	uint8_t *second;
	char *padded;
	char *tar;
	size_t size;
	size_t len;

	(void)state;
	a = begin("a.tar", archive_write_set_format_ustar, NULL, NULL);
	add(a, "app.py", S_IFREG | 0644, "code");
	add(a, "lure", S_IFREG | 0644, lure);
	end(a);
	load("a.tar", &tar, &len);
	for (size_t step = 1000; step <= len; step += len - 1000)
		for (int level = 0; level < 7; level += 6) {
			/* Between members, stored data that looks like a header cannot be told from one. */
			if (level == 0 && step < len)
				continue;
			gz = gzip_of((struct bytes){ (const uint8_t *)tar, len }, step, level);
			make_file("a.tgz", gz.ptr, gz.len);
			assert_opens("a.tgz");
			assert_content("app.py", "code");
			assert_content("lure", lure);
			make_file("a.tgz", gz.ptr, gz.len - 1);
			assert_refused("a.tgz", "a.tgz: ");
		}
	/* Far behind the end mark: the archive's reader never comes there, but the checksum does. */
	make_file("padded.tar", tar, len);
	assert_int_equal(truncate("padded.tar", (off_t)4 * MIB), 0);
	load("padded.tar", &padded, &size);
	gz = gzip_of((struct bytes){ (const uint8_t *)padded, size }, size, 6);
	make_file("a.tgz", gz.ptr, gz.len);
	assert_opens("a.tgz");
	/* The checksum of a member in the middle, and bytes behind the last. */
	gz = gzip_of((struct bytes){ (const uint8_t *)tar, len }, 1000, 6);
	second = memmem(gz.ptr + 20, gz.len - 20, "\x1f\x8b\x08", 3); /* the empty one */
	assert_non_null(second);
	second[-8] ^= 1;
	make_file("a.tgz", gz.ptr, gz.len);
	assert_refused("a.tgz", "a.tgz: CRC error: the gzip file is damaged");
	second[-8] ^= 1;
	make_file("a.tgz", gz.ptr, gz.len + 100);
	assert_refused("a.tgz", "something behind its end");
}

static void bombs(void **state)
{
	static char zeros[MIB];
	static const struct {
		chooser *format;
		chooser *filter;
	} kinds[] = {
		{ archive_write_set_format_pax, archive_write_add_filter_gzip },
		{ archive_write_set_format_pax, archive_write_add_filter_xz },
		{ archive_write_set_format_cpio_newc, archive_write_add_filter_zstd },
		{ archive_write_set_format_7zip, NULL },
	};
	struct archive_entry *entry;
	struct archive *a;

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		entry = archive_entry_new();
		a = begin("bomb", kinds[i].format, kinds[i].filter, NULL);
		archive_entry_set_pathname(entry, "zeros");
		archive_entry_set_mode(entry, S_IFREG | 0644);
		archive_entry_set_size(entry, (la_int64_t)64 * MIB);
		assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
		for (int k = 0; k < 64; k++)
			assert_int_equal(archive_write_data(a, zeros, sizeof(zeros)), sizeof(zeros));
		end(a);
		archive_entry_free(entry);
		assert_refused("bomb",
			       "bomb: zeros: the package unpacks to more than 1.0 MiB; raise --max-unpacked");
	}
	/* A hole takes no space in the archive. */
	entry = archive_entry_new();
	a = begin("bomb", archive_write_set_format_pax, NULL, NULL);
	archive_entry_set_pathname(entry, "hole");
	archive_entry_set_mode(entry, S_IFREG | 0644);
	archive_entry_set_size(entry, (la_int64_t)1 << 50);
	archive_entry_sparse_add_entry(entry, 0, 1);
	assert_int_equal(archive_write_header(a, entry), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, "x", 1), 1);
	archive_entry_free(entry);
	(void)archive_write_close(a);
	(void)archive_write_free(a);
	assert_int_equal(open_input("bomb", MIB), -1);
}

static void what_is_no_archive(void **state)
{
	static const struct {
		struct str content;
		const char *why;
	} cases[] = {
		{ STR(""), "odd: is an empty file" },
		{ STR("hi\n"), "it has only 3 bytes" },
		{ STR("plain text"), "it starts with 70 6c 61 69" },
		{ STR("\x7f"
		      "ELF\2\1\1\0\0\0\0\0\0\0\0\0"),
		  "it looks like an ELF file" },
		{ STR("%PDF-1.7\n%\xe2\xe3"), "a PDF document" },
		{ STR("\n <!DOCTYPE HTML><html>"), "an HTML page" },
		{ STR("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"), "git lfs pull" },
		{ STR("<?xml version=\"1.0\"?><Error><Code>AccessDenied"), "error message of a download" },
	};
	struct archive *a =
		begin("text.gz", archive_write_set_format_raw, archive_write_add_filter_gzip, NULL);
	char *gz;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		make_file("odd", cases[i].content.ptr, cases[i].content.len);
		assert_refused("odd", cases[i].why);
	}
	add(a, "x", S_IFREG | 0644, "just text, and no tar");
	end(a);
	assert_refused("text.gz", "it looks like a gzip file without an archive in it");
	a = begin("nothing.gz", archive_write_set_format_raw, archive_write_add_filter_gzip, NULL);
	add(a, "x", S_IFREG | 0644, "");
	end(a);
	assert_refused("nothing.gz", "is compressed, but with nothing in it");
	a = begin("twice.gz", archive_write_set_format_raw, archive_write_add_filter_gzip, NULL);
	load("text.gz", &gz, &len);
	add_bytes(a, gz, len);
	end(a);
	assert_refused("twice.gz", "twice over");
	a = begin("empty.tar", archive_write_set_format_pax, NULL, NULL);
	end(a);
	assert_refused("empty.tar", "nothing in it");
	/* What the own index refuses is not tried again. */
	a = begin("cut.zip", archive_write_set_format_zip, NULL, NULL);
	add(a, "a", S_IFREG | 0644, "streaming readers would take it");
	end(a);
	assert_int_equal(truncate("cut.zip", 100), 0);
	assert_refused("cut.zip", "end-of-central-directory");
}

/* --- pipes and zips --------------------------------------------------------------------------- */

static void make_zip(const char *path)
{
	struct zip_entry entry = { .name = STR("app.py"),
				   .data = { (const uint8_t *)"code", 4 },
				   .size = 4,
				   .crc = libdeflate_crc32(0, "code", 4),
				   .mode = 0100644 };
	struct out out = { 0 };
	struct err err;

	assert_int_equal(out_open_file(&out, str_of(path), &arena, &err), 0);
	assert_int_equal(zip_write(&out, &entry, 1, &err), 0);
	assert_int_equal(out_commit(&out, &err), 0);
}

/* Runs `body` with standard input from a pipe that brings the file, or from the file itself. */
static void with_stdin(const char *path, bool piped, const char *name)
{
	int saved = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	pid_t child = 0;
	int ends[2];

	if (piped) {
		char *at;
		size_t len;

		load(path, &at, &len);
		assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
		child = fork();
		if (child == 0)
			_exit(write(ends[1], at, len) != (ssize_t)len);
		assert_int_equal(close(ends[1]), 0);
		assert_int_equal(dup2(ends[0], STDIN_FILENO), 0);
		assert_int_equal(close(ends[0]), 0);
	} else {
		assert_int_equal(dup2(fd, STDIN_FILENO), 0);
	}
	assert_int_equal(close(fd), 0);
	assert_opens(name);
	assert_content("app.py", "code");
	if (child)
		assert_int_equal(waitpid(child, NULL, 0), child);
	if (saved >= 0) {
		assert_int_equal(dup2(saved, STDIN_FILENO), 0);
		assert_int_equal(close(saved), 0);
	}
}

static void pipes_and_redirections(void **state)
{
	struct archive *a;

	(void)state;
	make_zip("a.zip");
	a = begin("a.tgz", archive_write_set_format_pax, archive_write_add_filter_gzip, NULL);
	add(a, "app.py", S_IFREG | 0644, "code");
	end(a);
	assert_opens("a.zip");
	assert_content("app.py", "code");
	for (int i = 0; i < 4; i++)
		with_stdin(i % 2 ? "a.zip" : "a.tgz", i / 2, "-");
	with_stdin("a.zip", true, "/dev/stdin");
	with_stdin("a.tgz", true, "/dev/fd/0");
}

static void an_endless_pipe_ends(void **state)
{
	(void)state;
	assert_int_equal(setenv("TMPDIR", "/nonexistent", 1), 0);
	assert_int_equal(open_input("/dev/zero", MIB), -1);
	assert_non_null(
		strstr(input.err.msg, "/dev/zero: cannot keep a temporary copy in /nonexistent (TMPDIR"));
	assert_int_equal(unsetenv("TMPDIR"), 0);
}

/* --- members of zips that need libarchive ------------------------------------------------------ */

/* What a filter makes of `text`: the data of a zip member. */
static struct bytes compressed(chooser *filter, const char *text)
{
	struct archive *a = begin("raw", archive_write_set_format_raw, filter, NULL);
	char *at;
	size_t len;

	add(a, "x", S_IFREG | 0644, text);
	end(a);
	load("raw", &at, &len);
	return (struct bytes){ (const uint8_t *)at, len };
}

/* .lzma with zip's header in the place of its own. */
static struct bytes zip_lzma(const char *text)
{
	static const uint8_t header[] = { 9, 20, 5, 0 };
	struct bytes alone = compressed(archive_write_add_filter_lzma, text);
	uint8_t *at = arena_alloc(&arena, alone.len, 1);

	memcpy(at, header, 4);
	memcpy(at + 4, alone.ptr, 5);
	memcpy(at + 9, alone.ptr + 13, alone.len - 13);
	return (struct bytes){ at, alone.len - 4 };
}

static void foreign_methods(void **state)
{
	const char *text = big_text();
	struct zip_member members[] = {
		{ .method = 12, .data = compressed(archive_write_add_filter_bzip2, text) },
		{ .method = 14, .flags = 2, .data = zip_lzma(text) },
		{ .method = 93, .data = compressed(archive_write_add_filter_zstd, text) },
		{ .method = 95, .data = compressed(archive_write_add_filter_xz, text) },
	};
	struct scratch scratch = { 0 };
	struct bytes out;
	struct err err;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct zip_member m = members[i];
		uint8_t *longer = arena_alloc(&arena, m.data.len + 1, 1);

		m.size = strlen(text);
		m.crc = libdeflate_crc32(0, text, strlen(text));
		if (zip_foreign_content(&m, &scratch, &out, &err))
			fail_msg("method %u: %s", m.method, err.msg);
		assert_int_equal(out.len, m.size);
		assert_memory_equal(out.ptr, text, out.len);

		m.size--;
		assert_int_equal(zip_foreign_content(&m, &scratch, &out, &err), -1);
		m.size += 2;
		assert_int_equal(zip_foreign_content(&m, &scratch, &out, &err), -1);
		m.size--;
		m.data.len -= 20;
		assert_int_equal(zip_foreign_content(&m, &scratch, &out, &err), -1);
		m.data.len += 20;
		memcpy(longer, m.data.ptr, m.data.len);
		m.data = (struct bytes){ longer, m.data.len + 1 };
		if (zip_foreign_content(&m, &scratch, &out, &err) == 0)
			fail_msg("method %u: junk behind the data was accepted", m.method);
		m.data.len--;
		longer[m.data.len / 2] ^= 1;
		assert_int_equal(zip_foreign_content(&m, &scratch, &out, &err), -1);
		m.method = 97;
		assert_int_equal(zip_foreign_content(&m, &scratch, &out, &err), -1);
	}
	scratch_free(&scratch);
}

static void scratch_grows(void **state)
{
	struct scratch scratch = { 0 };
	uint8_t *at;

	(void)state;
	assert_non_null(scratch_reserve(&scratch, 0));
	at = scratch_reserve(&scratch, 100000);
	memset(at, 1, 100000);
	assert_ptr_equal(scratch_reserve(&scratch, 1), at);
	assert_non_null(scratch_inflater(&scratch));
	assert_ptr_equal(scratch_inflater(&scratch), scratch.inflater);
	scratch_free(&scratch);
	assert_null(scratch.at);
	scratch_free(&scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_directory_is_listed, enter, leave),
		cmocka_unit_test_setup_teardown(bad_directories_are_refused, enter, leave),
		cmocka_unit_test_setup_teardown(deep_directories_end_somewhere, enter, leave),
		cmocka_unit_test_setup_teardown(changes_are_noticed, enter, leave),
		cmocka_unit_test_setup_teardown(archives_of_all_kinds, enter, leave),
		cmocka_unit_test_setup_teardown(names_come_as_they_are, enter, leave),
		cmocka_unit_test_setup_teardown(hard_links_are_files, enter, leave),
		cmocka_unit_test_setup_teardown(hard_links_of_cpio, enter, leave),
		cmocka_unit_test_setup_teardown(holes_are_zeros, enter, leave),
		cmocka_unit_test_setup_teardown(hostile_members, enter, leave),
		cmocka_unit_test_setup_teardown(cut_archives, enter, leave),
		cmocka_unit_test_setup_teardown(damaged_archives, enter, leave),
		cmocka_unit_test_setup_teardown(gzip_checksums, enter, leave),
		cmocka_unit_test_setup_teardown(bombs, enter, leave),
		cmocka_unit_test_setup_teardown(what_is_no_archive, enter, leave),
		cmocka_unit_test_setup_teardown(pipes_and_redirections, enter, leave),
		cmocka_unit_test_setup_teardown(an_endless_pipe_ends, enter, leave),
		cmocka_unit_test_setup_teardown(foreign_methods, enter, leave),
		cmocka_unit_test_setup_teardown(scratch_grows, enter, leave),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
