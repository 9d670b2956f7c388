#include "transform/splice.h"

#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/arena.h"
#include "transform/bits.h"

/* Deflate refers back at most so far, so a block is untouched when it and so much before it are. */
enum { WINDOW = 32768 };
/* Contents are compared in chunks of this size. */
enum { CHUNK = 4096 };
/* zlib throws away what it unpacks while it looks for blocks. */
enum { SINK = 65536 };
enum { TYPE_STORED = 0 };
/* Room for what is added between pieces: aligning blocks and an end. */
enum { SLACK = 64 };

struct splice_block {
	uint64_t bit; /* where its header begins in the stream */
	uint64_t out; /* what the stream has unpacked to before it */
	bool stored;  /* its bytes are aligned, so it cannot be moved by a number of bits */
	bool reused;
};

static void *grown(void *at, size_t size)
{
	void *moved = realloc(at, size);

	if (!moved)
		arena_out_of_memory();
	return moved;
}

static void add_block(struct splicer *s, struct bytes stream, uint64_t bit, uint64_t out)
{
	uint64_t type = bit + 1;
	unsigned low = type / 8 < stream.len ? stream.ptr[type / 8] >> type % 8 : 0;
	unsigned high = (type + 1) / 8 < stream.len ? stream.ptr[(type + 1) / 8] >> (type + 1) % 8 : 0;

	if (s->count == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 256;
		s->blocks = grown(s->blocks, s->cap * sizeof(*s->blocks));
	}
	s->blocks[s->count++] = (struct splice_block){
		.bit = bit,
		.out = out,
		.stored = ((low & 1) | (high & 1) << 1) == TYPE_STORED,
	};
}

/*
 * Lists the blocks of a deflate stream, and one more for its end. libdeflate does not tell where
 * blocks begin; zlib does, with Z_BLOCK. False where the stream is not what it should be.
 */
static bool find_blocks(struct splicer *s, struct bytes stream, uint64_t size)
{
	uint8_t sink[SINK];
	z_stream z = { 0 };
	int status;

	s->count = 0;
	if (stream.len > UINT32_MAX || inflateInit2(&z, -15) != Z_OK)
		return false;
	z.next_in = (Bytef *)(uintptr_t)stream.ptr;
	z.avail_in = (uInt)stream.len;
	add_block(s, stream, 0, 0);
	do {
		z.next_out = sink;
		z.avail_out = SINK;
		status = inflate(&z, Z_BLOCK);
		/* At the end of the last block too: only the call after that one says Z_STREAM_END. */
		if (status == Z_OK && (z.data_type & 128))
			add_block(s, stream, (uint64_t)z.total_in * 8 - (z.data_type & 7), z.total_out);
	} while (status == Z_OK && (z.avail_out != SINK || z.avail_in > 0));
	(void)inflateEnd(&z);
	return status == Z_STREAM_END && z.total_out == size && s->count > 1;
}

/* Which chunks of `content` are not what they were in `old`; a chunk beyond the end of either differs. */
static bool *find_changes(struct bytes old, struct bytes content)
{
	size_t shared = old.len < content.len ? old.len : content.len;
	size_t chunks = old.len / CHUNK + 1;
	bool *changed = grown(NULL, chunks);

	memset(changed, 0, chunks);
	for (size_t i = 0; i < chunks; i++) {
		size_t from = i * CHUNK;
		size_t len = from >= shared ? 0 : shared - from < CHUNK ? shared - from : CHUNK;

		changed[i] = len < CHUNK || memcmp(old.ptr + from, content.ptr + from, len) != 0;
	}
	return changed;
}

/* Marks the blocks that can be reused; how many bytes of content they cover. */
static uint64_t choose_blocks(struct splicer *s, const bool *changed, uint64_t content_len)
{
	uint64_t covered = 0;

	for (size_t b = 0; b + 1 < s->count; b++) {
		struct splice_block *block = &s->blocks[b];
		uint64_t end = s->blocks[b + 1].out;
		uint64_t from = block->out > WINDOW ? block->out - WINDOW : 0;

		block->reused = !block->stored && end > block->out && end <= content_len;
		for (uint64_t c = from / CHUNK; block->reused && c * CHUNK < end; c++)
			block->reused = !changed[c];
		covered += block->reused ? end - block->out : 0;
	}
	return covered;
}

