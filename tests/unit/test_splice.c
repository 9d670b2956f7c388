/* Splicing deflate streams: what comes out unpacks to what went in, whatever lies between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <libdeflate.h>
#include <zlib.h>

#include "transform/bits.h"
#include "transform/splice.h"

enum { SIZE = 2 << 20 };

static uint32_t random_state;

static uint32_t next_random(void)
{
	random_state = random_state * 1664525U + 1013904223U;
	return random_state >> 8;
}

/* Words with some noise: compresses as machine code does. */
static void fill(uint8_t *at, size_t len)
{
	static const uint8_t words[] = "mov rax call ret push";

	random_state = 7;
	for (size_t i = 0; i < len; i++) {
		uint32_t noise = next_random();

		at[i] = noise % 5 ? words[(i + noise / 8 % 3) % 21] : (uint8_t)(noise >> 8);
	}
}

static struct bytes zlib_stream(struct bytes content, int level)
{
	z_stream z = { 0 };
	size_t room = content.len + content.len / 8 + 100;
	uint8_t *at = malloc(room);

	assert_non_null(at);
	assert_int_equal(deflateInit2(&z, level, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_in = (Bytef *)(uintptr_t)content.ptr;
	z.avail_in = (uInt)content.len;
	z.next_out = at;
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	(void)deflateEnd(&z);
	return (struct bytes){ at, z.total_out };
}

static bool unpacks(struct bytes stream, struct bytes content)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	uint8_t *at = malloc(content.len);
	size_t used = 0;
	size_t made = 0;
	bool same;

	assert_non_null(d);
	assert_non_null(at);
	same = libdeflate_deflate_decompress_ex(d, stream.ptr, stream.len, at, content.len, &used, &made) ==
		       LIBDEFLATE_SUCCESS &&
	       used == stream.len && made == content.len && memcmp(at, content.ptr, made) == 0;
	free(at);
	libdeflate_free_decompressor(d);
	return same;
}

/* Splices `content`, made from 2 MiB by the caller's change, and returns whether there was a result. */
static bool try_splice(const uint8_t *old, const uint8_t *content, size_t len, int zlib_level,
		       size_t *spliced)
{
	struct splicer splicer = { 0 };
	struct packer packer = { 0 };
	struct bytes before = { old, SIZE };
	struct bytes after = { content, len };
	struct bytes stream = zlib_stream(before, zlib_level);
	uint8_t *check = malloc(SIZE);
	struct bytes out = { 0 };
	bool done;

	assert_non_null(check);
	done = splice(&splicer, &packer, 6, stream, before, after, check, &out);
	if (done) {
		assert_true(unpacks(out, after));
		*spliced = out.len;
	}
	free(check);
	free((void *)(uintptr_t)stream.ptr);
	splicer_free(&splicer);
	packer_free(&packer);
	return done;
}

struct pair {
	uint8_t *old;
	uint8_t *now;
};

static struct pair make_pair(void)
{
	struct pair pair = { malloc(SIZE), malloc(SIZE) };

