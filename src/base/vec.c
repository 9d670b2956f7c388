#include "base/vec.h"

#include <string.h>

#include "base/arena.h"

void *vec_grow(struct arena *arena, void *at, size_t len, size_t *cap, size_t size)
{
	size_t room;
	void *moved;

	if (len < *cap)
		return at;
	room = *cap ? arena_mul(*cap, 2) : 8;
	moved = arena_alloc(arena, arena_mul(room, size), 16);
	if (len)
		memcpy(moved, at, len * size);
	*cap = room;
	return moved;
}
