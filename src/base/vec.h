/*
 * Growing arrays in an arena. Growth copies, so a pointer into the array is good only
 * until the next vec_push: keep indices. Never shrinks, never frees.
 */
#ifndef SLIM_BASE_VEC_H
#define SLIM_BASE_VEC_H

#include <stddef.h>

struct arena;

/* A vector of T; all zero is empty. Name it where two structs must share the type. */
#define VEC(T)                                                                                               \
	struct {                                                                                             \
		T *at;                                                                                       \
		size_t len;                                                                                  \
		size_t cap;                                                                                  \
	}

/* A pointer to a new, zeroed element at the end. */
#define vec_push(arena, v)                                                                                   \
	((v)->at = vec_grow((arena), (v)->at, (v)->len, &(v)->cap, sizeof(*(v)->at)), &(v)->at[(v)->len++])

/* Room for one more element of `size` bytes; the array, moved or not. */
void *vec_grow(struct arena *arena, void *at, size_t len, size_t *cap, size_t size);

#endif
