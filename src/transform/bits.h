/*
 * Bits in the order of deflate: the first is the lowest of the first byte. The writer's owner saw
 * to it that there is room.
 */
#ifndef SLIM_TRANSFORM_BITS_H
#define SLIM_TRANSFORM_BITS_H

#include <stddef.h>
#include <stdint.h>

struct bit_writer {
	uint8_t *at;
	uint64_t pos; /* in bits; the bits of the last byte behind it are zero */
};

/* The low n bits of value, at most 32. */
void bits_put(struct bit_writer *writer, uint32_t value, unsigned n);
/* n bits of `from`, beginning at bit `start`. Reads no byte that holds none of them. */
void bits_copy(struct bit_writer *writer, const uint8_t *from, uint64_t start, uint64_t n);

#endif
