/*
 * The rules for names: a table of single names, and a table of lists whose names must go together.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "io/listing.h"

#define D10  "dddddddddd"
#define D50  D10 D10 D10 D10 D10
#define D255 D50 D50 D50 D50 D50 "ddddd"

/* STR() of a literal that holds a NUL, as an initializer of a table. */
#define NAME(literal)                                                                                        \
	{                                                                                                    \
		literal, sizeof(literal) - 1                                                                 \
	}

struct lister {
	struct arena arena;
	struct notes notes;
	struct listing listing;
};

static void start(struct lister *lister)
{
	*lister = (struct lister){ 0 };
	lister->listing = (struct listing){ .arena = &lister->arena, .notes = &lister->notes };
}

static unsigned first_note(const struct lister *lister)
{
	return lister->notes.list.len ? (unsigned)lister->notes.list.at[0].code : 0;
}

struct name_case {
	struct str name;
	const char *path;  /* what becomes of it; NULL: refused */
	const char *fault; /* what the message must hold */
	unsigned note;
};

static const struct name_case name_cases[] = {
	{ NAME("a.txt"), "a.txt", NULL, 0 },
	{ NAME("a/b/c.txt"), "a/b/c.txt", NULL, 0 },
	{ NAME(" "), " ", NULL, 0 },
	{ NAME("..."), "...", NULL, 0 },
	{ NAME("..a/b.."), "..a/b..", NULL, 0 },
	{ NAME(".hidden"), ".hidden", NULL, 0 },
	{ NAME("-rf"), "-rf", NULL, 0 },
	{ NAME("~/x"), "~/x", NULL, 0 },
	{ NAME("a:b"), "a:b", NULL, 0 },
	{ NAME("1:/x"), "1:/x", NULL, 0 },
	{ NAME("new\nline\x1b[0m"), "new\nline\x1b[0m", NULL, 0 },
	{ NAME("na\xc3\xafve"), "na\xc3\xafve", NULL, 0 },
	{ NAME("x/" D255), "x/" D255, NULL, 0 },
	{ NAME("caf\xe9"), "caf\xe9", NULL, CODE_NAME_ENCODING },
	{ NAME("./a"), "a", NULL, 0 },
	{ NAME("a//b"), "a/b", NULL, CODE_NAME_NORMALISED },
	{ NAME("a/./b"), "a/b", NULL, CODE_NAME_NORMALISED },
	{ NAME("././/a"), "a", NULL, CODE_NAME_NORMALISED },
	{ NAME(""), NULL, "name", 0 },
	{ NAME("."), NULL, "name", 0 },
	{ NAME("./."), NULL, "name", 0 },
	{ NAME("/"), NULL, "absolute", 0 },
	{ NAME("/a"), NULL, "absolute", 0 },
	{ NAME("//a"), NULL, "absolute", 0 },
	{ NAME("C:/a"), NULL, "drive", 0 },
	{ NAME("z:/"), NULL, "drive", 0 },
	{ NAME(".."), NULL, "'..'", 0 },
	{ NAME("../a"), NULL, "'..'", 0 },
	{ NAME("a/.."), NULL, "'..'", 0 },
	{ NAME("a/../b"), NULL, "'..'", 0 },
	{ NAME("a/../"), NULL, "'..'", 0 },
	{ NAME(".\\a"), NULL, "backslash", 0 },
	{ NAME("a\\b"), NULL, "backslash", 0 },
	{ NAME("C:\\a"), NULL, "backslash", 0 },
	{ NAME("a\0.py"), NULL, "NUL", 0 },
	{ NAME("\0"), NULL, "NUL", 0 },
	{ NAME("x/" D255 "d"), NULL, "255", 0 },
	{ NAME(D255 "d/x"), NULL, "255", 0 },
};

static void test_single_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(name_cases) / sizeof(name_cases[0]); i++) {
		const struct name_case *c = &name_cases[i];
		struct listing_entry entry = { .name = c->name, .size = 3, .packed = 2, .member = 7 };
		struct lister l;
		struct err err = { "" };
		int got;

		start(&l);
		got = listing_add(&l.listing, &entry, &err);
		if (got != (c->path ? 0 : -1))
			fail_msg("name %zu: got %d (%s)", i, got, err.msg);
		if (!c->path && !strstr(err.msg, c->fault))
			fail_msg("name %zu: no '%s' in: %s", i, c->fault, err.msg);
		if (c->path && !str_eq(l.listing.files.at[0].path, str_of(c->path)))
			fail_msg("name %zu: became %.*s", i, STR_ARG(l.listing.files.at[0].path));
		if (first_note(&l) != c->note)
			fail_msg("name %zu: note %u, not %u", i, first_note(&l), c->note);
		arena_free(&l.arena);
	}
}

