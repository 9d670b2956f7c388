#include <string.h>

#include "cmd/packing.h"

/* Reads two contents at a time, each into memory of its own; the real one once for all its twins. */
struct comparison {
	struct packing *p;
	struct worker *worker;
	uint32_t real;
	struct bytes content; /* of the real one */
};

static int read_content(const struct comparison *c, uint32_t id, struct scratch *scratch, struct bytes *out,
			struct err *err)
{
	struct source *source = c->p->source;

	if (source->ops->content(source, c->p->bundle.files.at[id].member, scratch, out, err))
		return err_in(err, source->name);
	return 0;
}

static int compare(struct comparison *c, const struct twin_pair *pair, struct err *err)
{
	struct bytes copy;

	if (!c->content.ptr || c->real != pair->real) {
		c->real = pair->real;
		if (read_content(c, pair->real, &c->worker->stripped, &c->content, err))
			return -1;
	}
	if (read_content(c, pair->file, &c->worker->content, &copy, err))
		return -1;
	if (copy.len == c->content.len && memcmp(copy.ptr, c->content.ptr, copy.len) == 0)
		c->p->offers[pair->file].twin = 1 + pair->real;
	return 0;
}

int packing_offer_links(struct packing *p, struct twins *twins, const bool *stays, struct err *err)
{
	struct comparison comparison = { .p = p, .worker = &p->workers[0] };
	struct twin_pairs pairs = { 0 };

	twins_find(twins, stays, p->arena, &pairs);
	for (size_t i = 0; i < pairs.len; i++)
		if (compare(&comparison, &pairs.at[i], err))
			return -1;
	return 0;
}
