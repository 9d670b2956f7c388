#include "scan/python_names.h"

#include <stddef.h>
#include <string.h>

#include "scan/python_blocks.h"
#include "scan/python_calls.h"
#include "scan/python_encoding.h"
#include "scan/python_habits.h"
#include "scan/python_lex.h"
#include "scan/python_pattern.h"

enum {
	NAME_ROOM = 512, /* longer dotted names and literals name no file */
	CODE_ROOM = 1 << 16,
	CALL_DEPTH = 128, /* in deeper brackets no call is known */
	OWNER_ROOM = 64,  /* bytes in front of a called name that evidence shows */
	ARGUMENT_SHOWN = 64,
};

/* What is in front of lex begins as zero. */
struct names {
	struct str source;
	const struct python_target *what;
	python_sees *sees;
	void *ctx;
	struct python_habits habits;
	struct python_token token;  /* the one to look at */
	struct python_token before; /* the one in front of it */
	size_t depth;
	bool behind_minus;
	bool ignoring;		/* the last part of an f-string ended in "--ignore=" */
	bool begins;		/* the token to look at begins a logical line */
	bool statement;		/* it begins a statement, perhaps one of several in its line */
	bool defines;		/* the name before is what a `def` or `class` defines */
	enum python_word owner; /* the last name, which may own the attribute that comes */
	struct str function_name;
	struct str target; /* of the assignment that the logical line is, or "" */
	struct python_lex lex;
	struct str callees[CALL_DEPTH]; /* by depth of brackets; "" where they are no call's */
	bool minus[CALL_DEPTH];		/* by depth: the brackets stand behind '-' or "-=" */
	struct python_blocks blocks;
	struct python_patterns patterns;
	struct python_constants constants;
};

static bool is_op(const struct python_token *token, char c)
{
	return token->kind == PYTHON_OP && token->text.ptr[0] == c;
}

static bool ends_line(const struct python_token *token)
{
	return token->kind == PYTHON_NEWLINE || token->kind == PYTHON_END;
}

static void broken(struct names *names, uint32_t line, const char *why)
{
	if (names->habits.broken_line && names->habits.broken_line <= line)
		return;
	names->habits.broken_line = line;
	names->habits.broken = why;
}

/* The first token of a logical line: which block it is in, and which it begins. */
static void begin_line(struct names *names)
{
	const char *wrong = python_blocks_line(&names->blocks, python_lex_indent(&names->lex));

	if (wrong)
		broken(names, names->token.line, wrong);
	names->target = STR("");
	names->ignoring = false;
	names->begins = true;
}

static void advance(struct names *names)
{
	bool colon;

	python_patterns_feed(&names->patterns, &names->token, &names->before);
	names->before = names->token;
	names->behind_minus =
		is_op(&names->before, '-') || (names->behind_minus && is_op(&names->before, '='));
	names->token = python_lex_next(&names->lex);
	names->begins = false;
	colon = is_op(&names->before, ':');
	names->statement = is_op(&names->before, ';') || colon;
	if (ends_line(&names->token)) {
		if (!ends_line(&names->before))
			python_blocks_end(&names->blocks, colon);
	} else if (ends_line(&names->before)) {
		begin_line(names);
		names->statement = true;
	}
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
	while (names->token.kind == PYTHON_NAME && names->token.word != WORD_IMPORT) {
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
	const struct python_context *context = &names->blocks.now;

	mention->in_function = context->in_function;
	mention->in_try = context->in_try;
	mention->guard = truth_guard(context->truth);
	mention->function = mention->in_function ? names->function_name : STR("");
	names->sees(names->ctx, mention);
}

static void skip_alias(struct names *names)
{
	if (names->token.word != WORD_AS)
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
	if (names->token.word != WORD_IMPORT)
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
	return ends_line(token) || is_op(token, ';');
}

/* The innermost call that the token to look at stands in. */
static struct str callee_of(const struct names *names)
{
	return names->depth && names->depth <= CALL_DEPTH ? names->callees[names->depth - 1] : STR("");
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
		.callee = callee_of(names),
		.first = is_op(&before, '('),
	};
	struct dotted text = { .len = 0 };
	bool format = false;

	if (mention.callee.len)
		mention.keyword = python_patterns_keyword(&names->patterns, &before);

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
	mention.denied = names->token.word == WORD_IN || names->token.word == WORD_NOT ||
			 (names->depth && names->depth <= CALL_DEPTH && names->minus[names->depth - 1]);
	mention.evidence = since(names, first.text.ptr);
	mention.joined = is_op(&before, '/') || is_op(&names->token, '/');
	/* A literal that is a statement by itself is a docstring or as good as one. */
	if (ends_statement(&before) && ends_statement(&names->token))
		return;
	if ((mention.text.len || mention.code.len) && !format)
		report(names, &mention);
}

