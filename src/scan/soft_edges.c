#include "scan/soft_edges.h"

#include <string.h>

#include "base/arena.h"
#include "scan/soft_find.h"

enum { BARE_MIN = 4 }; /* letters of a name that counts where nothing opens shared objects */

/* ctypes, cffi, numpy.ctypeslib, torch.ops, sqlite3, TensorFlow, llvmlite. */
const struct str soft_calls[] = {
	STR_INIT("CDLL"),	    STR_INIT("PyDLL"),		 STR_INIT("LoadLibrary"),
	STR_INIT("dlopen"),	    STR_INIT("find_library"),	 STR_INIT("load_library"),
	STR_INIT("load_extension"), STR_INIT("load_op_library"), STR_INIT("load_library_permanently"),
};
const size_t soft_call_count = sizeof(soft_calls) / sizeof(soft_calls[0]);

struct soft_scan soft_begin(const struct soft_index *index, struct arena *scratch, struct edges edges)
{
	return (struct soft_scan){
		.index = index,
		.edges = edges,
		.scratch = scratch,
		.file = &index->bundle->files.at[edges.file],
		.evidence = STR(""),
		.visits = SOFT_VISITS,
	};
}

static bool is_call(struct str callee)
{
	for (size_t i = 0; i < soft_call_count; i++)
		if (str_eq(callee, soft_calls[i]))
			return true;
	return false;
}

static struct sight sight_of(const struct mention *mention)
{
	struct sight sight = {
		.kind = EDGE_DLOPEN,
		.phase = mention->in_function ? PHASE_CALL : PHASE_INIT,
		.line = mention->line,
		/* The first line of a literal in three quotes is often empty. */
		.evidence = str_trim(mention->evidence),
	};

	if (sight.evidence.len == 0)
		sight.evidence = STR("a literal");
	if (mention->guard == GUARD_TYPES)
		sight.phase = PHASE_TYPES;
	return sight;
}

/* --- texts ----------------------------------------------------------------------------------- */

/* Remembers a text until all of the source is known; each once. */
static void remember(struct soft_scan *scan, int kind, struct str text, const struct sight *sight)
{
	struct str key = str_fmt(scan->scratch, "%d%.*s", kind, STR_ARG(text));
	struct soft_text *own;
	bool added;

	(void)map_put(scan->scratch, &scan->seen, key, &added);
	if (!added)
		return;
	own = vec_push(scan->scratch, &scan->texts);
	own->kind = kind;
	own->text = str_from(key, 1);
	own->sight = *sight;
	own->sight.evidence = str_dup(scan->scratch, sight->evidence);
}

/* "/opt/a/b/" and "../a/b" as a/b; of what has globs, what is behind them. */
static struct str dir_parts(struct str text)
{
	static const struct str mounts[] = { STR_INIT("/opt/"), STR_INIT("/var/task/") };
	size_t from = 0;

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++)
		if (str_starts(text, mounts[i]))
			from = mounts[i].len;
	while (text.len > from && text.ptr[text.len - 1] == '/')
		text.len--;
	for (size_t end = from, start = from; end <= text.len; end++) {
		struct str part;

		if (end < text.len && text.ptr[end] != '/')
			continue;
		part = str_head(str_from(text, start), end - start);
		if (part.len == 0 || str_eq(part, STR(".")) || str_eq(part, STR("..")) || soft_is_glob(part))
			from = end + 1;
		start = end + 1;
	}
	return str_from(text, from);
}

static void see_dir(struct soft_scan *scan, struct str text, const struct sight *sight)
{
	struct str parts = dir_parts(text);

	if (parts.len && soft_by_step(scan->index, str_base(parts)) != NO_SOFT)
		remember(scan, SOFT_DIR, parts, sight);
}

static bool has_bare(const struct soft_index *index, struct str bare)
{
	char room[SOFT_NAME_MAX] = "lib";

	if (!soft_may_be_bare(index, bare) || bare.len + 3 > sizeof(room))
		return false;
	memcpy(room + 3, bare.ptr, bare.len);
	return soft_by_plain(index, bare) != NO_SOFT ||
	       soft_by_plain(index, (struct str){ room, bare.len + 3 }) != NO_SOFT;
}

