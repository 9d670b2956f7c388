/*
 * The form in which strip_plan.c tells strip_emit.c how to write a file. Inside transform/strip only.
 */
#ifndef SLIM_TRANSFORM_STRIP_EXTENT_H
#define SLIM_TRANSFORM_STRIP_EXTENT_H

#include <stddef.h>
#include <stdint.h>

/*
 * A run of bytes of the output. Parts of the input come first, ascending and apart; then come the new
 * headers, which may lie in gaps or replace old ones. What no extent covers is zero.
 */
struct strip_extent {
	uint64_t to;
	const uint8_t *from;
	size_t len;
};

#endif
