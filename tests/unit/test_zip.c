/*
 * The zip writer's promises, byte for byte, and the index on what the writer wrote. Hostile zips
 * are the business of tests/bad.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>
#include <libdeflate.h>

#include "io/zip_end.h"
#include "io/zip_index.h"
#include "io/zip_write.h"

enum { LOCAL_SIZE = 30, CENTRAL_SIZE = 46, END_SIZE = 22, ZIP64_SIZE = 56 + 20 };

/* A zip in memory, as zip_write() wrote it. */
struct written {
	struct out out;
	struct bytes zip;
};

static void let_go(struct written *written)
{
	if (written->zip.len)
		(void)munmap((void *)(uintptr_t)written->zip.ptr, written->zip.len);
	if (written->out.fd > 0)
		(void)close(written->out.fd);
}

#define WRITTEN __attribute__((cleanup(let_go))) struct written

static void write_zip(struct written *written, const struct zip_entry *entries, size_t count)
{
	struct err err = { "" };
	off_t size;

	*written = (struct written){ .out = { .fd = memfd_create("zip", MFD_CLOEXEC), .open = true } };
	assert_true(written->out.fd > 0);
	if (zip_write(&written->out, entries, count, &err))
		fail_msg("%s", err.msg);
	size = lseek(written->out.fd, 0, SEEK_END);
	assert_true(size > 0);
	written->zip = (struct bytes){ mmap(NULL, (size_t)size, PROT_READ, MAP_PRIVATE, written->out.fd, 0),
				       (size_t)size };
	assert_ptr_not_equal(written->zip.ptr, MAP_FAILED);
	assert_int_equal(written->zip.len, zip_write_size(entries, count));
}

static struct zip_entry stored(const char *name, const char *content)
{
	struct zip_entry entry = { .name = str_of(name), .mode = 0100644 };

	entry.data = bytes_of_str(str_of(content));
	entry.size = entry.data.len;
	entry.crc = libdeflate_crc32(0, entry.data.ptr, entry.data.len);
	return entry;
}

static unsigned u16(const uint8_t *p)
{
	return p[0] | (unsigned)p[1] << 8;
}

static unsigned long u32(const uint8_t *p)
{
	return u16(p) | (unsigned long)u16(p + 2) << 16;
}

/* Every byte of a zip of one file, counted by hand from APPNOTE 4.3. */
static void test_layout(void **state)
{
	static const uint8_t expected[] = "PK\3\4"
					  "\24\0"
					  "\0\0"
					  "\0\0"
					  "\0\0"
					  "\41\0"
					  "\x86\xa6\x10\x36"
					  "\5\0\0\0"
					  "\5\0\0\0"
					  "\5\0"
					  "\0\0"
					  "a.txt"
					  "hello"
					  "PK\1\2"
					  "\24\3"
					  "\24\0"
					  "\0\0"
					  "\0\0"
					  "\0\0"
					  "\41\0"
					  "\x86\xa6\x10\x36"
					  "\5\0\0\0"
					  "\5\0\0\0"
					  "\5\0"
					  "\0\0"
					  "\0\0"
					  "\0\0"
					  "\0\0"
					  "\0\0\xa4\x81"
					  "\0\0\0\0"
					  "a.txt"
					  "PK\5\6"
					  "\0\0"
					  "\0\0"
					  "\1\0"
					  "\1\0"
					  "\63\0\0\0"
					  "\50\0\0\0"
					  "\0";
	struct zip_entry entry = stored("a.txt", "hello");
	WRITTEN written;

	(void)state;
	write_zip(&written, &entry, 1);
	assert_int_equal(written.zip.len, sizeof(expected));
	assert_memory_equal(written.zip.ptr, expected, sizeof(expected));
}

