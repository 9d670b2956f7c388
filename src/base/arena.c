#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { CHUNK_SIZE = 1 << 18 };

struct arena_chunk {
	struct arena_chunk *older;
	alignas(16) char data[];
};

_Noreturn void arena_out_of_memory(void)
{
	(void)fputs("slim: error: out of memory\n", stderr);
	exit(2);
}

size_t arena_mul(size_t n, size_t size)
{
	size_t product;

	if (__builtin_mul_overflow(n, size, &product))
		arena_out_of_memory();
	return product;
}

static void add_chunk(struct arena *arena, size_t size)
{
	size_t room = size > CHUNK_SIZE / 4 ? size + 16 : CHUNK_SIZE;
	struct arena_chunk *chunk;

	if (size > SIZE_MAX / 2)
		arena_out_of_memory();
	/* calloc: fresh pages come zeroed from the kernel and stay untouched until used. */
	chunk = calloc(1, sizeof(*chunk) + room);
	if (!chunk)
		arena_out_of_memory();
	chunk->older = arena->chunk;
	arena->chunk = chunk;
	arena->free = chunk->data;
	arena->end = chunk->data + room;
}

void *arena_alloc(struct arena *arena, size_t size, size_t align)
{
	uintptr_t at = ((uintptr_t)arena->free + (align - 1)) & ~(uintptr_t)(align - 1);
	char *result;

	if (!arena->free || at > (uintptr_t)arena->end || size > (uintptr_t)arena->end - at) {
		add_chunk(arena, size);
		at = (uintptr_t)arena->free;
	}
	result = arena->free + (at - (uintptr_t)arena->free);
	arena->free = result + size;
	return result;
}

void arena_free(struct arena *arena)
{
	while (arena->chunk) {
		struct arena_chunk *older = arena->chunk->older;

		free(arena->chunk);
		arena->chunk = older;
	}
	arena->free = arena->end = NULL;
}