/* The context of a text that is put together: that of its tokens. */
static void found_pattern(void *ctx, struct mention *mention)
{
	struct names *names = ctx;

	mention->callee = callee_of(names);
	mention->target = names->target;
	if (!mention->callee.len)
		mention->keyword = STR("");
	report(names, mention);
}

static bool is_importer(struct str callee)
{
	return python_word(callee) == WORD_IMPORTER;
}

static bool is_asked(const struct names *names, struct str callee)
{
	for (size_t i = 0; i < names->what->call_count; i++)
		if (str_eq(callee, names->what->calls[i]))
			return true;
	return false;
}

/* From the name that is called, with what owns it, up to the argument's end, in one line. */
static struct str call_evidence(const struct names *names, const struct python_token *callee,
				struct str argument)
{
	const char *start = callee->text.ptr;
	const char *stop = argument.len ? argument.ptr + argument.len : names->token.text.ptr + 1;
	struct str line;

	for (size_t i = 0;
	     i < OWNER_ROOM && start > names->source.ptr && (start[-1] == '.' || python_is_word(start[-1]));
	     i++)
		start--;
	/* The text of a literal ends in front of its quote. */
	if (stop < names->lex.end && (*stop == '"' || *stop == '\''))
		stop++;
	line = (struct str){ start, (size_t)(stop - start) };
	if (argument.len > ARGUMENT_SHOWN)
		line.len -= argument.len - ARGUMENT_SHOWN;
	for (size_t i = 0; i < line.len; i++)
		if (line.ptr[i] == '\n' || line.ptr[i] == '\r')
			line.len = i;
	return line;
}

static struct str rest_from(const struct names *names, const char *at)
{
	return str_from(names->source, (size_t)(at - names->source.ptr));
}

/* The call of a name that was asked for; the token to look at is its '('. */
static void see_call(struct names *names, const struct python_token *callee)
{
	struct python_argument argument =
		python_argument(rest_from(names, names->token.text.ptr), names->what->argument);
	const struct python_constant *constant = NULL;
	char room[NAME_ROOM];
	struct mention mention = {
		.kind = MENTION_COMPUTED,
		.line = callee->line,
		.callee = callee->text,
		.target = names->target,
		.keyword = argument.keyword,
		.first = argument.keyword.len == 0,
		.evidence = call_evidence(names, callee, argument.text),
	};

	if (argument.kind == ARGUMENT_NONE)
		return;
	if (argument.kind == ARGUMENT_NAME)
		constant = python_constant(&names->constants, names->source, argument.text);
	if (constant && constant->value.len && constant->value.len <= sizeof(room)) {
		mention.kind = MENTION_TEXT;
		mention.text = constant->value;
		if (constant->escaped)
			mention.text = (struct str){ room, python_unescape(constant->value, room) };
	}
	report(names, &mention);
}

/* ':' ends the head of a compound statement, or of a lambda in it. */
static void read_colon(struct names *names)
{
	bool outside = names->lex.depth == 0 && names->lex.open == 0;
	bool walrus = names->lex.at < names->lex.end && *names->lex.at == '=';

	advance(names);
	if (!outside || walrus)
		return;
	/* advance() ended the line already where the body is in the next ones. */
	(void)python_blocks_colon(&names->blocks);
}

/* Keeps count of brackets, and of the names that are called. */
static void read_op(struct names *names)
{
	char c = names->token.text.ptr[0];
	const struct python_token before = names->before;
	struct str callee = before.kind == PYTHON_NAME ? before.text : STR("");
	bool minus = names->behind_minus;

	if (c == ':') {
		read_colon(names);
		return;
	}
	if (c == '(' && callee.len && !names->defines && is_asked(names, callee))
		see_call(names, &before);
	advance(names);
	if (c == '(' || c == '[' || c == '{') {
		if (names->depth < CALL_DEPTH)
			names->minus[names->depth] = minus;
		if (names->depth < CALL_DEPTH)
			names->callees[names->depth] = c == '(' ? callee : STR("");
		names->depth++;
		if (c == '(' && before.word == WORD_IMPORTER && names->token.kind != PYTHON_STRING)
			names->habits.computes_imports = true;
	} else if ((c == ')' || c == ']' || c == '}') && names->depth) {
		names->depth--;
	}
}