/* A text without ".so". */
static void see_plain(struct soft_scan *scan, struct str text, struct sight *sight)
{
	struct str base = str_base(text);

	if (soft_is_glob(base)) {
		if (soft_weight(base) < SOFT_WEIGHT_MIN)
			return;
		remember(scan, SOFT_GLOB, base, sight);
		if (str_starts(base, STR("lib")))
			soft_find_glob(scan, base, true, sight);
		return;
	}
	if (str_starts(base, STR("lib")))
		soft_find_stem(scan, base, sight);
	if (has_bare(scan->index, base))
		remember(scan, SOFT_BARE, base, sight);
	see_dir(scan, text, sight);
}

/* Names with ".so"; false where there are none. `composed` as is_composed() has it. */
static bool see_names(struct soft_scan *scan, struct str text, bool composed, struct sight *sight)
{
	struct str rest = text;
	struct str path;
	bool any = false;

	while (soft_next(&rest, &path)) {
		struct str base = str_base(path);
		bool bounded = rest.len == 0 || !((rest.ptr[0] >= 'a' && rest.ptr[0] <= 'z') ||
						  (rest.ptr[0] >= '0' && rest.ptr[0] <= '9'));

		if (!bounded && !str_starts(base, STR("lib")))
			continue;
		any = true;
		soft_find_path(scan, path, false, sight);
		if (soft_is_glob(base) || str_starts(base, STR(".so"))) {
			remember(scan, composed ? SOFT_COMPOSED : SOFT_GLOB, base, sight);
			see_dir(scan, str_dir(path), sight);
		}
	}
	return any;
}

/* "GST_PLUGIN_PATH": somebody else is told where to look. */
static bool is_place_variable(struct str text)
{
	static const struct str ends[] = { STR_INIT("_PATH"), STR_INIT("_DIR"), STR_INIT("_MODULES"),
					   STR_INIT("_PLUGINS"), STR_INIT("LIBS") };

	for (size_t i = 0; i < text.len; i++)
		if (text.ptr[i] != '_' && !(text.ptr[i] >= 'A' && text.ptr[i] <= 'Z') &&
		    !(text.ptr[i] >= '0' && text.ptr[i] <= '9'))
			return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (str_ends(text, ends[i]))
			return true;
	return false;
}

/* Whether the code fills in what the name lacks: f"lib{name}.so", and not "lib*.so", which lists. */
static bool is_composed(const struct mention *mention)
{
	return str_find(mention->text, STR("*")) < 0;
}

static void see_text(struct soft_scan *scan, const struct mention *mention, struct sight *sight)
{
	char room[SOFT_TEXT_MAX];
	struct str text;

	/* The end of an f-string, which is told as a whole too. */
	if (mention->hole_before && str_starts(mention->text, STR(".so")))
		return;
	scan->lists = scan->lists || is_place_variable(mention->text);
	soft_find_full(scan, str_base(mention->text), sight);
	if (!soft_normal(mention->text, room, &text) || text.len == 0)
		return;
	if (!see_names(scan, text, is_composed(mention), sight))
		see_plain(scan, text, sight);
}

/* --- calls ----------------------------------------------------------------------------------- */

/* Windows' own, the process itself, what find_library() is asked for by a literal, and a module's file. */
static bool is_harmless(const struct mention *mention)
{
	struct str evidence = mention->evidence;

	return mention->guard == GUARD_DEAD || str_find(evidence, STR("windll.")) >= 0 ||
	       str_ends(evidence, STR("(None")) || str_ends(evidence, STR("=None")) ||
	       str_ends(evidence, STR(".__file__")) || str_find(evidence, STR("find_library(\"")) >= 0 ||
	       str_find(evidence, STR("find_library('")) >= 0;
}

static void see_computed(struct soft_scan *scan, const struct mention *mention)
{
	if (!is_call(mention->callee))
		return;
	scan->opens = true;
	if (scan->computed || is_harmless(mention))
		return;
	scan->computed = true;
	scan->line = mention->line;
	scan->phase = sight_of(mention).phase;
	scan->evidence = str_dup(scan->scratch, mention->evidence);
}