/* An empty stored block, which ends at a whole byte. */
static void align(struct bit_writer *out)
{
	if (out->pos % 8 == 0)
		return;
	bits_put(out, 0, 3);
	bits_put(out, 0, (unsigned)(-out->pos & 7));
	bits_put(out, 0xffff0000U, 32);
}

/* Blocks in a row, none of which may say that it is the last. */
static void copy_blocks(const struct splicer *s, struct bytes stream, size_t first, size_t end,
			struct bit_writer *out)
{
	uint64_t from = s->blocks[first].bit;
	uint64_t base = out->pos;

	bits_copy(out, stream.ptr, from, s->blocks[end].bit - from);
	for (size_t b = first; b < end; b++) {
		uint64_t header = base + s->blocks[b].bit - from;

		out->at[header / 8] = (uint8_t)(out->at[header / 8] & ~(1U << header % 8));
	}
}

/* Deflates a part of the content. Its last block says so only at the end of all. */
static bool add_part(struct packer *packer, int level, struct bytes part, bool is_end, struct bit_writer *out)
{
	struct splicer inner = { 0 };
	struct bytes packed = pack_stream(packer, level, part);
	uint64_t base;
	bool found = find_blocks(&inner, packed, part.len);

	align(out);
	base = out->pos;
	if (found) {
		uint64_t last = base + inner.blocks[inner.count - 2].bit;

		bits_copy(out, packed.ptr, 0, inner.blocks[inner.count - 1].bit);
		if (!is_end)
			out->at[last / 8] = (uint8_t)(out->at[last / 8] & ~(1U << last % 8));
	}
	splicer_free(&inner);
	return found;
}

/* Writes reused blocks and parts in turn. */
static bool assemble(struct splicer *s, struct packer *packer, int level, struct bytes stream,
		     struct bytes content, struct bit_writer *out)
{
	uint64_t done = 0;

	for (size_t b = 0; b + 1 < s->count;) {
		size_t end = b;

		while (end + 1 < s->count && s->blocks[end].reused)
			end++;
		if (end > b) {
			uint64_t from = s->blocks[b].out;
			struct bytes part = { content.ptr + done, (size_t)(from - done) };

			if (part.len && !add_part(packer, level, part, false, out))
				return false;
			copy_blocks(s, stream, b, end, out);
			done = s->blocks[end].out;
		}
		b = end > b ? end : b + 1;
	}
	if (done < content.len)
		return add_part(packer, level,
				(struct bytes){ content.ptr + done, (size_t)(content.len - done) }, true,
				out);
	/* A last block with fixed codes (BFINAL, BTYPE 01) that holds only its end (seven zeros). */
	bits_put(out, 3, 3);
	bits_put(out, 0, 7);
	return true;
}

static bool unpacks_to(struct bytes stream, struct bytes content, uint8_t *check)
{
	struct libdeflate_decompressor *inflater = libdeflate_alloc_decompressor();
	size_t used = 0;
	size_t made = 0;
	bool same = inflater &&
		    libdeflate_deflate_decompress_ex(inflater, stream.ptr, stream.len, check, content.len,
						     &used, &made) == LIBDEFLATE_SUCCESS &&
		    used == stream.len && made == content.len && memcmp(check, content.ptr, made) == 0;

	if (inflater)
		libdeflate_free_decompressor(inflater);
	return same;
}

/* Reused streams are taken over only where they make up at least this part of the content. */
enum { WORTH_SHARE = 4 };

bool splice(struct splicer *s, struct packer *packer, int level, struct bytes stream, struct bytes old,
	    struct bytes content, uint8_t *check, struct bytes *out)
{
	struct bit_writer writer = { 0 };
	uint64_t covered;
	bool *changed;
	size_t room;

	if (!find_blocks(s, stream, old.len))
		return false;
	changed = find_changes(old, content);
	covered = choose_blocks(s, changed, content.len);
	free(changed);
	if (covered < content.len / WORTH_SHARE)
		return false;
	room = stream.len + content.len + content.len / 16 + (s->count + 1) * SLACK;
	if (s->room < room) {
		free(s->at);
		s->at = grown(NULL, room);
		s->room = room;
	}
	writer.at = s->at;
	if (!assemble(s, packer, level, stream, content, &writer))
		return false;
	*out = (struct bytes){ s->at, (size_t)((writer.pos + 7) / 8) };
	return out->len < content.len && unpacks_to(*out, content, check);
}

void splicer_free(struct splicer *s)
{
	free(s->blocks);
	free(s->at);
	*s = (struct splicer){ 0 };
}
