#define _GNU_SOURCE /* le64toh */
#include "transform/bits.h"

#include <endian.h>
#include <string.h>

void bits_put(struct bit_writer *writer, uint32_t value, unsigned n)
{
	for (unsigned i = 0; i < n; i++, writer->pos++) {
		uint8_t *byte = &writer->at[writer->pos / 8];
		unsigned bit = writer->pos % 8;

		if (bit == 0)
			*byte = 0;
		*byte = (uint8_t)(*byte | (value >> i & 1) << bit);
	}
}

/* Whole bytes to a whole byte, from `shift` bits into p. `from_end` is behind the last byte that may be read.
 */
static void copy_bytes(uint8_t *to, const uint8_t *p, const uint8_t *from_end, unsigned shift, size_t count)
{
	size_t i = 0;

	if (shift == 0) {
		memcpy(to, p, count);
		return;
	}
	for (; i + 8 <= count && from_end - (p + i) >= 9; i += 8) {
		uint64_t word;

		memcpy(&word, p + i, 8);
		word = le64toh(word) >> shift | (uint64_t)p[i + 8] << (64 - shift);
		word = htole64(word);
		memcpy(to + i, &word, 8);
	}
	for (; i < count; i++)
		to[i] = (uint8_t)(p[i] >> shift | p[i + 1] << (8 - shift));
}

void bits_copy(struct bit_writer *writer, const uint8_t *from, uint64_t start, uint64_t n)
{
	const uint8_t *end = from + (start + n + 7) / 8;
	size_t bytes;

	/* Up to a whole byte of the result, then bytes, then the rest. */
	for (; n && writer->pos % 8; start++, n--)
		bits_put(writer, from[start / 8] >> start % 8, 1);
	bytes = (size_t)(n / 8);
	copy_bytes(writer->at + writer->pos / 8, from + start / 8, end, start % 8, bytes);
	writer->pos += (uint64_t)bytes * 8;
	start += (uint64_t)bytes * 8;
	for (n %= 8; n; start++, n--)
		bits_put(writer, from[start / 8] >> start % 8, 1);
}
