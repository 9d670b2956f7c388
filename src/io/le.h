/*
 * Little-endian integers in a zip's records. The caller has checked the bounds.
 */
#ifndef SLIM_IO_LE_H
#define SLIM_IO_LE_H

#include <stdint.h>

static inline uint16_t le16(const uint8_t *p)
{
	return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t le32(const uint8_t *p)
{
	return le16(p) | (uint32_t)le16(p + 2) << 16;
}

static inline uint64_t le64(const uint8_t *p)
{
	return le32(p) | (uint64_t)le32(p + 4) << 32;
}

static inline uint8_t *put16(uint8_t *p, uint16_t value)
{
	p[0] = (uint8_t)value;
	p[1] = (uint8_t)(value >> 8);
	return p + 2;
}

static inline uint8_t *put32(uint8_t *p, uint32_t value)
{
	return put16(put16(p, (uint16_t)value), (uint16_t)(value >> 16));
}

static inline uint8_t *put64(uint8_t *p, uint64_t value)
{
	return put32(put32(p, (uint32_t)value), (uint32_t)(value >> 32));
}

#endif
