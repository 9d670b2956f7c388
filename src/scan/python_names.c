#include "scan/python_names.h"

#include <string.h>

#include "scan/python_lex.h"

enum {
	NAME_ROOM = 512, /* longer dotted names and literals name no file */
	CODE_ROOM = 1 << 16,
	CALL_DEPTH = 128, /* in deeper brackets no call is known */
	NO_INDENT = UINT32_MAX,
};

struct names {
	struct python_lex lex;
	struct python_token token;  /* the one to look at */
	struct python_token before; /* the one in front of it */
	size_t depth;
	struct str callees[CALL_DEPTH]; /* by depth of brackets; "" where they are no call's */
	bool minus[CALL_DEPTH];		/* by depth: the brackets stand behind '-' or "-=" */
	bool behind_minus;
	bool ignoring; /* the last part of an f-string ended in "--ignore=" */
	struct str function_name;
	struct str target; /* of the assignment that the logical line is, or "" */
	uint32_t indent;   /* of the logical line */
	uint32_t function; /* indent of the outermost `def` that is open, or NO_INDENT */
	struct python_habits habits;
	python_sees *sees;
	void *ctx;
};

static bool is_op(const struct python_token *token, char c)
{
	return token->kind == PYTHON_OP && token->text.ptr[0] == c;
}

static bool is_name(const struct python_token *token, struct str name)
{
	return token->kind == PYTHON_NAME && str_eq(token->text, name);
}

static void advance(struct names *names)
{
	names->before = names->token;
	names->behind_minus =
		is_op(&names->before, '-') || (names->behind_minus && is_op(&names->before, '='));
	names->token = python_lex_next(&names->lex);
	if (names->token.kind == PYTHON_NEWLINE || names->token.kind == PYTHON_END ||
	    names->before.kind != PYTHON_NEWLINE)
		return;
	names->target = STR("");
	names->ignoring = false;
	names->indent = names->token.column;
	if (names->function != NO_INDENT && names->indent <= names->function)
		names->function = NO_INDENT;
}

/* A name built of several tokens. Too long a one is cut off and marked, and then names nothing. */
struct dotted {
	char at[NAME_ROOM];
	size_t len;
	bool too_long;
};

static void dotted_add(struct dotted *dotted, struct str part)
{
	if (part.len > sizeof(dotted->at) - dotted->len) {
		dotted->too_long = true;
		return;
	}
	if (part.len)
		memcpy(dotted->at + dotted->len, part.ptr, part.len);
	dotted->len += part.len;
}

static struct str dotted_str(const struct dotted *dotted)
{
	return dotted->too_long ? STR("") : (struct str){ dotted->at, dotted->len };
}

/* `a.b . c`; stops at what is no part of it, as the "import" of `from . import a` is. */
static void read_dotted(struct names *names, struct dotted *dotted)
{
	dotted->len = 0;
	dotted->too_long = false;
	while (names->token.kind == PYTHON_NAME && !is_name(&names->token, STR("import"))) {
		dotted_add(dotted, names->token.text);
		advance(names);
		if (!is_op(&names->token, '.'))
			return;
		dotted_add(dotted, STR("."));
		advance(names);
	}
}

/* What the source says from `start` up to the token to look at. */
static struct str since(const struct names *names, const char *start)
{
	const char *stop = names->before.text.ptr + names->before.text.len;

	return (struct str){ start, stop > start ? (size_t)(stop - start) : 0 };
}

static void report(struct names *names, struct mention *mention)
{
	mention->in_function = names->function != NO_INDENT;
	mention->function = mention->in_function ? names->function_name : STR("");
	names->sees(names->ctx, mention);
}

static void skip_alias(struct names *names)
{
	if (!is_name(&names->token, STR("as")))
		return;
	advance(names);
	if (names->token.kind == PYTHON_NAME)
		advance(names);
}

/* `import a.b as c, d`; the token to look at is behind "import". */
static void read_import(struct names *names, const char *start)
{
	struct dotted module;

	for (;;) {
		struct mention mention = { .kind = MENTION_IMPORT, .line = names->token.line };

		read_dotted(names, &module);
		mention.module = dotted_str(&module);
		skip_alias(names);
		mention.evidence = since(names, start);
		if (mention.module.len)
			report(names, &mention);
		if (!is_op(&names->token, ','))
			return;
		advance(names);
	}
}

/*
 * `from ..a.b import c as d, (e)`; the token to look at is behind "from". Other uses of the word (`yield
 * from x`, `raise x from y`) have no "import" and end there.
 */
static void read_from(struct names *names, const char *start)
{
	struct mention mention = { .kind = MENTION_IMPORT };
	struct dotted module;

	for (; is_op(&names->token, '.'); advance(names))
		mention.level++;
	read_dotted(names, &module);
	if (!is_name(&names->token, STR("import")))
		return;
	advance(names);
	if (is_op(&names->token, '('))
		advance(names);
	mention.module = dotted_str(&module);
	while (names->token.kind == PYTHON_NAME || is_op(&names->token, '*')) {
		mention.line = names->token.line;
		mention.name = names->token.text;
		advance(names);
		skip_alias(names);
		mention.evidence = since(names, start);
		if (!module.too_long)
			report(names, &mention);
		if (!is_op(&names->token, ','))
			break;
		advance(names);
	}
	/* The bracket was opened here, so it is not one that other code counts. */
	if (is_op(&names->token, ')'))
		advance(names);
}

static bool ends_statement(const struct python_token *token)
{
	return token->kind == PYTHON_NEWLINE || token->kind == PYTHON_END || is_op(token, ';');
}

static void literal_add(struct dotted *text, const struct python_token *token)
{
	char room[NAME_ROOM];
	struct str value = token->text;

	if (token->escaped && value.len <= sizeof(room))
		value = (struct str){ room, python_unescape(value, room) };
	dotted_add(text, value);
}