/* Statements of Python 2 that no Python 3 reads: `print "text"`, `exec code`. */
static bool is_old_statement(enum python_word word, const struct python_token *next)
{
	if (word != WORD_PRINT && word != WORD_EXEC)
		return false;
	return next->kind == PYTHON_STRING ||
	       (next->kind == PYTHON_NAME && (!python_is_keyword(next->word) || next->word == WORD_LAMBDA));
}

/* The first word of a logical line; the token to look at is behind it. */
static void begin_statement(struct names *names, const struct python_token *token)
{
	if (python_is_keyword(token->word))
		python_blocks_head(&names->blocks, token->word,
				   rest_from(names, token->text.ptr + token->text.len));
	if (is_op(&names->token, '='))
		names->target = token->text;
	if (token->word == WORD_DUNDER_GETATTR && !names->blocks.now.in_class &&
	    (is_op(&names->token, '=') || is_op(&names->token, ',')))
		names->habits.lazy_attributes = true;
	if (token->word == WORD_DEF && !names->blocks.now.in_function)
		names->function_name = names->token.text;
}

static void read_name(struct names *names)
{
	const struct python_token token = names->token;
	const struct python_token before = names->before;
	enum python_word word = token.word;
	const char *start = before.word == WORD_LAZY ? before.text.ptr : token.text.ptr;
	bool begins = names->begins || (before.word == WORD_ASYNC && names->blocks.heading);
	bool statement = names->statement;

	advance(names);
	names->defines = before.word == WORD_DEF || before.word == WORD_CLASS;
	if (begins)
		begin_statement(names, &token);
	python_habits_note(&names->habits, &(struct python_use){ .before = &before,
								 .name = &token,
								 .next = &names->token,
								 .rest = rest_from(names, names->lex.at),
								 .owner = &names->owner });
	if (word == WORD_OTHER)
		return;
	if (word == WORD_LAMBDA && names->lex.depth == 0 && names->lex.open == 0)
		names->blocks.lambdas++;
	if (word == WORD_DUNDER_GETATTR && before.word == WORD_DEF && !names->blocks.now.in_class)
		names->habits.lazy_attributes = true;
	if (statement && is_old_statement(word, &names->token))
		broken(names, token.line, "a statement of Python 2");
	if (word == WORD_IMPORT)
		read_import(names, start);
	else if (word == WORD_FROM)
		read_from(names, start);
}

/* A literal as an importer's argument that is only a part of it: "pkg." + name. */
static void note_computed(struct names *names, struct str callee, bool hole)
{
	if ((hole || is_op(&names->token, '+') || is_op(&names->token, '%') || is_op(&names->token, '.')) &&
	    is_importer(callee))
		names->habits.computes_imports = true;
}

static void begin(struct names *names)
{
	python_lex_init(&names->lex, names->source);
	python_blocks_init(&names->blocks, names->what->minor);
	python_patterns_init(&names->patterns, names->source.ptr + names->source.len, found_pattern, names);
	names->constants.read = false;
	names->constants.count = 0;
	advance(names);
}

/* What is wrong with the source as a whole. */
static void finish(struct names *names)
{
	uint32_t line;
	const char *why;

	python_patterns_feed(&names->patterns, &names->token, &names->before);
	if (names->blocks.opens)
		broken(names, names->token.line, "a block is missing");
	if (names->lex.error)
		broken(names, names->lex.error_line, names->lex.error);
	why = python_encoding(names->source, &line);
	if (why)
		broken(names, line, why);
}

struct python_habits python_names(struct str source, const struct python_target *target, python_sees *sees,
				  void *ctx)
{
	struct names names;

	/* The large arrays need no clearing, and most sources are small. */
	memset(&names, 0, offsetof(struct names, lex));
	names.source = source;
	names.what = target;
	names.sees = sees;
	names.ctx = ctx;
	begin(&names);
	while (names.token.kind != PYTHON_END) {
		switch (names.token.kind) {
		case PYTHON_NAME:
			read_name(&names);
			break;
		case PYTHON_STRING: {
			struct str callee = callee_of(&names);
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
	finish(&names);
	return names.habits;
}
