/*
 * Deflating a content that differs in few places from one whose deflate stream is at hand, as a stripped
 * library does from the original: blocks of the old stream whose bytes did not change are copied bit for
 * bit, only what lies between is deflated anew (RFC 1951). A result is unpacked and compared before it
 * is let out; where anything is unclear there is none, and the caller deflates as usual.
 */
#ifndef SLIM_TRANSFORM_SPLICE_H
#define SLIM_TRANSFORM_SPLICE_H

#include "transform/pack.h"

/* Below this size nearly every block lies near a change, and the search costs more than it saves. */
enum { SPLICE_LEAST = 512 << 10 };

/* One thread's working memory. All zero is empty. */
struct splicer {
	struct splice_block *blocks;
	size_t count;
	size_t cap;
	uint8_t *at;
	size_t room;
};

/*
 * The deflate stream of `content`, made from `stream`, that of `old`; level is for what has to be deflated.
 * `check` is memory of at least content.len bytes for the comparison; it may be that of `old`, which is not
 * needed any more by then. The result lies in the splicer until its next use. False: use pack_content().
 */
bool splice(struct splicer *splicer, struct packer *packer, int level, struct bytes stream, struct bytes old,
	    struct bytes content, uint8_t *check, struct bytes *out);
void splicer_free(struct splicer *splicer);

#endif