/* Paths of n bytes, in components of 100. */
static int add_long(size_t n)
{
	struct lister l;
	struct err err;
	struct buf buf;
	int got;

	start(&l);
	buf = (struct buf){ .arena = &l.arena };
	while (buf.len + 100 < n) {
		buf_fill(&buf, 'd', 99);
		buf_add(&buf, STR("/"));
	}
	buf_fill(&buf, 'x', n - buf.len);
	got = listing_add(&l.listing, &(struct listing_entry){ .name = buf_str(&buf) }, &err);
	arena_free(&l.arena);
	return got;
}

static void test_long_paths(void **state)
{
	(void)state;
	assert_int_equal(add_long(3999), 0);
	assert_int_equal(add_long(4000), 0);
	assert_int_equal(add_long(4001), -1);
	assert_int_equal(add_long(60000), -1);
}

static void test_message_is_printable(void **state)
{
	struct lister l;
	struct err err;

	(void)state;
	start(&l);
	assert_int_equal(
		listing_add(&l.listing, &(struct listing_entry){ .name = STR("../\x1b[2J\n\xff") }, &err),
		-1);
	for (const char *p = err.msg; *p; p++)
		assert_true(*p >= ' ' && *p <= '~');
	assert_non_null(strstr(err.msg, "\\x1b"));
	arena_free(&l.arena);
}

static void test_fields_are_kept(void **state)
{
	const struct listing_entry entry = { .name = STR("bin/run"),
					     .exec = true,
					     .special_mode = true,
					     .member = 7,
					     .size = 30,
					     .packed = 20 };
	struct lister l;
	struct err err;
	const struct file *file;

	(void)state;
	start(&l);
	assert_int_equal(listing_add(&l.listing, &entry, &err), 0);
	file = &l.listing.files.at[0];
	assert_int_equal(file->kind, FILE_REGULAR);
	assert_true(file->exec);
	assert_int_equal(file->member, 7);
	assert_int_equal(file->size, 30);
	assert_int_equal(file->packed, 20);
	assert_int_equal(file->dist, NO_DIST);
	assert_int_equal(first_note(&l), CODE_MODE_SPECIAL);
	arena_free(&l.arena);
}

static void test_directories_have_no_data(void **state)
{
	struct lister l;
	struct err err;

	(void)state;
	start(&l);
	assert_int_equal(
		listing_add(&l.listing, &(struct listing_entry){ .name = STR("d/"), .size = 1 }, &err), -1);
	assert_non_null(strstr(err.msg, "d/"));
	assert_int_equal(listing_add(&l.listing,
				     &(struct listing_entry){ .name = STR("d"), .kind = FILE_DIR, .size = 1 },
				     &err),
			 -1);
	assert_int_equal(
		listing_add(&l.listing, &(struct listing_entry){ .name = STR("./"), .kind = FILE_DIR }, &err),
		0);
	assert_int_equal(l.listing.files.len, 0);
	arena_free(&l.arena);
}

/*
 * A list: members apart by spaces; "d/" is a directory, "l>t" a symlink. `end` is what remains,
 * sorted, or NULL where the list is refused.
 */
struct list_case {
	const char *members;
	const char *end;
	const char *fault;
	unsigned note;
};

static const struct list_case list_cases[] = {
	{ "b a c", "a b c", NULL, 0 },
	{ "a/b a-b a", NULL, "directory", 0 },
	{ "dir/x dir/ dir-x", "dir-x dir/x", NULL, 0 },
	{ "dir/ other/", "dir other", NULL, 0 },
	{ "a/b/c/ a/ a/b/", "a/b/c", NULL, 0 },
	{ "a a", NULL, "more than once", 0 },
	{ "a b a c a", NULL, "2 ", 0 },
	{ "d/ d/", NULL, "more than once", 0 },
	{ "a ./a", NULL, "more than once", 0 },
	{ "d/a d//a", NULL, "more than once", 0 },
	{ "a a/", NULL, "a", 0 },
	{ "a a/b", NULL, "a", 0 },
	{ "a/b/c a! a", NULL, "a", 0 },
	{ "A a", "A a", NULL, CODE_NAME_CASE },
	{ "A B/x b/x", "A B/x b/x", NULL, CODE_NAME_CASE },
	{ "AB Ab", "AB Ab", NULL, CODE_NAME_CASE },
	{ "A b", "A b", NULL, 0 },
	/* symlinks */
	{ "a l>a", "a l", NULL, 0 },
	{ "d/a l>d", "d/a l", NULL, 0 },
	{ "d/ l>d", "d l", NULL, 0 },
	{ "d/e/a l>d/e d/up>..", "d/e/a d/up l", NULL, 0 },
	{ "d/l>../a a", "a d/l", NULL, 0 },
	{ "l>d//./a/ d/a", "d/a l", NULL, 0 },
	{ "l>gone", "l", NULL, CODE_LINK_DANGLING },
	{ "l>m m>l", "l m", NULL, CODE_LINK_DANGLING },
	{ "l>l", "l", NULL, CODE_LINK_DANGLING },
	{ "l>gone/../a a", "a l", NULL, 0 },
	{ "l>/a a", NULL, "absolute", 0 },
	{ "l>..", NULL, "leaves", 0 },
	{ "l>../l", NULL, "leaves", 0 },
	{ "d/l>../../x", NULL, "leaves", 0 },
	{ "d/l>./..//../x", NULL, "leaves", 0 },
	{ "l>d/../../x d/a", NULL, "leaves", 0 },
	{ "a/b/c a/b/up>../.. out>a/b/up/../etc", NULL, "leaves", 0 },
	{ "x>y y>d/z d/z>../../q", NULL, "leaves", 0 },
	{ "l> a", NULL, "target", 0 },
	{ "d/a l>d l/b", NULL, "symbolic link", 0 },
	{ "d/a l>d l/x/y/b", NULL, "symbolic link", 0 },
	{ "d/a l>d l-x l/b", NULL, "symbolic link", 0 },
	{ "l>d d/a l/", NULL, "l", 0 },
};

