#include "scan/python_blocks.h"

enum {
	LOOK_AHEAD = 1 << 15, /* bytes of a `try` in which its first `except` must stand */
	HEAD_ROOM = 1 << 10,  /* bytes of the head of a `with` */
};

void python_blocks_init(struct python_blocks *blocks, unsigned minor)
{
	blocks->minor = minor;
	blocks->now = (struct python_context){ .truth = truth_both(VERDICT_TRUE) };
	blocks->body = blocks->now;
	blocks->heading = false;
	blocks->opens = false;
	blocks->lambdas = 0;
	blocks->top = 0;
	blocks->levels[0] = (struct python_level){ .context = blocks->now };
}

/* A deeper level. Where there are too many, its lines count as those of the one around it. */
static const char *push(struct python_blocks *blocks, uint32_t indent, const struct python_context *context)
{
	if (blocks->top + 1 == PYTHON_LEVELS)
		return "blocks are nested too deep";
	blocks->levels[++blocks->top] = (struct python_level){ .indent = indent, .context = *context };
	return NULL;
}

const char *python_blocks_line(struct python_blocks *blocks, uint32_t indent)
{
	const struct python_context body = blocks->now;
	const char *wrong = NULL;
	bool opens = blocks->opens;

	blocks->opens = false;
	blocks->heading = false;
	blocks->lambdas = 0;
	if (indent > blocks->levels[blocks->top].indent) {
		wrong = opens ? NULL : "a line is indented without reason";
		if (opens)
			wrong = push(blocks, indent, &body);
	} else {
		if (opens)
			wrong = "a block is missing";
		while (indent < blocks->levels[blocks->top].indent)
			blocks->top--;
		if (indent > blocks->levels[blocks->top].indent)
			wrong = "a line is indented less than its block";
	}
	blocks->now = blocks->levels[blocks->top].context;
	return wrong;
}

static bool is_op(const struct python_token *token, char op)
{
	return token->kind == PYTHON_OP && token->text.ptr[0] == op;
}

static bool ends_line(const struct python_token *token)
{
	return token->kind == PYTHON_NEWLINE || token->kind == PYTHON_END;
}

/* Reads what an `except` catches, up to its ':'; whether ImportError is part of it. */
static bool catches(struct python_lex *lex, struct python_token *token)
{
	bool found = false;
	bool any = false;

	for (;;) {
		bool named = token->word == WORD_CATCHES;

		*token = python_lex_next(lex);
		/* Exception.x is something else. */
		found = found || (named && !is_op(token, '.'));
		if (ends_line(token))
			return false;
		if (is_op(token, ':') && lex->depth == 0)
			return found || !any;
		any = any || !is_op(token, '*');
	}
}

/*
 * Whether an `except` of the `try` at that indent, whose body source begins with, catches ImportError. Each
 * byte is read at most once for every level it is in.
 */
static bool try_catches(struct str source, uint32_t indent)
{
	struct python_lex lex;
	struct python_token token;
	bool begins = false;

	python_lex_init(&lex, str_head(source, LOOK_AHEAD));
	for (token = python_lex_next(&lex); token.kind != PYTHON_END; token = python_lex_next(&lex)) {
		uint32_t at;

		if (token.kind == PYTHON_NEWLINE || !begins) {
			begins = token.kind == PYTHON_NEWLINE;
			continue;
		}
		begins = false;
		at = python_lex_indent(&lex);
		if (at > indent)
			continue;
		if (at < indent || token.word != WORD_EXCEPT)
			return false;
		if (catches(&lex, &token))
			return true;
		begins = token.kind == PYTHON_NEWLINE;
	}
	return false;
}

/* Whether a `with` has contextlib.suppress(ImportError) in its head. */
static bool with_suppresses(struct str source)
{
	struct python_lex lex;
	struct python_token token;
	bool suppress = false;
	bool found = false;

	python_lex_init(&lex, str_head(source, HEAD_ROOM));
	for (token = python_lex_next(&lex); !ends_line(&token); token = python_lex_next(&lex)) {
		if (is_op(&token, ':') && lex.depth == 0)
			return found;
		suppress = suppress || token.word == WORD_SUPPRESS;
		found = found || (suppress && token.word == WORD_CATCHES);
	}
	return false;
}

/* An `if` or `elif`: where its body runs, and what is left for the arms behind it. */
static void arm(struct python_blocks *blocks, struct truth condition, bool again)
{
	struct python_level *level = &blocks->levels[blocks->top];
	struct truth before = again && level->chain ? level->rest : truth_both(VERDICT_TRUE);

	blocks->body.truth = truth_and(level->context.truth, truth_and(before, condition));
	level->rest = truth_and(before, truth_not(condition));
	level->chain = true;
}

void python_blocks_head(struct python_blocks *blocks, enum python_word word, struct str rest)
{
	struct python_level *level = &blocks->levels[blocks->top];

	blocks->body = level->context;
	blocks->heading = true;
	if (word != WORD_ELIF && word != WORD_ELSE)
		level->chain = false;
	switch (word) {
	case WORD_IF:
	case WORD_ELIF:
		arm(blocks, python_condition(rest, blocks->minor), word == WORD_ELIF);
		break;
	case WORD_ELSE:
		if (level->chain)
			blocks->body.truth = truth_and(level->context.truth, level->rest);
		level->chain = false;
		break;
	case WORD_WHILE:
		blocks->body.truth = truth_and(level->context.truth, python_condition(rest, blocks->minor));
		break;
	case WORD_DEF:
		blocks->body.in_function = true;
		blocks->body.in_try = false;
		break;
	case WORD_CLASS:
		blocks->body.in_class = true;
		break;
	case WORD_TRY:
		blocks->body.in_try = level->context.in_try || try_catches(rest, level->indent);
		break;
	case WORD_WITH:
		blocks->body.in_try = level->context.in_try || with_suppresses(rest);
		break;
	case WORD_EXCEPT:
	case WORD_FOR:
	case WORD_ASYNC:
		break;
	default:
		blocks->heading = false;
	}
}

bool python_blocks_colon(struct python_blocks *blocks)
{
	if (blocks->lambdas) {
		blocks->lambdas--;
		return false;
	}
	if (!blocks->heading)
		return false;
	blocks->heading = false;
	blocks->now = blocks->body;
	return true;
}

void python_blocks_end(struct python_blocks *blocks, bool colon)
{
	blocks->opens = colon;
}
