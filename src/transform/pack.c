#include "transform/pack.h"

#include <libdeflate.h>
#include <stdio.h>
#include <stdlib.h>

static _Noreturn void out_of_memory(void)
{
	(void)fputs("slim: error: out of memory\n", stderr);
	exit(2);
}

static void prepare(struct packer *packer, int level, size_t room)
{
	if (packer->level != level && packer->deflater) {
		libdeflate_free_compressor(packer->deflater);
		packer->deflater = NULL;
	}
	if (!packer->deflater)
		packer->deflater = libdeflate_alloc_compressor(level);
	packer->level = level;
	if (packer->cap < room) {
		free(packer->at);
		packer->at = malloc(room);
		packer->cap = room;
	}
	if (!packer->deflater || !packer->at)
		out_of_memory();
}

struct bytes pack_content(struct packer *packer, int level, struct bytes content, uint16_t *method)
{
	size_t len;

	*method = 0;
	if (content.len == 0)
		return content;
	prepare(packer, level, content.len);
	/* Room for one byte less than the content: what does not fit is better stored. */
	len = libdeflate_deflate_compress(packer->deflater, content.ptr, content.len, packer->at,
					  content.len - 1);
	if (len == 0)
		return content;
	*method = 8;
	return (struct bytes){ packer->at, len };
}

struct bytes pack_stream(struct packer *packer, int level, struct bytes content)
{
	size_t bound;

	prepare(packer, level, content.len);
	bound = libdeflate_deflate_compress_bound(packer->deflater, content.len);
	prepare(packer, level, bound);
	return (struct bytes){ packer->at, libdeflate_deflate_compress(packer->deflater, content.ptr,
								       content.len, packer->at, bound) };
}

uint32_t pack_crc32(struct bytes content)
{
	return libdeflate_crc32(0, content.ptr, content.len);
}

void packer_free(struct packer *packer)
{
	if (packer->deflater)
		libdeflate_free_compressor(packer->deflater);
	free(packer->at);
	*packer = (struct packer){ 0 };
}