static int add_members(struct lister *l, const char *members, struct err *err)
{
	struct str rest = str_of(members);
	struct str word;

	while (rest.len) {
		struct listing_entry entry = { 0 };

		(void)str_cut(rest, ' ', &word, &rest);
		if (str_cut(word, '>', &entry.name, &entry.target))
			entry.kind = FILE_SYMLINK;
		if (listing_add(&l->listing, &entry, err))
			return -1;
	}
	return listing_finish(&l->listing, err);
}

static struct str joined(const struct lister *l, struct arena *arena)
{
	struct buf buf = { .arena = arena };

	for (size_t i = 0; i < l->listing.files.len; i++) {
		if (i)
			buf_add(&buf, STR(" "));
		buf_add(&buf, l->listing.files.at[i].path);
	}
	return buf_str(&buf);
}

static void test_lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(list_cases) / sizeof(list_cases[0]); i++) {
		const struct list_case *c = &list_cases[i];
		struct lister l;
		struct err err = { "" };
		int got;

		start(&l);
		got = add_members(&l, c->members, &err);
		if (got != (c->end ? 0 : -1))
			fail_msg("%s: got %d (%s)", c->members, got, err.msg);
		if (!c->end && !strstr(err.msg, c->fault))
			fail_msg("%s: no '%s' in: %s", c->members, c->fault, err.msg);
		if (c->end && !str_eq(joined(&l, &l.arena), str_of(c->end)))
			fail_msg("%s: became %.*s", c->members, STR_ARG(joined(&l, &l.arena)));
		if (c->end && first_note(&l) != c->note)
			fail_msg("%s: note %u, not %u", c->members, first_note(&l), c->note);
		arena_free(&l.arena);
	}
}

/* Links that double at each step: 2^n paths lead through n of them. */
static void test_link_ladder_ends(void **state)
{
	struct lister l;
	struct err err;
	char name[16];
	char target[64];

	(void)state;
	start(&l);
	for (int i = 0; i < 400; i++) {
		(void)snprintf(name, sizeof(name), "l%03d", i);
		(void)snprintf(target, sizeof(target), "l%03d/../l%03d", i + 1, i + 1);
		assert_int_equal(listing_add(&l.listing,
					     &(struct listing_entry){ .name = str_dup(&l.arena, str_of(name)),
								      .target = str_of(target),
								      .kind = FILE_SYMLINK },
					     &err),
				 0);
	}
	/* Refused or noted, but decided. */
	(void)listing_finish(&l.listing, &err);
	arena_free(&l.arena);
}

static void test_bundle_add_tree(void **state)
{
	struct arena arena = { 0 };
	struct bundle bundle = { .arena = &arena };
	struct err err;

	(void)state;
	for (uint32_t tree = 0; tree < 2; tree++) {
		struct lister l;

		start(&l);
		l.listing.arena = &arena;
		assert_int_equal(add_members(&l, tree ? "x y" : "c a b", &err), 0);
		assert_int_equal(bundle_add_tree(&bundle, &l.listing, STR("name"), TREE_FUNCTION, 99), tree);
	}
	assert_int_equal(bundle.trees.len, 2);
	assert_int_equal(bundle.trees.at[1].first, 3);
	assert_int_equal(bundle.trees.at[1].count, 2);
	assert_int_equal(bundle.trees.at[0].packed, 99);
	assert_true(str_eq(bundle.files.at[0].path, STR("a")));
	assert_int_equal(bundle.files.at[4].tree, 1);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_single_names),
		cmocka_unit_test(test_long_paths),
		cmocka_unit_test(test_message_is_printable),
		cmocka_unit_test(test_fields_are_kept),
		cmocka_unit_test(test_directories_have_no_data),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_link_ladder_ends),
		cmocka_unit_test(test_bundle_add_tree),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
