#include "cmd/template.h"

#include <libfyaml.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

enum { ANCHORS_MAX = 1000 };

#define CLEANUP(f) __attribute__((cleanup(f)))

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

/* --- nodes ------------------------------------------------------------------------------------ */

static struct str tag_of(struct fy_node *node)
{
	struct str tag = STR("");

	tag.ptr = fy_node_get_tag(node, &tag.len);
	return tag.ptr ? tag : STR("");
}

/* Whether the node is what it looks like: an alias or a tag makes it something else. */
static bool is_plain(struct fy_node *node)
{
	return node && !fy_node_is_alias(node) && tag_of(node).len == 0;
}

static struct str scalar_of(struct fy_node *node)
{
	struct str text = STR("");

	if (node && fy_node_is_scalar(node) && !fy_node_is_alias(node))
		text.ptr = fy_node_get_scalar(node, &text.len);
	return text.ptr ? text : STR("");
}

/* The value of a key, NULL when there is none. Of several the last, as the readers of SAM and AWS take it. */
static struct fy_node *value_of(struct fy_node *map, const char *key)
{
	struct fy_node *found = NULL;
	struct fy_node_pair *pair;
	void *at = NULL;

	if (!map || !fy_node_is_mapping(map))
		return NULL;
	while ((pair = fy_node_mapping_iterate(map, &at)))
		if (str_eq(scalar_of(fy_node_pair_key(pair)), str_of(key)))
			found = fy_node_pair_value(pair);
	return found;
}

static int line_of(struct fy_node *node)
{
	struct fy_token *token = fy_node_is_scalar(node) ? fy_node_get_scalar_token(node) : NULL;
	const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;

	return mark ? mark->line + 1 : 1;
}

/* Whether the map holds what a deployment replaces: {"Ref": …}, {"Fn::Sub": …}, or YAML's merged keys. */
static bool has_intrinsic(struct fy_node *map)
{
	struct fy_node_pair *pair;
	void *at = NULL;

	while ((pair = fy_node_mapping_iterate(map, &at))) {
		struct str key = scalar_of(fy_node_pair_key(pair));

		if (str_eq(key, STR("Ref")) || str_eq(key, STR("<<")) || str_starts(key, STR("Fn::")))
			return true;
	}
	return false;
}

/* --- values ----------------------------------------------------------------------------------- */

static struct template_value read_text(struct fy_node *node, struct arena *arena)
{
	struct template_value value = { .state = TEMPLATE_COMPUTED, .line = 1 };
	struct str text;
	bool plain;

	if (!node)
		return (struct template_value){ .line = 1 };
	value.line = line_of(node);
	text = scalar_of(node);
	plain = is_plain(node) || str_eq(tag_of(node), STR("!Sub"));
	if (!plain || text.len == 0 || memchr(text.ptr, '\0', text.len) || str_find(text, STR("${")) >= 0)
		return value;
	value.state = TEMPLATE_LITERAL;
	value.text = str_dup(arena, text);
	return value;
}

/* A list of one architecture; lists of more are none that Lambda takes. */
static struct template_value read_arch(struct fy_node *node, struct arena *arena)
{
	struct template_value value = { .state = TEMPLATE_COMPUTED, .line = 1 };

	if (!node)
		return (struct template_value){ .line = 1 };
	if (!is_plain(node) || !fy_node_is_sequence(node) || fy_node_sequence_item_count(node) != 1)
		return value;
	return read_text(fy_node_sequence_get_by_index(node, 0), arena);
}

/* CodeUri or Code: a path, or a map that names an object in S3 or holds the code itself. */
static struct template_value read_code(struct fy_node *node, struct arena *arena)
{
	struct template_value value = { .line = 1 };

	if (node && fy_node_is_mapping(node) && is_plain(node)) {
		value.state = has_intrinsic(node) ? TEMPLATE_COMPUTED : TEMPLATE_NONE;
		return value;
	}
	value = read_text(node, arena);
	if (value.state == TEMPLATE_LITERAL && str_starts(value.text, STR("s3://")))
		return (struct template_value){ .line = value.line };
	return value;
}

/* --- functions -------------------------------------------------------------------------------- */

struct reading {
	struct arena *arena;
	struct fy_node *globals; /* of SAM functions, or NULL */
	struct template_facts *out;
};

static void add_unknown(struct reading *in, struct str id, int line)
{
	struct template_value computed = { .state = TEMPLATE_COMPUTED, .line = line };

	*vec_push(in->arena, &in->out->functions) = (struct template_function){
		.id = id, .handler = computed, .runtime = computed, .arch = computed, .code = computed
	};
}

/* The value of the function, else the one that all functions share. */
static struct fy_node *property(struct fy_node *properties, struct fy_node *globals, const char *key)
{
	struct fy_node *node = value_of(properties, key);

	return node ? node : value_of(globals, key);
}

/* SAM merges the variables of a function into those of all. */
static struct fy_node *variable(struct fy_node *properties, const char *name)
{
	return value_of(value_of(value_of(properties, "Environment"), "Variables"), name);
}

/* Functions whose code is no zip of their own. */
static bool is_zip(struct fy_node *properties, struct fy_node *globals)
{
	struct fy_node *type = property(properties, globals, "PackageType");

	return !str_eq(scalar_of(type), STR("Image")) && !value_of(properties, "InlineCode") &&
	       !value_of(properties, "ImageUri");
}

