/* Offers of links: equal fingerprints are no proof, contents are compared. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/packing.h"

enum { FILES = 5, SIZE = 100 };

/* What the source gives; what was seen before is the first one for all. */
static uint8_t contents[FILES][SIZE];
static int reads[FILES];
static uint32_t unreadable;

static int give(struct source *source, uint32_t member, struct scratch *scratch, struct bytes *out,
		struct err *err)
{
	uint8_t *to = scratch_reserve(scratch, SIZE);

	(void)source;
	reads[member]++;
	if (member == unreadable)
		return err_set(err, "gone");
	memcpy(to, contents[member], SIZE);
	*out = (struct bytes){ to, SIZE };
	return 0;
}

static const struct source_ops ops = { .content = give };

static int offer(struct packing *p, struct err *err)
{
	static const char *const names[FILES] = { "libx.so", "libx.so.1", "libx.so.1.2", "libx.so.1.2.3",
						  "libx.so.1.2.3.4" };
	struct elf_object elf = { .form = ELF_SHARED };
	bool flags[2][FILES] = { { false }, { true, true, true, true, true } };
	struct twins twins;

	memset(reads, 0, sizeof(reads));
	for (uint32_t i = 0; i < FILES; i++)
		*vec_push(p->arena, &p->bundle.files) =
			(struct file){ .path = str_of(names[i]), .size = SIZE, .member = i };
	p->offers = arena_array(p->arena, struct offer, FILES);
	twins_begin(&twins, &p->bundle, flags[0], p->arena);
	for (uint32_t i = 0; i < FILES; i++)
		twins_see(&twins, i, &elf, (struct bytes){ contents[0], SIZE });
	return packing_offer_links(p, &twins, flags[1], err);
}

static void run(void (*check)(struct packing *p, int failed))
{
	struct options options = { .jobs = 1 };
	struct source source = { .ops = &ops, .name = STR("x.zip") };
	struct arena arena = { 0 };
	struct packing p;
	struct err err;

	packing_begin(&p, &options, &arena);
	p.source = &source;
	check(&p, offer(&p, &err));
	p.source = NULL;
	packing_end(&p);
	arena_free(&arena);
}

static void check_offers(struct packing *p, int failed)
{
	assert_int_equal(failed, 0);
	assert_int_equal(p->offers[0].twin, 1 + 4);
	assert_int_equal(p->offers[1].twin, 0);
	assert_int_equal(p->offers[2].twin, 1 + 4);
	assert_int_equal(p->offers[3].twin, 0);
	assert_int_equal(p->offers[4].twin, 0);
	for (uint32_t i = 0; i < FILES; i++)
		assert_int_equal(reads[i], 1);
}

static void only_equal_contents_are_offered(void **state)
{
	(void)state;
	memset(contents, 0, sizeof(contents));
	unreadable = NO_FILE;
	contents[1][SIZE - 1] = 1;
	contents[3][60] = 1;
	run(check_offers);
}

static void check_failed(struct packing *p, int failed)
{
	(void)p;
	assert_int_equal(failed, -1);
}

static void what_cannot_be_read_is_an_error(void **state)
{
	(void)state;
	memset(contents, 0, sizeof(contents));
	unreadable = 4;
	run(check_failed);
	unreadable = 1;
	run(check_failed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_equal_contents_are_offered),
		cmocka_unit_test(what_cannot_be_read_is_an_error),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