/* Options that say which files a tool leaves out. */
static bool is_ignoring(struct str text)
{
	return str_starts(text, STR("--")) &&
	       (str_ends(text, STR("ignore=")) || str_ends(text, STR("exclude=")));
}

/* A literal with all that are adjacent to it. */
static void read_text(struct names *names)
{
	const struct python_token before = names->before;
	const struct python_token first = names->token;
	struct mention mention = {
		.kind = MENTION_TEXT,
		.line = first.line,
		.hole_before = first.hole_before,
		.target = names->target,
		.callee = names->depth && names->depth <= CALL_DEPTH ? names->callees[names->depth - 1]
								     : STR(""),
		.first = is_op(&before, '('),
	};
	struct dotted text = { .len = 0 };
	bool format = false;

	do {
		format = format || names->token.format;
		mention.hole_after = names->token.hole_after;
		literal_add(&text, &names->token);
		advance(names);
	} while (names->token.kind == PYTHON_STRING && !mention.hole_after && !names->token.hole_before);
	mention.text = dotted_str(&text);
	mention.ignored = names->ignoring;
	if (mention.hole_after || mention.hole_before)
		names->ignoring = mention.hole_after && is_ignoring(mention.text);
	mention.code =
		first.text.len < CODE_ROOM && str_find(first.text, STR("import")) >= 0 ? first.text : STR("");
	mention.denied = is_name(&names->token, STR("in")) || is_name(&names->token, STR("not")) ||
			 (names->depth && names->depth <= CALL_DEPTH && names->minus[names->depth - 1]);
	mention.evidence = since(names, first.text.ptr);
	mention.joined = is_op(&before, '/') || is_op(&names->token, '/');
	/* A literal that is a statement by itself is a docstring or as good as one. */
	if (ends_statement(&before) && ends_statement(&names->token))
		return;
	if ((mention.text.len || mention.code.len) && !format)
		report(names, &mention);
}

/* Notes what is done whatever is named: see struct python_habits. */
static void note_habit(struct names *names, struct str word)
{
	static const struct str opening[] = {
		STR_INIT("__file__"),  STR_INIT("__path__"),	  STR_INIT("open"),
		STR_INIT("files"),     STR_INIT("get_data"),	  STR_INIT("open_binary"),
		STR_INIT("open_text"), STR_INIT("pkg_resources"), STR_INIT("resource_filename"),
		STR_INIT("resources"),
	};

	if (str_eq(word, STR("pkgutil")) || str_eq(word, STR("iter_modules")) ||
	    str_eq(word, STR("walk_packages")))
		names->habits.computes_imports = true;
	if (str_eq(word, STR("attach_stub")))
		names->habits.attaches_stub = true;
	for (size_t i = 0; i < sizeof(opening) / sizeof(opening[0]); i++)
		if (str_eq(word, opening[i]))
			names->habits.opens_files = true;
}

static bool is_importer(struct str callee)
{
	return str_eq(callee, STR("import_module")) || str_eq(callee, STR("__import__"));
}

/* Keeps count of brackets, and of the names that are called. */
static void read_op(struct names *names)
{
	char c = names->token.text.ptr[0];
	struct str callee = names->before.kind == PYTHON_NAME ? names->before.text : STR("");
	bool minus = names->behind_minus;

	advance(names);
	if (c == '(' || c == '[' || c == '{') {
		if (names->depth < CALL_DEPTH)
			names->minus[names->depth] = minus;
		if (names->depth < CALL_DEPTH)
			names->callees[names->depth] = c == '(' ? callee : STR("");
		names->depth++;
		if (c == '(' && is_importer(callee) && names->token.kind != PYTHON_STRING)
			names->habits.computes_imports = true;
	} else if ((c == ')' || c == ']' || c == '}') && names->depth) {
		names->depth--;
	}
}

static void read_name(struct names *names)
{
	struct str word = names->token.text;
	const char *start = word.ptr;
	bool outermost = str_eq(word, STR("def")) && names->function == NO_INDENT;
	bool begins;

	if (outermost)
		names->function = names->indent;
	note_habit(names, word);
	begins = names->before.kind == PYTHON_NEWLINE;
	advance(names);
	if (outermost)
		names->function_name = names->token.text;
	if (begins && is_op(&names->token, '='))
		names->target = word;
	if (str_eq(word, STR("import")))
		read_import(names, start);
	else if (str_eq(word, STR("from")))
		read_from(names, start);
}

/* A literal as an importer's argument that is only a part of it: "pkg." + name. */
static void note_computed(struct names *names, struct str callee, bool hole)
{
	if (is_importer(callee) &&
	    (hole || is_op(&names->token, '+') || is_op(&names->token, '%') || is_op(&names->token, '.')))
		names->habits.computes_imports = true;
}

struct python_habits python_names(struct str source, const struct python_target *target, python_sees *sees,
				  void *ctx)
{
	(void)target;
	struct names names = { .sees = sees, .ctx = ctx, .function = NO_INDENT };

	python_lex_init(&names.lex, source);
	names.token = (struct python_token){ .kind = PYTHON_NEWLINE };
	advance(&names);
	while (names.token.kind != PYTHON_END) {
		struct str callee =
			names.depth && names.depth <= CALL_DEPTH ? names.callees[names.depth - 1] : STR("");

		switch (names.token.kind) {
		case PYTHON_NAME:
			read_name(&names);
			break;
		case PYTHON_STRING: {
			bool hole = names.token.hole_after;

			read_text(&names);
			note_computed(&names, callee, hole);
			break;
		}
		case PYTHON_OP:
			read_op(&names);
			break;
		default:
			advance(&names);
		}
	}
	return names.habits;
}
