#include "base/map.h"
#include "base/text.h"
#include "cmd/packing.h"
#include "io/out.h"
#include "platform/lambda.h"

/* Files that rules would drop and one place of kept code needs. */
struct rescue {
	uint32_t first; /* file ids */
	uint32_t last;
	uint64_t files;
	uint64_t bytes;
};

static void note_rescue(struct packing *p, const struct rescue *rescue)
{
	const struct reason *reason = &p->plan.at[rescue->first].reason;
	struct str path = p->bundle.files.at[rescue->first].path;
	struct str last = p->bundle.files.at[rescue->last].path;
	struct str parent = text_escape(p->arena, p->bundle.files.at[reason->parent].path);
	struct str via = text_escape(p->arena, reason->via);
	struct str place = reason->line ? str_fmt(p->arena, ":%u", reason->line) : STR("");
	char size[TEXT_SIZE_MAX];

	text_size(size, rescue->bytes);
	/* The directory that all of them lie in speaks for them. */
	while (rescue->files > 1 && path.len && !(str_starts(last, path) && last.ptr[path.len] == '/'))
		path = str_dir(path);
	note_add(&p->bundle.notes, p->arena, CODE_CANDIDATE_KEPT, path,
		 path.len ? str_fmt(p->arena, "if it is never needed: --drop '/%s'",
				    text_escape(p->arena, path).ptr)
			  : STR(""),
		 "%llu file%s of %s, needed by %s%s (%s)", (unsigned long long)rescue->files,
		 rescue->files == 1 ? "" : "s", size, parent.ptr, place.ptr, via.ptr);
}

/* What certainty would have saved: told, one note for each place that refers to such files. */
void packing_note_rescues(struct packing *p)
{
	struct rescue *rescues = arena_array(p->arena, struct rescue, p->bundle.files.len);
	uint32_t count = 0;
	struct map places = { 0 };

	for (uint32_t id = 0; id < p->bundle.files.len; id++) {
		const struct reason *reason = &p->plan.at[id].reason;
		struct rescue *rescue;
		struct str key;
		uint32_t *place;
		bool added;

		if (p->plan.at[id].action != ACTION_KEEP || reason->code != CODE_REACHED ||
		    p->opinions[id].stance != STANCE_RULE_DROP)
			continue;
		key = str_fmt(p->arena, "%u:%u:%.*s", reason->parent, reason->line, STR_ARG(reason->via));
		place = map_put(p->arena, &places, key, &added);
		if (added)
			*place = count++;
		rescue = &rescues[*place];
		if (added)
			rescue->first = id;
		rescue->last = id;
		rescue->files++;
		rescue->bytes += p->bundle.files.at[id].size;
	}
	for (uint32_t i = 0; i < count; i++)
		note_rescue(p, &rescues[i]);
}

void packing_note_limit(struct packing *p, uint64_t unzipped)
{
	char bytes[TEXT_SIZE_MAX];
	char over[TEXT_SIZE_MAX];

	if (unzipped < LAMBDA_UNZIPPED_LIMIT)
		return;
	text_count(bytes, unzipped);
	text_count(over, unzipped - LAMBDA_UNZIPPED_LIMIT + 1);
	note_add(&p->bundle.notes, p->arena, CODE_OVER_LIMIT, p->source->name,
		 STR("use --drop for what the function does not need"),
		 "unpacks to %s bytes; Lambda takes less than 262,144,000, so %s too many", bytes, over);
}

void packing_note_links(struct packing *p, struct str output)
{
	bool to_dir = output.len && out_is_dir(output);
	unsigned long long links = 0;
	uint64_t saved = 0;
	char size[TEXT_SIZE_MAX];

	for (uint32_t id = 0; id < p->plan.count; id++)
		if (p->plan.at[id].rewrite == REWRITE_LINK) {
			links++;
			saved += p->bundle.files.at[id].size - p->outcomes[id].size;
		}
	if (links == 0)
		return;
	text_size(size, saved);
	note_add(&p->bundle.notes, p->arena, CODE_LINKED, STR(""),
		 to_dir ? STR("let slim write the zip (-o FILE.zip), and deploy that")
			: STR("deploy the zip as it is"),
		 "%llu link%s save%s %s until SAM or CDK zip a directory: they put copies in their place",
		 links, links == 1 ? "" : "s", links == 1 ? "s" : "", size);
}