static void read_function(struct reading *in, struct str id, struct fy_node *properties, bool serverless)
{
	struct fy_node *globals = serverless ? in->globals : NULL;
	struct fy_node *code = property(properties, globals, serverless ? "CodeUri" : "Code");
	struct fy_node *library_path = variable(properties, "LD_LIBRARY_PATH");

	if (!is_zip(properties, globals))
		return;
	*vec_push(in->arena, &in->out->functions) = (struct template_function){
		.id = id,
		.handler = read_text(property(properties, globals, "Handler"), in->arena),
		.runtime = read_text(property(properties, globals, "Runtime"), in->arena),
		.arch = read_arch(property(properties, globals, "Architectures"), in->arena),
		.code = read_code(code, in->arena),
		.library_path = read_text(library_path ? library_path : variable(globals, "LD_LIBRARY_PATH"),
					  in->arena),
	};
}

static void read_resource(struct reading *in, struct fy_node *key, struct fy_node *resource)
{
	struct str id = str_dup(in->arena, scalar_of(key));
	int line = key ? line_of(key) : 1;
	struct str type = scalar_of(value_of(resource, "Type"));
	bool serverless = str_eq(type, STR("AWS::Serverless::Function"));
	struct fy_node *properties;

	if (!is_plain(resource) || !fy_node_is_mapping(resource)) {
		add_unknown(in, id, line);
		return;
	}
	if (type.len && !serverless && !str_eq(type, STR("AWS::Lambda::Function")))
		return;
	properties = value_of(resource, "Properties");
	if (!type.len || !is_plain(properties) || !fy_node_is_mapping(properties) ||
	    has_intrinsic(properties))
		add_unknown(in, id, line);
	else
		read_function(in, id, properties, serverless);
}

static void read_root(struct reading *in, struct fy_node *root)
{
	struct fy_node *resources = value_of(root, "Resources");
	struct fy_node_pair *pair;
	void *at = NULL;

	if (!resources || !fy_node_is_mapping(resources))
		return;
	in->globals = value_of(value_of(root, "Globals"), "Function");
	while ((pair = fy_node_mapping_iterate(resources, &at)))
		read_resource(in, fy_node_pair_key(pair), fy_node_pair_value(pair));
}

/* --- the document ----------------------------------------------------------------------------- */

/* The parser's first complaint; the others follow from it. */
static int syntax_error(const char *name, struct fy_diag *diag, struct err *err)
{
	void *at = NULL;
	const struct fy_diag_error *error = fy_diag_errors_iterate(diag, &at);
	char what[TEXT_NAME_MAX];

	if (!error)
		return err_set(err, "%.900s: this is not YAML", name);
	text_name(what, str_of(error->msg)); /* it may quote the file */
	return err_set(err, "%.900s:%d:%d: %.900s", name, error->line, error->column, what);
}

/*
 * A copy without tabs: some crash libfyaml 0.7.12, and JSON is often indented with them. A space means the
 * same wherever YAML allows a tab, but in text that nobody here reads.
 */
static struct str without_tabs(struct str text, struct arena *arena)
{
	char *out = arena_alloc(arena, text.len + 1, 1);

	for (size_t i = 0; i < text.len; i++)
		out[i] = text.ptr[i] == '\t' ? ' ' : text.ptr[i];
	out[text.len] = '\0';
	return (struct str){ out, text.len };
}

/* libfyaml's time is quadratic in anchors, which templates that AWS takes have none of. */
static bool has_many_anchors(struct str text)
{
	size_t anchors = 0;

	for (size_t i = 0; i < text.len; i++)
		anchors += text.ptr[i] == '&' && (i == 0 || text.ptr[i - 1] != '&');
	return anchors > ANCHORS_MAX;
}

static int parse(struct reading *in, struct str text, struct err *err)
{
	const char *name = in->out->name.ptr;
	struct fy_diag_cfg diag_cfg;
	/* Looking for keys that stand twice takes quadratic time. */
	struct fy_parse_cfg cfg = { .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_DEFAULT_VERSION_1_2 |
					     FYPCF_ALLOW_DUPLICATE_KEYS };
	struct fy_diag *diag CLEANUP(free_diag) = NULL;
	struct fy_parser *parser CLEANUP(free_parser) = NULL;
	struct fy_document *document CLEANUP(free_document) = NULL;

	fy_diag_cfg_default(&diag_cfg);
	diag_cfg.fp = NULL;
	diag = fy_diag_create(&diag_cfg);
	if (!diag)
		return err_set(err, "%.900s: out of memory", name);
	fy_diag_set_collect_errors(diag, true);
	cfg.diag = diag;
	parser = fy_parser_create(&cfg);
	if (!parser || fy_parser_set_string(parser, text.ptr, text.len))
		return err_set(err, "%.900s: out of memory", name);
	document = fy_parse_load_document(parser);
	if (fy_parser_get_stream_error(parser))
		return syntax_error(name, diag, err);
	read_root(in, document ? fy_document_root(document) : NULL);
	return 0;
}

int template_read(struct str name, struct str text, struct arena *arena, struct template_facts *out,
		  struct err *err)
{
	struct reading in = { .arena = arena, .out = out };

	*out = (struct template_facts){ .name = text_escape(arena, name) };
	/* The parser takes what it cannot decode for an empty file, and text behind a NUL for none. */
	if (!text_is_utf8(text) || (text.len && memchr(text.ptr, '\0', text.len)))
		return err_set(err, "%.900s: it is not UTF-8 text", out->name.ptr);
	if (has_many_anchors(text))
		return err_set(err, "%.900s: it has more than %d '&'", out->name.ptr, ANCHORS_MAX);
	return parse(&in, without_tabs(text, arena), err);
}