	assert_non_null(pair.old);
	assert_non_null(pair.now);
	fill(pair.old, SIZE);
	memcpy(pair.now, pair.old, SIZE);
	return pair;
}

static void free_pair(struct pair pair)
{
	free(pair.old);
	free(pair.now);
}

static void a_stripped_library_is_spliced(void **state)
{
	(void)state;
	for (int level = 1; level <= 9; level += 4) {
		struct pair pair = make_pair();
		size_t len = 0;

		memset(pair.now + 40, 0, 20);
		memset(pair.now + SIZE / 2, 1, 500);
		assert_true(try_splice(pair.old, pair.now, SIZE - 300001, level, &len));
		free_pair(pair);
	}
}

static void every_place_of_a_change_is_found(void **state)
{
	(void)state;
	for (size_t at = 0; at < SIZE; at += SIZE / 7 + 1) {
		struct pair pair = make_pair();
		size_t len = 0;

		pair.now[at] ^= 0x55;
		assert_true(try_splice(pair.old, pair.now, SIZE, 6, &len));
		pair.now[SIZE - 1] ^= 1;
		assert_true(try_splice(pair.old, pair.now, SIZE, 6, &len));
		free_pair(pair);
	}
}

static void nothing_changed_is_copied_whole(void **state)
{
	struct pair pair = make_pair();
	struct bytes whole = zlib_stream((struct bytes){ pair.old, SIZE }, 6);
	size_t len = 0;

	(void)state;
	assert_true(try_splice(pair.old, pair.now, SIZE, 6, &len));
	/* The last chunk counts as changed unless it is full; here it is, so only an end is added. */
	assert_true(len <= whole.len + 2);
	free((void *)(uintptr_t)whole.ptr);
	free_pair(pair);
}

static void what_changed_everywhere_is_left_to_others(void **state)
{
	struct pair pair = make_pair();
	size_t len = 0;

	(void)state;
	for (size_t i = 0; i < SIZE; i += 8192)
		pair.now[i] ^= 1;
	assert_false(try_splice(pair.old, pair.now, SIZE, 6, &len));
	free_pair(pair);
}

static void stored_blocks_are_not_moved(void **state)
{
	struct pair pair = make_pair();
	size_t len = 0;

	(void)state;
	/* Level 0 gives stored blocks only; noise gives some among others. */
	(void)try_splice(pair.old, pair.now, SIZE - 5, 0, &len);
	for (size_t i = SIZE / 4; i < SIZE / 2; i++)
		pair.old[i] = pair.now[i] = (uint8_t)next_random();
	pair.now[3] ^= 1;
	assert_true(try_splice(pair.old, pair.now, SIZE, 6, &len));
	free_pair(pair);
}

static void a_damaged_stream_gives_nothing(void **state)
{
	struct pair pair = make_pair();
	struct bytes before = { pair.old, SIZE };
	struct bytes stream = zlib_stream(before, 6);
	struct splicer splicer = { 0 };
	struct packer packer = { 0 };
	uint8_t *check = malloc(SIZE);
	struct bytes out;

	(void)state;
	assert_non_null(check);
	assert_false(splice(&splicer, &packer, 6, (struct bytes){ stream.ptr, stream.len - 9 }, before,
			    before, check, &out));
	((uint8_t *)(uintptr_t)stream.ptr)[stream.len / 2] ^= 0x10;
	/* Whatever zlib makes of it, a wrong result must not come out. */
	if (splice(&splicer, &packer, 6, stream, before, before, check, &out))
		assert_true(unpacks(out, before));
	free(check);
	free((void *)(uintptr_t)stream.ptr);
	splicer_free(&splicer);
	packer_free(&packer);
	free_pair(pair);
}

static unsigned bit_of(const uint8_t *at, uint64_t bit)
{
	return at[bit / 8] >> bit % 8 & 1;
}

static void bits_are_copied_from_any_place_to_any(void **state)
{
	uint8_t from[64];

	(void)state;
	fill(from, sizeof(from));
	for (unsigned start = 0; start < 20; start++)
		for (unsigned lead = 0; lead < 9; lead++)
			for (unsigned n = 0; n + start <= 8 * sizeof(from); n += 7) {
				/* Exactly as many bytes as hold bits, so that the sanitizer sees one read too
				 * many. */
				size_t exact = (start + n + 7) / 8;
				uint8_t *tight = malloc(exact ? exact : 1);
				uint8_t to[80];
				struct bit_writer writer = { .at = to };

				assert_non_null(tight);
				memcpy(tight, from, exact);
				memset(to, 0xff, sizeof(to));
				bits_put(&writer, 0, lead);
				bits_copy(&writer, tight, start, n);
				assert_int_equal(writer.pos, lead + n);
				for (unsigned i = 0; i < n; i++)
					assert_int_equal(bit_of(to, lead + i), bit_of(from, start + i));
				if (writer.pos % 8)
					assert_int_equal(to[writer.pos / 8] >> writer.pos % 8, 0);
				free(tight);
			}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bits_are_copied_from_any_place_to_any),
		cmocka_unit_test(a_stripped_library_is_spliced),
		cmocka_unit_test(every_place_of_a_change_is_found),
		cmocka_unit_test(nothing_changed_is_copied_whole),
		cmocka_unit_test(what_changed_everywhere_is_left_to_others),
		cmocka_unit_test(stored_blocks_are_not_moved),
		cmocka_unit_test(a_damaged_stream_gives_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