static void test_size_is_exact(void **state)
{
	struct zip_entry entries[] = {
		stored("a", ""),
		stored("dir/b.txt", "some content"),
		stored("dir/link", "b.txt"),
		stored("empty/", ""),
	};
	size_t expected = END_SIZE;
	WRITTEN written;

	(void)state;
	entries[2].mode = 0120777;
	entries[3].mode = 040755;
	for (size_t i = 0; i < 4; i++)
		expected += LOCAL_SIZE + CENTRAL_SIZE + 2 * entries[i].name.len + entries[i].data.len;
	write_zip(&written, entries, 4);
	assert_int_equal(written.zip.len, expected);
}

/* Bit 11 is set where a name is UTF-8 and not ASCII, and nowhere else. */
static void test_utf8_flag(void **state)
{
	static const struct {
		const char *name;
		unsigned flags;
	} cases[] = {
		{ "plain.txt", 0 },
		{ "new\nline\x7f", 0 },
		{ "na\xc3\xafve.txt", 0x800 },
		{ "\xe6\x97\xa5\xe6\x9c\xac", 0x800 },
		{ "\xf0\x9f\x90\x8d.py", 0x800 },
		{ "caf\xe9.txt", 0 },
		{ "overlong\xc0\xaf", 0 },
		{ "surrogate\xed\xa0\x80", 0 },
		{ "cut\xe6\x97", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zip_entry entry = stored(cases[i].name, "x");
		size_t central = LOCAL_SIZE + entry.name.len + 1;
		WRITTEN written;

		write_zip(&written, &entry, 1);
		if (u16(written.zip.ptr + 6) != cases[i].flags ||
		    u16(written.zip.ptr + central + 8) != cases[i].flags)
			fail_msg("case %zu: flags 0x%x", i, u16(written.zip.ptr + 6));
	}
}

static void test_index_returns_what_was_written(void **state)
{
	struct zip_entry entries[] = {
		stored("a.txt", "content of a"), stored("b/run", "#!/bin/sh\n"), stored("b/zero", ""),
		stored("c\xff", "not UTF-8"),	 stored("empty/", ""),		 stored("link", "a.txt"),
	};
	static const uint8_t deflated[] = { 0x4b, 0x04, 0x00 }; /* "a" */
	struct arena arena = { 0 };
	struct notes notes = { 0 };
	struct zip_index index;
	struct err err;
	WRITTEN written;

	(void)state;
	entries[1].mode = 0100755;
	entries[4].mode = 040755;
	entries[5].mode = 0120777;
	entries[2] = (struct zip_entry){ .name = STR("b/zero"),
					 .data = { deflated, sizeof(deflated) },
					 .size = 1,
					 .crc = libdeflate_crc32(0, "a", 1),
					 .method = ZIP_DEFLATED,
					 .mode = 0100644 };
	write_zip(&written, entries, 6);
	assert_int_equal(zip_index_read(written.zip, STR("x"), 1000, &arena, &notes, &index, &err), 0);
	assert_int_equal(index.count, 6);
	assert_int_equal(notes.list.len, 0);
	for (size_t i = 0; i < 6; i++) {
		assert_true(str_eq(index.at[i].name, entries[i].name));
		assert_int_equal(index.at[i].size, entries[i].size);
		assert_int_equal(index.at[i].crc, entries[i].crc);
		assert_int_equal(index.at[i].method, entries[i].method);
		assert_int_equal(index.at[i].mode, entries[i].mode);
		assert_int_equal(index.at[i].data.len, entries[i].data.len);
		assert_memory_equal(index.at[i].data.ptr, entries[i].data.ptr, entries[i].data.len);
	}
	arena_free(&arena);
}

/* `count` empty files with names of four bytes. */
static struct zip_entry *many(size_t count, char **names)
{
	struct zip_entry *entries = calloc(count, sizeof(*entries));

	*names = malloc(count * 4);
	assert_non_null(entries);
	assert_non_null(*names);
	for (size_t i = 0; i < count; i++) {
		char *name = *names + 4 * i;

		for (int digit = 3, rest = (int)i; digit >= 0; digit--, rest /= 26)
			name[digit] = (char)('a' + rest % 26);
		entries[i] = (struct zip_entry){ .name = { name, 4 },
						 .data = { (const uint8_t *)"", 0 },
						 .mode = 0100644 };
	}
	return entries;
}

static void check_many(size_t count, bool zip64)
{
	char *names;
	struct zip_entry *entries = many(count, &names);
	struct arena arena = { 0 };
	struct notes notes = { 0 };
	struct zip_index index;
	struct err err;
	WRITTEN written;

	write_zip(&written, entries, count);
	assert_int_equal(written.zip.len, count * (76 + 8) + END_SIZE + (zip64 ? ZIP64_SIZE : 0));
	assert_int_equal(u16(written.zip.ptr + written.zip.len - END_SIZE + 10), zip64 ? 0xffff : count);
	assert_int_equal(u16(written.zip.ptr + 4), 20);
	if (zip_index_read(written.zip, STR("x"), 1000, &arena, &notes, &index, &err))
		fail_msg("%s", err.msg);
	assert_int_equal(index.count, count);
	assert_true(str_eq(index.at[count - 1].name, entries[count - 1].name));
	arena_free(&arena);
	free(entries);
	free(names);
}

/* The end record counts to 65,534; its largest value means that zip64 knows better. */
static void test_zip64_only_where_forced(void **state)
{
	(void)state;
	check_many(65534, false);
	check_many(65535, true);
	check_many(70000, true);
}

/* Sizes that need zip64, without the bytes: only the size of the whole is computed. */
static void test_size_beyond_4_gib(void **state)
{
	static const uint8_t byte;
	const uint64_t large = UINT64_C(5) << 30;
	struct zip_entry entries[] = {
		{ .name = STR("a"), .data = { &byte, (size_t)large }, .size = large, .mode = 0100644 },
		{ .name = STR("b"), .data = { &byte, 1 }, .size = 1, .mode = 0100644 },
	};

	(void)state;
	/* a: sizes in both headers; b: its offset in the central one; and the zip64 end. */
	assert_int_equal(zip_write_size(entries, 2),
			 2 * (76UL + 2) + large + 1 + (4 + 16) + (4 + 16) + (4 + 8) + END_SIZE + ZIP64_SIZE);
	entries[0].data.len = 10;
	/* Packs to ten bytes: only its own headers are wide. */
	assert_int_equal(zip_write_size(entries, 2),
			 2 * (76UL + 2) + 10 + 1 + (4 + 16) + (4 + 16) + END_SIZE);
}

static void test_index_bounds_total(void **state)
{
	struct zip_entry entries[] = { stored("a", "12345"), stored("b", "67890") };
	struct arena arena = { 0 };
	struct notes notes = { 0 };
	struct zip_index index;
	struct err err;
	WRITTEN written;

	(void)state;
	write_zip(&written, entries, 2);
	assert_int_equal(zip_index_read(written.zip, STR("x"), 10, &arena, &notes, &index, &err), 0);
	assert_int_equal(zip_index_read(written.zip, STR("x"), 9, &arena, &notes, &index, &err), -1);
	assert_non_null(strstr(err.msg, "--max-unpacked"));
	arena_free(&arena);
}

/* No part of a zip is a zip, and nothing is read outside it. */
static void test_index_refuses_every_cut(void **state)
{
	struct zip_entry entries[] = { stored("a.txt", "content of a"), stored("b.txt", "content of b") };
	struct zip_index index;
	struct err err;
	WRITTEN written;

	(void)state;
	write_zip(&written, entries, 2);
	for (size_t len = 0; len < written.zip.len; len++) {
		struct arena arena = { 0 };
		struct notes notes = { 0 };
		uint8_t *copy = malloc(len + 1);
		uint8_t *end = malloc(len + 1);

		assert_non_null(copy);
		assert_non_null(end);
		memcpy(copy, written.zip.ptr, len);
		memcpy(end, written.zip.ptr + (written.zip.len - len), len);
		err.msg[0] = '\0';
		if (zip_index_read((struct bytes){ copy, len }, STR("x"), 1000, &arena, &notes, &index,
				   &err) == 0)
			fail_msg("the first %zu bytes pass", len);
		assert_true(err.msg[0] != '\0');
		if (zip_index_read((struct bytes){ end, len }, STR("x"), 1000, &arena, &notes, &index,
				   &err) == 0)
			fail_msg("the last %zu bytes pass", len);
		free(copy);
		free(end);
		arena_free(&arena);
	}
}

/* Whatever one byte is changed to, the index says yes or no without reading astray (sanitizers watch). */
static void test_index_survives_every_flip(void **state)
{
	struct zip_entry entries[] = { stored("a.txt", "content of a"), stored("b.txt", "content of b") };
	WRITTEN written;

	(void)state;
	write_zip(&written, entries, 2);
	for (size_t at = 0; at < written.zip.len; at++)
		for (int bit = 0; bit < 8; bit++) {
			struct arena arena = { 0 };
			struct notes notes = { 0 };
			struct zip_index index = { 0 };
			struct err err;
			uint8_t *copy = malloc(written.zip.len);

			assert_non_null(copy);
			memcpy(copy, written.zip.ptr, written.zip.len);
			copy[at] ^= (uint8_t)(1 << bit);
			if (zip_index_read((struct bytes){ copy, written.zip.len }, STR("x"), 1000, &arena,
					   &notes, &index, &err) == 0)
				assert_int_equal(index.count, 2);
			free(copy);
			arena_free(&arena);
		}
}

static void test_looks_like(void **state)
{
	static const char end[] = "PK\5\6\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0";
	struct bytes none = { (const uint8_t *)"", 0 };
	struct bytes tail = { (const uint8_t *)end, sizeof(end) };
	struct bytes head = { (const uint8_t *)"PK\3\4 and so on", 14 };
	struct bytes text = { (const uint8_t *)"PK is not enough", 16 };
	struct bytes elf = { (const uint8_t *)"\177ELF", 4 };

	(void)state;
	assert_true(zip_looks_like(head, none));
	assert_true(zip_looks_like(elf, tail));
	assert_false(zip_looks_like(text, text));
	assert_false(zip_looks_like(elf, elf));
	assert_false(zip_looks_like(none, none));
}

static void test_header_offsets(void **state)
{
	struct zip_entry entries[] = { stored("a", "1"), stored("bb", "22"), stored("ccc", "333") };
	size_t central = 0;
	size_t offset = 0;
	WRITTEN written;

	(void)state;
	write_zip(&written, entries, 3);
	for (size_t i = 0; i < 3; i++)
		central += LOCAL_SIZE + entries[i].name.len + entries[i].data.len;
	for (size_t i = 0; i < 3; i++) {
		assert_memory_equal(written.zip.ptr + central, "PK\1\2", 4);
		assert_int_equal(u32(written.zip.ptr + central + 42), offset);
		assert_memory_equal(written.zip.ptr + offset, "PK\3\4", 4);
		central += CENTRAL_SIZE + entries[i].name.len;
		offset += LOCAL_SIZE + entries[i].name.len + entries[i].data.len;
	}
	assert_int_equal(u32(written.zip.ptr + central + 16), offset);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_header_offsets),
		cmocka_unit_test(test_size_is_exact),
		cmocka_unit_test(test_utf8_flag),
		cmocka_unit_test(test_index_returns_what_was_written),
		cmocka_unit_test(test_zip64_only_where_forced),
		cmocka_unit_test(test_size_beyond_4_gib),
		cmocka_unit_test(test_index_bounds_total),
		cmocka_unit_test(test_index_refuses_every_cut),
		cmocka_unit_test(test_index_survives_every_flip),
		cmocka_unit_test(test_looks_like),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
