/*
 * Splicing from hostile streams: whatever deflate stream a zip brings, a result unpacks to the new content
 * (splice() checks that itself) and no byte outside its buffers is touched.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libdeflate.h>

#include "transform/splice.h"

enum { CONTENT_MAX = 1 << 18 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t old[CONTENT_MAX];
	struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
	struct splicer splicer = { 0 };
	struct packer packer = { 0 };
	size_t used = 0;
	size_t made = 0;
	struct bytes out;

	/* Two bytes say where the content changes, one how much of its end is cut off. */
	if (inflater && size > 3 &&
	    libdeflate_deflate_decompress_ex(inflater, data + 3, size - 3, old, sizeof(old), &used, &made) ==
		    LIBDEFLATE_SUCCESS &&
	    made > 1) {
		size_t len = made - made * (data[2] % 128) / 256;
		uint8_t *now = malloc(len);
		uint8_t *check = malloc(len);

		if (now && check) {
			memcpy(now, old, len);
			now[(data[0] | (size_t)data[1] << 8) * len / 65536] ^= 0x5a;
			(void)splice(&splicer, &packer, 1, (struct bytes){ data + 3, used },
				     (struct bytes){ old, made }, (struct bytes){ now, len }, check, &out);
		}
		free(now);
		free(check);
	}
	if (inflater)
		libdeflate_free_decompressor(inflater);
	splicer_free(&splicer);
	packer_free(&packer);
	return 0;
}
