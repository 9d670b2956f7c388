#include "rules/yaml.h"

#include <libfyaml.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

/* --- places ----------------------------------------------------------------------------------- */

/* Where the node's text begins; places of lists and maps are those of what they begin with. */
static const struct fy_mark *mark_of(struct fy_node *node)
{
	struct fy_token *token;

	while (node && !fy_node_is_scalar(node)) {
		struct fy_node *first;

		if (fy_node_is_sequence(node)) {
			first = fy_node_sequence_get_by_index(node, 0);
		} else {
			void *at = NULL;
			struct fy_node_pair *pair = fy_node_mapping_iterate(node, &at);

			first = pair ? fy_node_pair_key(pair) : NULL;
		}
		node = first;
	}
	token = node ? fy_node_get_scalar_token(node) : NULL;
	return token ? fy_token_start_mark(token) : NULL;
}

/* libfyaml's mark lies behind a quote or '*', and counts from 0. */
static bool is_marked_behind(struct fy_node *node)
{
	return fy_node_is_scalar(node) && fy_node_get_style(node) != FYNS_PLAIN;
}

static struct yaml_node make_node(struct fy_node *node, struct yaml_node near)
{
	const struct fy_mark *mark = mark_of(node);

	near.node = node;
	if (mark) {
		near.line = mark->line + 1;
		near.column = mark->column + !is_marked_behind(node);
	}
	return near;
}

struct str yaml_place(struct yaml_node node, struct arena *arena)
{
	return str_fmt(arena, "%.*s:%d:%d", STR_ARG(node.name), node.line, node.column);
}

int yaml_fail(struct yaml_node node, struct err *err, const char *fmt, ...)
{
	char what[sizeof(err->msg) / 2];
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	return err_set(err, "%.900s:%d:%d: %s", node.name.ptr, node.line, node.column, what);
}

/* --- the document ----------------------------------------------------------------------------- */

/* The parser's first complaint; the others follow from it. */
static int syntax_error(const struct yaml *yaml, struct err *err)
{
	void *at = NULL;
	const struct fy_diag_error *error = fy_diag_errors_iterate(yaml->diag, &at);
	struct yaml_node node = { .name = yaml->name, .line = 1, .column = 1 };

	if (!error)
		return yaml_fail(node, err, "this is not YAML");
	node.line = error->line;
	node.column = error->column;
	if (strstr(error->msg, "duplicate"))
		return yaml_fail(node, err, "%s", error->msg);
	return yaml_fail(node, err,
			 "%s; put quotes around patterns that start with one of * ! & [ ] { } # %% @ `",
			 error->msg);
}

int yaml_open(struct yaml *yaml, struct str name, struct str text, struct arena *arena, struct err *err)
{
	struct fy_diag_cfg diag_cfg;
	struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 };
	struct fy_document *second;
	size_t line;
	size_t column;

	yaml->name = text_escape(arena, name);
	/* The parser takes what it cannot decode for an empty file, and a NUL for the end. */
	if (!text_is_utf8(text) || (text.len && memchr(text.ptr, '\0', text.len)))
		return err_set(err, "%.900s: it is not UTF-8 text", yaml->name.ptr);
	if (text_find_yaml_tab(text, &line, &column))
		return err_set(err, "%.900s:%zu:%zu: tab character; YAML wants spaces", yaml->name.ptr, line,
			       column);
	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.fp = NULL;
	yaml->diag = fy_diag_create(&diag_cfg);
	if (!yaml->diag)
		return err_set(err, "%.900s: out of memory", yaml->name.ptr);
	fy_diag_set_collect_errors(yaml->diag, true);
	cfg.diag = yaml->diag;
	yaml->parser = fy_parser_create(&cfg);
	if (!yaml->parser || fy_parser_set_string(yaml->parser, text.ptr, text.len) != 0)
		return err_set(err, "%.900s: out of memory", yaml->name.ptr);
	yaml->doc = fy_parse_load_document(yaml->parser);
	second = yaml->doc ? fy_parse_load_document(yaml->parser) : NULL;
	if (second)
		fy_parse_document_destroy(yaml->parser, second);
	if (fy_parser_get_stream_error(yaml->parser))
		return syntax_error(yaml, err);
	if (second)
		return err_set(err, "%.900s: it holds more than one document; take out '---' and '...'",
			       yaml->name.ptr);
	return 0;
}

