#include "scan/faults.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "scan/fault_parts.h"

enum { NAMES_SHOWN = 3, NAME_SHOWN = 160 };

/* --- what all of them ask ------------------------------------------------------------------------- */

bool fault_is_sure(const struct fault_search *search, uint32_t file)
{
	return !search->in->sure || search->in->sure[file];
}

bool fault_is_opened(const struct fault_search *search, uint32_t file)
{
	return !search->in->opened || search->in->opened[file];
}

bool fault_is_found(const struct load *load)
{
	return load->by != FOUND_NOWHERE && load->by != FOUND_FATAL && load->file != NO_FILE;
}

const struct library *fault_library(const struct fault_search *search, uint32_t file)
{
	const struct library *library = libraries_of(search->in->libraries, file);

	return library && search->in->kept[file] && search->loaded[file] && !library->never &&
			       library->elf.form == ELF_SHARED
		       ? library
		       : NULL;
}

struct str fault_name(const struct fault_search *search, struct str name)
{
	char shown[TEXT_NAME_MAX];

	text_name(shown, str_head(name, NAME_SHOWN));
	return str_fmt(search->arena, "%s%s", shown, name.len > NAME_SHOWN ? "..." : "");
}

struct str fault_path(const struct fault_search *search, uint32_t file)
{
	return fault_name(search, search->bundle->files.at[file].path);
}

struct str fault_list(const struct fault_search *search, const struct str *names, size_t count)
{
	struct buf out = { .arena = search->arena };
	size_t shown = count <= NAMES_SHOWN + 1 ? count : NAMES_SHOWN;

	for (size_t i = 0; i < shown; i++) {
		buf_add(&out, i == 0 ? STR("") : i + 1 == count ? STR(" and ") : STR(", "));
		buf_add(&out, fault_name(search, names[i]));
	}
	if (shown < count)
		buf_printf(&out, " and %zu more", count - shown);
	return buf_str(&out);
}

void fault_add(struct fault_search *search, const struct fault *fault)
{
	*vec_push(search->arena, search->out) = *fault;
}

/* --- what is loaded ------------------------------------------------------------------------------- */

/* Roots that are sure speak first, so that they are named as those who load a file. */
static void find_loaded(struct fault_search *search, bool sure)
{
	const struct fault_input *in = search->in;

	for (size_t i = 0; i < in->count; i++) {
		const struct load *load = &in->loads[i];

		if (fault_is_sure(search, load->root) != sure)
			continue;
		if (sure)
			search->loaded[load->root] = true;
		if (!fault_is_found(load))
			continue;
		if (sure) {
			search->loaded[load->file] = true;
			search->by_name[load->file] |= load->by != FOUND_PATH;
		}
		if (search->loaded_by[load->file] == NO_FILE && load->root != load->file)
			search->loaded_by[load->file] = load->root;
	}
}

static struct str system_of(const struct fault_input *in, struct arena *arena)
{
	if (!in->platform)
		return STR("");
	if (in->minor == 0)
		return in->platform->title;
	return str_fmt(arena, "python3.%u (%.*s)", in->minor, STR_ARG(in->platform->title));
}

static void begin(struct fault_search *search, const struct fault_input *in, struct arena *arena,
		  struct faults *out)
{
	size_t files = in->libraries->bundle->files.len;

	*out = (struct faults){ 0 };
	*search = (struct fault_search){
		.in = in,
		.bundle = in->libraries->bundle,
		.arena = arena,
		.out = out,
		.system = system_of(in, arena),
		.loaded = arena_array(arena, bool, files),
		.by_name = arena_array(arena, bool, files),
		.loaded_by = arena_array(arena, uint32_t, files),
	};
	for (size_t i = 0; i < files; i++)
		search->loaded_by[i] = NO_FILE;
	for (uint32_t id = 0; in->sure && in->opened && id < files; id++)
		search->loaded[id] = in->sure[id] && in->opened[id] && in->kept[id];
	find_loaded(search, true);
	find_loaded(search, false);
}

static int compare(const void *left, const void *right)
{
	const struct fault *a = left;
	const struct fault *b = right;

	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	return str_cmp(a->text, b->text);
}

int faults_find(const struct fault_input *input, struct arena *arena, struct faults *out, struct err *err)
{
	struct fault_search search;

	begin(&search, input, arena, out);
	fault_missing(&search);
	fault_files(&search);
	fault_builds(&search);
	fault_shadowed(&search);
	fault_openmp(&search);
	if (fault_versions(&search, err) || fault_wheels(&search, err) || fault_twice(&search, err))
		return -1;
	if (out->len)
		qsort(out->at, out->len, sizeof(*out->at), compare);
	return 0;
}
