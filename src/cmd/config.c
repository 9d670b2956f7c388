#define _POSIX_C_SOURCE 200809L /* lstat */
#include "cmd/config.h"

#include <libfyaml.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/text.h"
#include "io/file.h"

/* Far beyond any real one, and little enough that a hostile one costs nothing. */
enum { CONFIG_MAX = 64 << 10, LEVELS_MAX = 128 };

/* --- finding ---------------------------------------------------------------------------------- */

static bool exists(struct str dir, const char *name, struct arena *arena)
{
	struct stat st;

	return lstat(str_fmt(arena, "%.*s%s", STR_ARG(dir), name).ptr, &st) == 0;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

int config_find(char *const environment[], struct arena *arena, struct str *path, struct err *err)
{
	const char *home = environment_get(environment, "HOME");
	struct str up = STR("");
	struct stat here;
	struct stat parent;
	struct stat top;
	bool has_top = home && stat(home, &top) == 0;

	*path = STR("");
	for (int level = 0; level < LEVELS_MAX; level++) {
		bool is_root;

		if (stat(str_fmt(arena, "%.*s.", STR_ARG(up)).ptr, &here) ||
		    stat(str_fmt(arena, "%.*s..", STR_ARG(up)).ptr, &parent))
			return 0;
		is_root = same(&here, &parent);
		if (level > 0 && (is_root || (has_top && same(&here, &top))))
			return 0;
		if (exists(up, "slim.yaml", arena)) {
			*path = str_fmt(arena, "%.*sslim.yaml", STR_ARG(up));
			return 0;
		}
		if (exists(up, "slim.yml", arena))
			return err_set(err, "%.*sslim.yml is not read; rename it to slim.yaml", STR_ARG(up));
		if (is_root || exists(up, ".git", arena))
			return 0;
		up = str_fmt(arena, "../%.*s", STR_ARG(up));
	}
	return 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct reading {
	const char *name; /* printable */
	struct str dir;	  /* of the file, with a slash at its end, or "" */
	struct arena *arena;
	struct settings *out;
};

static void free_diag(struct fy_diag **diag)
{
	if (*diag)
		fy_diag_destroy(*diag);
}

static void free_parser(struct fy_parser **parser)
{
	if (*parser)
		fy_parser_destroy(*parser);
}

static void free_document(struct fy_document **document)
{
	if (*document)
		fy_document_destroy(*document);
}

#define CLEANUP(f) __attribute__((cleanup(f)))

/* "slim.yaml:3:6" of a scalar, or of `near` where the node has no text of its own. */
static struct str place_of(const struct reading *in, struct fy_node *node, struct fy_node *near)
{
	struct fy_token *token = node && fy_node_is_scalar(node) ? fy_node_get_scalar_token(node) : NULL;
	const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
	enum fy_node_style style = token ? fy_node_get_style(node) : FYNS_ANY;
	bool is_behind = style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED || style == FYNS_ALIAS;

	if (!mark)
		return near ? place_of(in, near, NULL) : str_of(in->name);
	/* libfyaml's mark lies behind the quote or the '*'. */
	return str_fmt(in->arena, "%s:%d:%d", in->name, mark->line + 1, mark->column + !is_behind);
}

static bool spans_lines(struct fy_node *node)
{
	struct fy_token *token = fy_node_get_scalar_token(node);
	const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
	const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;

	return start && end && start->line != end->line;
}

/* What YAML made of a value that may not be what its author meant; NULL when it is plain text. */
static const char *why_not_text(struct fy_node *node)
{
	size_t len = 0;

	if (fy_node_is_alias(node))
		return "quote patterns that start with '*' (YAML takes them for aliases)";
	if (fy_node_get_tag(node, &len))
		return "quote patterns that start with '!' (YAML takes them for tags)";
	if (fy_node_get_anchor(node))
		return "quote patterns that start with '&' (YAML takes them for anchors)";
	if (!fy_node_is_scalar(node))
		return "one value is expected, not a list or a map; quote patterns that start with '[' or "
		       "'{'";
	if (!fy_node_get_scalar(node, &len) || len == 0)
		return "it is empty; write a value, or remove it ('#' starts a comment: quote it)";
	if (spans_lines(node))
		return "it goes on over the next line; check the indentation, and write each value after a "
		       "'- ' of "
		       "its own";
	return NULL;
}

/* `number` counts the values of a list from 1; 0 is a value that stands alone. */
static int read_value(const struct reading *in, const struct option_info *option, struct fy_node *key,
		      struct fy_node *node, size_t number, struct err *err)
{
	struct str place = place_of(in, node, key);
	const char *why = why_not_text(node);
	struct str value;

	if (why && number)
		return err_set(err, "%.*s: %s: value %zu: %s", STR_ARG(place), option->name, number, why);
	if (why)
		return err_set(err, "%.*s: %s: %s", STR_ARG(place), option->name, why);
	value.ptr = fy_node_get_scalar(node, &value.len);
	value = str_dup(in->arena, value);
	if (option->kind == OPTION_DIRS && !str_starts(value, STR("/")))
		value = str_fmt(in->arena, "%.*s%.*s", STR_ARG(in->dir), STR_ARG(value));
	*vec_push(in->arena, &in->out->list) =
		(struct setting){ .option = option, .value = value, .place = place, .origin = FROM_FILE };
	return 0;
}

static int read_list(const struct reading *in, const struct option_info *option, struct fy_node *key,
		     struct fy_node *list, struct err *err)
{
	struct fy_node *node;
	void *at = NULL;
	size_t number = 0;

	if (!option_is_list(option))
		return err_set(err, "%.*s: %s takes one value, not a list", STR_ARG(place_of(in, key, NULL)),
			       option->name);
	while ((node = fy_node_sequence_iterate(list, &at)))
		if (read_value(in, option, key, node, ++number, err))
			return -1;
	return 0;
}

/* The option that a key names. */
static const struct option_info *read_key(const struct reading *in, struct fy_node *key, struct err *err)
{
	struct str place = place_of(in, key, NULL);
	const char *why = key ? why_not_text(key) : "a key is missing";
	const struct option_info *option;
	char name[TEXT_NAME_MAX];
	const char *nearest;
	struct str text;

	if (why) {
		(void)err_set(err, "%.*s: in a key: %s", STR_ARG(place), why);
		return NULL;
	}
	text.ptr = fy_node_get_scalar(key, &text.len);
	option = option_find(text);
	if (option && (option->sources & IN_FILE))
		return option;
	text_name(name, text);
	nearest = option_nearest(text, IN_FILE);
	if (option)
		(void)err_set(err, "%.*s: '%s' is for the command line only", STR_ARG(place), name);
	else if (str_eq(text, STR("slim")))
		(void)err_set(err, "%.*s: remove 'slim:'; the options stand at the left margin",
			      STR_ARG(place));
	else if (nearest)
		(void)err_set(err, "%.*s: unknown key '%s'; did you mean '%s'?", STR_ARG(place), name,
			      nearest);
	else
		(void)err_set(err, "%.*s: unknown key '%s'; slim.yaml(5) lists them all", STR_ARG(place),
			      name);
	return NULL;
}

static int read_root(const struct reading *in, struct fy_node *root, struct err *err)
{
	struct fy_node_pair *pair;
	void *at = NULL;
	size_t len = 0;

	if (!root ||
	    (fy_node_is_scalar(root) && !fy_node_is_alias(root) && fy_node_get_scalar(root, &len) && !len))
		return 0;
	if (!fy_node_is_mapping(root))
		return err_set(err, "%s: lines such as 'strip: off' or 'keep: [\"*.txt\"]' are expected",
			       in->name);
	while ((pair = fy_node_mapping_iterate(root, &at))) {
		struct fy_node *key = fy_node_pair_key(pair);
		struct fy_node *value = fy_node_pair_value(pair);
		const struct option_info *option = read_key(in, key, err);

		if (!option)
			return -1;
		if (!value)
			return err_set(err, "%.*s: %s has no value", STR_ARG(place_of(in, key, NULL)),
				       option->name);
		if (fy_node_is_sequence(value) ? read_list(in, option, key, value, err)
					       : read_value(in, option, key, value, 0, err))
			return -1;
	}
	return 0;
}

/* The first complaint of the parser: the others follow from it. */
static int syntax_error(const struct reading *in, struct fy_diag *diag, struct err *err)
{
	void *at = NULL;
	const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &at);
	const char *hint = "";
	char what[TEXT_NAME_MAX];

	if (!error)
		return err_set(err, "%s: this is not YAML", in->name);
	if (strstr(error->msg, "scalar") || strstr(error->msg, "flow"))
		hint = "; quote patterns that start with one of [ ] { } @ % `";
	text_name(what, str_of(error->msg)); /* it may quote the file */
	return err_set(err, "%s:%d:%d: %s%s", in->name, error->line, error->column, what, hint);
}

static int parse(const struct reading *in, struct str text, struct err *err)
{
	struct fy_diag_cfg diag_cfg;
	struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 };
	struct fy_diag *diag CLEANUP(free_diag) = NULL;
	struct fy_parser *parser CLEANUP(free_parser) = NULL;
	struct fy_document *document CLEANUP(free_document) = NULL;
	struct fy_document *second CLEANUP(free_document) = NULL;

	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.fp = NULL;
	diag = fy_diag_create(&diag_cfg);
	if (!diag)
		return err_set(err, "%s: out of memory", in->name);
	fy_diag_set_collect_errors(diag, true);
	cfg.diag = diag;
	parser = fy_parser_create(&cfg);
	if (!parser || fy_parser_set_string(parser, text.ptr, text.len))
		return err_set(err, "%s: out of memory", in->name);
	document = fy_parse_load_document(parser);
	if (document)
		second = fy_parse_load_document(parser);
	if (fy_parser_get_stream_error(parser))
		return syntax_error(in, diag, err);
	if (second)
		return err_set(err, "%s: a second document starts in it; remove '---' or '...'", in->name);
	return read_root(in, document ? fy_document_root(document) : NULL, err);
}

int config_parse(struct str path, struct str text, struct arena *arena, struct settings *out, struct err *err)
{
	char name[TEXT_NAME_MAX];
	ptrdiff_t dir = (ptrdiff_t)(path.len - str_base(path).len);
	struct reading in = { .name = name, .dir = str_head(path, (size_t)dir), .arena = arena, .out = out };
	size_t line;
	size_t column;

	text_name(name, path);
	/* The parser takes what it cannot decode for an empty file, and text behind a NUL for none. */
	if (!text_is_utf8(text) || (text.len && memchr(text.ptr, '\0', text.len)))
		return err_set(err, "%s: it is not UTF-8 text", name);
	if (text_find_yaml_tab(text, &line, &column))
		return err_set(err, "%s:%zu:%zu: tab character; YAML wants spaces", name, line, column);
	return text.len ? parse(&in, text, err) : 0;
}

int config_read(struct str path, struct arena *arena, struct settings *out, struct err *err)
{
	struct bytes text;

	if (file_read(path, CONFIG_MAX, arena, &text, err))
		return -1;
	return config_parse(path, str_of_bytes(text), arena, out, err);
}