void yaml_close(struct yaml *yaml)
{
	if (yaml->doc)
		fy_parse_document_destroy(yaml->parser, yaml->doc);
	if (yaml->parser)
		fy_parser_destroy(yaml->parser);
	if (yaml->diag)
		fy_diag_destroy(yaml->diag);
	*yaml = (struct yaml){ .doc = NULL };
}

struct yaml_node yaml_root(const struct yaml *yaml)
{
	struct yaml_node top = { .name = yaml->name, .line = 1, .column = 1 };

	return make_node(yaml->doc ? fy_document_root(yaml->doc) : NULL, top);
}

/* --- text ------------------------------------------------------------------------------------- */

bool yaml_is_text(struct yaml_node node)
{
	return !node.node || fy_node_is_scalar(node.node);
}

/* What YAML made of something that its author surely meant otherwise; NULL when all is well. */
static const char *misread(struct fy_node *node)
{
	size_t len = 0;

	if (!node)
		return NULL;
	if (fy_node_is_alias(node))
		return "quote patterns that start with '*' (YAML takes them for aliases)";
	if (fy_node_get_tag(node, &len))
		return "quote patterns that start with '!' (YAML takes them for tags)";
	if (fy_node_get_anchor(node))
		return "quote patterns that start with '&' (YAML takes them for anchors)";
	return NULL;
}

static bool spans_lines(struct fy_node *node)
{
	struct fy_token *token = fy_node_get_scalar_token(node);
	const struct fy_mark *start = token ? fy_token_start_mark(token) : NULL;
	const struct fy_mark *end = token ? fy_token_end_mark(token) : NULL;

	return start && end && start->line != end->line;
}

int yaml_prose(struct yaml_node node, struct arena *arena, struct str *out, struct err *err)
{
	const char *why = misread(node.node);
	struct str text = STR("");

	if (why)
		return yaml_fail(node, err, "%s", why);
	if (!yaml_is_text(node))
		return yaml_fail(node, err,
				 "a text is expected here, not a list or a map; quote patterns "
				 "that start with '[' or '{'");
	if (node.node)
		text.ptr = fy_node_get_scalar(node.node, &text.len);
	text = str_trim(text.ptr ? text : STR(""));
	if (text.len == 0)
		return yaml_fail(node, err,
				 "there is nothing here; quote patterns that start with '#' or '!'");
	*out = str_dup(arena, text);
	return 0;
}

int yaml_text(struct yaml_node node, struct arena *arena, struct str *out, struct err *err)
{
	if (yaml_prose(node, arena, out, err) != 0)
		return -1;
	if (spans_lines(node.node))
		return yaml_fail(node, err,
				 "the text goes on in the next line; look at the indentation, and "
				 "write each item behind a '- ' of its own");
	return 0;
}

/* --- lists and maps --------------------------------------------------------------------------- */

int yaml_list(struct yaml_node node, struct yaml_list *out, struct err *err)
{
	const char *why = misread(node.node);

	if (why)
		return yaml_fail(node, err, "%s", why);
	if (!node.node || !fy_node_is_sequence(node.node))
		return yaml_fail(node, err, "a list is expected here: [a, b]");
	if (fy_node_sequence_is_empty(node.node))
		return yaml_fail(node, err, "the list is empty: leave out the key");
	*out = (struct yaml_list){ .node = node };
	return 0;
}

bool yaml_next(struct yaml_list *list, struct yaml_node *item)
{
	struct fy_node *node = fy_node_sequence_iterate(list->node.node, &list->at);

	if (node)
		*item = make_node(node, list->node);
	return node != NULL;
}

int yaml_map(struct yaml_node node, struct yaml_map *out, struct err *err)
{
	const char *why = misread(node.node);

	if (why)
		return yaml_fail(node, err, "%s", why);
	if (!node.node || !fy_node_is_mapping(node.node))
		return yaml_fail(node, err, "keys are expected here, each with a value: 'key: value'");
	*out = (struct yaml_map){ .node = node };
	return 0;
}

bool yaml_pair(struct yaml_map *map, struct yaml_node *key, struct yaml_node *value)
{
	struct fy_node_pair *pair = fy_node_mapping_iterate(map->node.node, &map->at);

	if (!pair)
		return false;
	*key = make_node(fy_node_pair_key(pair), map->node);
	*value = make_node(fy_node_pair_value(pair), *key);
	return true;
}