static void see_import(struct soft_scan *scan, const struct mention *mention)
{
	struct str top = mention->module;

	(void)str_cut(top, '.', &top, &(struct str){ 0 });
	if (str_eq(top, STR("ctypes")) || str_eq(top, STR("cffi")) || str_eq(top, STR("_cffi_backend")))
		scan->opens = true;
}

void soft_see(struct soft_scan *scan, const struct mention *mention)
{
	struct sight sight = sight_of(mention);

	scan->source = true;
	if (scan->index->files.len == 0)
		return;
	switch (mention->kind) {
	case MENTION_IMPORT:
		see_import(scan, mention);
		return;
	case MENTION_COMPUTED:
		see_computed(scan, mention);
		return;
	case MENTION_TEXT:
	case MENTION_PATTERN:
		break;
	}
	scan->opens = scan->opens || is_call(mention->callee);
	see_text(scan, mention, &sight);
}

void soft_habits(struct soft_scan *scan, const struct python_habits *habits)
{
	scan->lists = scan->lists || habits->lists_files;
	scan->opens = scan->opens || habits->hands_on_loaders;
	/* To be called under another name. */
	if (habits->hands_on_loaders && !scan->computed) {
		scan->computed = true;
		scan->evidence = STR("hands on what opens shared objects");
	}
}

/* --- the end --------------------------------------------------------------------------------- */

static void end_glob(struct soft_scan *scan, struct soft_text *text)
{
	/* f.endswith(".so") */
	if (str_starts(text->text, STR(".so")))
		text->text = STR("*.so");
	/* What "*.so" only lists is opened where names are computed. */
	if (scan->opens || (scan->lists && soft_weight(text->text) >= SOFT_WEIGHT_MIN))
		soft_find_glob(scan, text->text, false, &text->sight);
	if (scan->opens && soft_weight(text->text) >= SOFT_WEIGHT_MIN)
		soft_find_modules(scan, text->text, &text->sight);
}

static void end_text(struct soft_scan *scan, struct soft_text *text)
{
	switch (text->kind) {
	case SOFT_BARE:
		if (scan->opens ||
		    (text->text.len >= BARE_MIN && !str_eq(text->text, str_top(scan->file->path))))
			soft_find_bare(scan, text->text, scan->opens, scan->opens && scan->computed,
				       &text->sight);
		break;
	case SOFT_COMPOSED:
		text->sight.broad = true;
		/* Others may open it, who are told the path: ADBC's drivers. */
		if (soft_is_glob(text->text))
			soft_find_composed(scan, text->text, &text->sight);
		end_glob(scan, text);
		break;
	case SOFT_GLOB:
		text->sight.broad = true;
		end_glob(scan, text);
		break;
	case SOFT_DIR:
		text->sight.broad = true;
		if (scan->opens || scan->lists)
			soft_find_dir(scan, text->text, &text->sight);
		break;
	}
}

static void end_computed(struct soft_scan *scan)
{
	bool first_party = scan->file->dist == NO_DIST;
	struct sight sight = {
		.kind = EDGE_DLOPEN,
		.phase = scan->phase,
		.broad = true,
		.line = scan->line,
		.evidence = scan->evidence,
	};

	/* The call may mean something else than what was named; then it most likely lies near. */
	if (scan->own && !scan->overflow)
		soft_find_all(scan, str_dir(scan->file->path), false, &sight);
	else
		soft_find_all(scan, STR(""), first_party, &sight);
}

void soft_end(struct soft_scan *scan)
{
	for (size_t i = 0; i < scan->texts.len; i++)
		end_text(scan, &scan->texts.at[i]);
	if (scan->overflow && !scan->computed)
		scan->evidence = STR("names too many shared objects");
	if (scan->computed || scan->overflow)
		end_computed(scan);
}

void soft_notes(struct soft_scan *scan, const struct elf_object *elf)
{
	for (size_t i = 0; i < elf->dlopens.len; i++)
		for (size_t n = 0; n < elf->dlopens.at[i].count; n++) {
			struct str name = str_base(elf->dlopens.at[i].sonames[n]);
			struct sight sight = { .kind = EDGE_DLOPEN, .phase = PHASE_CALL, .evidence = name };

			soft_find_full(scan, name, &sight);
			(void)soft_find_name(scan, name, &sight);
		}
}
