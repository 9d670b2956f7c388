/*
 * A hash map from strings to 32-bit values, in an arena. Keys are borrowed. It has no order
 * that anybody may see: nothing may be written by walking it, which is why it cannot be walked.
 */
#ifndef SLIM_BASE_MAP_H
#define SLIM_BASE_MAP_H

#include "base/str.h"

struct map_slot;

/* All zero is an empty map. */
struct map {
	struct map_slot *slots;
	size_t mask; /* slots - 1 */
	size_t len;
};

/* Adds key, unless it is there. The place of its value; *added (may be NULL) tells which. */
uint32_t *map_put(struct arena *arena, struct map *map, struct str key, bool *added);
/* The value, or NULL. */
const uint32_t *map_get(const struct map *map, struct str key);

#endif
