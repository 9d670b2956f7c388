#include "transform/pack.h"

#include <libdeflate.h>
#include <stdlib.h>

#include "base/arena.h"

static struct libdeflate_compressor *prepare(struct packer *packer, int level, size_t room)
{
	if (!packer->deflaters[level])
		packer->deflaters[level] = libdeflate_alloc_compressor(level);
	if (packer->cap < room) {
		free(packer->at);
		packer->at = malloc(room);
		packer->cap = room;
	}
	if (!packer->deflaters[level] || !packer->at)
		arena_out_of_memory();
	return packer->deflaters[level];
}

struct bytes pack_content(struct packer *packer, int level, struct bytes content, uint16_t *method)
{
	struct libdeflate_compressor *deflater;
	size_t len;

	*method = 0;
	if (content.len == 0)
		return content;
	deflater = prepare(packer, level, content.len);
	/* Room for one byte less than the content: what does not fit is better stored. */
	len = libdeflate_deflate_compress(deflater, content.ptr, content.len, packer->at, content.len - 1);
	if (len == 0)
		return content;
	*method = 8;
	return (struct bytes){ packer->at, len };
}

struct bytes pack_stream(struct packer *packer, int level, struct bytes content)
{
	size_t bound = libdeflate_deflate_compress_bound(NULL, content.len);
	struct libdeflate_compressor *deflater = prepare(packer, level, bound);

	return (struct bytes){ packer->at, libdeflate_deflate_compress(deflater, content.ptr, content.len,
								       packer->at, bound) };
}

uint32_t pack_crc32(struct bytes content)
{
	return libdeflate_crc32(0, content.ptr, content.len);
}

void packer_free(struct packer *packer)
{
	for (int level = 0; level <= PACK_LEVEL_MAX; level++)
		if (packer->deflaters[level])
			libdeflate_free_compressor(packer->deflaters[level]);
	free(packer->at);
	*packer = (struct packer){ 0 };
}
