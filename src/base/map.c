#include "base/map.h"

#include <xxhash.h>

#include "base/arena.h"

struct map_slot {
	struct str key; /* ptr NULL: the slot is free */
	uint64_t hash;
	uint32_t value;
};

static struct map_slot *find(const struct map *map, struct str key, uint64_t hash)
{
	size_t i = (size_t)hash & map->mask;

	while (map->slots[i].key.ptr && !(map->slots[i].hash == hash && str_eq(map->slots[i].key, key)))
		i = (i + 1) & map->mask;
	return &map->slots[i];
}

static void grow(struct arena *arena, struct map *map)
{
	struct map old = *map;
	size_t size = old.slots ? arena_mul(old.mask + 1, 2) : 16;

	map->slots = arena_array(arena, struct map_slot, size);
	map->mask = size - 1;
	for (size_t i = 0; old.slots && i <= old.mask; i++)
		if (old.slots[i].key.ptr)
			*find(map, old.slots[i].key, old.slots[i].hash) = old.slots[i];
}

uint32_t *map_put(struct arena *arena, struct map *map, struct str key, bool *added)
{
	struct map_slot *slot;
	uint64_t hash = XXH3_64bits(key.ptr, key.len);

	if (!map->slots || (map->len + 1) * 4 > (map->mask + 1) * 3)
		grow(arena, map);
	slot = find(map, key, hash);
	if (added)
		*added = !slot->key.ptr;
	if (!slot->key.ptr) {
		slot->key = key.ptr ? key : STR("");
		slot->hash = hash;
		map->len++;
	}
	return &slot->value;
}

const uint32_t *map_get(const struct map *map, struct str key)
{
	const struct map_slot *slot;

	if (!map->slots)
		return NULL;
	slot = find(map, key, XXH3_64bits(key.ptr, key.len));
	return slot->key.ptr ? &slot->value : NULL;
}
