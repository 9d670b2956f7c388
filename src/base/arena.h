/*
 * Memory for data that lives as long as the run: allocate, never free one by one.
 * An arena belongs to one thread; it never returns NULL (out of memory ends the process).
 * Large contents do not go here: they are mapped, or let go early (io/scratch.h).
 */
#ifndef SLIM_BASE_ARENA_H
#define SLIM_BASE_ARENA_H

#include <stdalign.h>
#include <stddef.h>

struct arena_chunk;

/* All zero is an empty arena. */
struct arena {
	struct arena_chunk *chunk; /* the newest; older ones hang behind it */
	char *free;
	char *end;
};

/* Zeroed memory; align is a power of two, at most 16. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size, size_t align);
/* Lets everything go and leaves an empty arena. */
void arena_free(struct arena *arena);

#define arena_new(arena, T)	 ((T *)arena_alloc((arena), sizeof(T), alignof(T)))
#define arena_array(arena, T, n) ((T *)arena_alloc((arena), arena_mul((n), sizeof(T)), alignof(T)))

/* Ends the process, for whoever else takes memory. */
_Noreturn void arena_out_of_memory(void);

/* n * size, or the end of the process where that overflows. */
size_t arena_mul(size_t n, size_t size);

#endif
