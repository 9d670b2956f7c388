#include "scan/python_pattern.h"

#include <string.h>

/* Besides HOLE_…: __spec__, until its attribute is known. */
enum { HOLE_SPEC = 4 };

static void begin_chain(struct python_patterns *p, bool in_hole, bool in_format)
{
	struct python_chain *chain = &p->chains[p->depth];

	*chain = (struct python_chain){ .start = (uint16_t)p->used,
					.in_hole = in_hole,
					.in_format = in_format };
}

void python_patterns_init(struct python_patterns *p, const char *end,
			  void (*found)(void *ctx, struct mention *mention), void *ctx)
{
	p->depth = 0;
	p->over = 0;
	p->used = 0;
	p->argument = STR("");
	p->equals = NULL;
	p->end = end;
	p->found = found;
	p->ctx = ctx;
	begin_chain(p, false, false);
}

struct str python_patterns_keyword(const struct python_patterns *p, const struct python_token *before)
{
	return before->kind == PYTHON_OP && before->text.ptr == p->equals ? p->argument : STR("");
}

static bool is_op(const struct python_token *token, char op)
{
	return token->kind == PYTHON_OP && token->text.ptr[0] == op;
}

static void add(struct python_patterns *p, struct python_chain *chain, struct str text)
{
	if (text.len > PATTERN_MAX || text.len > sizeof(p->text) - p->used)
		chain->lost = true;
	if (chain->lost || text.len == 0)
		return;
	memcpy(p->text + p->used, text.ptr, text.len);
	p->used += text.len;
}

/* Two unknown holes are as good as one. */
static void add_hole(struct python_patterns *p, struct python_chain *chain, uint8_t hole)
{
	char c = (char)(hole == HOLE_SPEC ? HOLE_ANY : hole);

	if (c != HOLE_ANY || p->used == chain->start || p->text[p->used - 1] != HOLE_ANY)
		add(p, chain, (struct str){ &c, 1 });
}

static void add_literal(struct python_patterns *p, struct python_chain *chain,
			const struct python_token *token)
{
	char room[PATTERN_MAX];
	struct str value = token->text;

	if (value.len > sizeof(room)) {
		chain->lost = true;
		return;
	}
	if (token->escaped)
		value = (struct str){ room, python_unescape(value, room) };
	for (size_t i = 0; i < value.len; i++)
		chain->lost = chain->lost || (unsigned char)value.ptr[i] <= HOLE_PACKAGE;
	add(p, chain, value);
}

static void report(struct python_patterns *p, const struct python_chain *chain, size_t from,
		   const struct python_token *last)
{
	struct mention mention = {
		.kind = MENTION_PATTERN,
		.line = chain->line,
		.text = { p->text + from, p->used - from },
		.first = chain->first,
		.keyword = chain->keyword,
	};
	const char *stop = last->text.ptr + last->text.len;
	bool named = false;

	if (chain->lost || mention.text.len > PATTERN_MAX)
		return;
	for (size_t i = 0; i < mention.text.len; i++)
		named = named || python_is_word(mention.text.ptr[i]) || mention.text.ptr[i] == HOLE_NAME ||
			mention.text.ptr[i] == HOLE_PACKAGE;
	mention.evidence = (struct str){ chain->from, stop > chain->from ? (size_t)(stop - chain->from) : 0 };
	if (named)
		p->found(p->ctx, &mention);
}

/* The last operand is complete, and joins the others. */
static void commit(struct python_patterns *p, struct python_chain *chain)
{
	if (chain->state == OPERAND_HOLE) {
		add_hole(p, chain, chain->hole);
		chain->holes = true;
	}
	chain->holes = chain->holes || chain->operand_holes;
	chain->operand_holes = false;
	chain->state = OPERAND_MISSING;
}

static void end_chain(struct python_patterns *p, struct python_chain *chain, const struct python_token *last)
{
	if (chain->joined || chain->operand_holes) {
		commit(p, chain);
		report(p, chain, chain->start, last);
	}
	p->used = chain->start;
	chain->state = OPERAND_MISSING;
	chain->joined = false;
	chain->holes = false;
	chain->operand_holes = false;
	chain->absorbs = false;
	chain->lost = false;
}

/* The literal that is the last operand is only a part of something unknown. */
static void drop_operand(struct python_patterns *p, struct python_chain *chain,
			 const struct python_token *last)
{
	if (chain->state == OPERAND_LITERAL) {
		if (chain->operand_holes)
			report(p, chain, chain->operand, last);
		p->used = chain->operand;
		chain->lost = chain->lost && chain->joined;
	}
	chain->operand_holes = false;
	chain->state = OPERAND_HOLE;
	chain->hole = HOLE_ANY;
	chain->until = NULL;
}

static void begin_operand(struct python_patterns *p, struct python_chain *chain,
			  const struct python_token *token, const struct python_token *before)
{
	if (chain->state != OPERAND_MISSING)
		end_chain(p, chain, before);
	if (!chain->joined && !chain->absorbs) {
		chain->line = token->line;
		chain->from = token->text.ptr;
		chain->first = is_op(before, '(');
		chain->keyword = python_patterns_keyword(p, before);
	}
	chain->operand = (uint16_t)p->used;
	chain->operand_holes = false;
	chain->hole = HOLE_ANY;
	chain->until = NULL;
}

static void push(struct python_patterns *p, bool in_hole, bool in_format)
{
	if (p->over || p->depth + 1 == PATTERN_DEPTH) {
		p->over++;
		return;
	}
	p->depth++;
	begin_chain(p, in_hole, in_format);
}

/* Ends the chain in a bracket or hole. What its hole is. */
static uint8_t pop(struct python_patterns *p, const struct python_token *last, bool *in_format)
{
	struct python_chain *chain = &p->chains[p->depth];
	uint8_t hole = HOLE_ANY;

	*in_format = false;
	if (p->over) {
		p->over--;
		return hole;
	}
	if (chain->state == OPERAND_HOLE && !chain->joined)
		hole = chain->hole;
	*in_format = chain->in_format;
	end_chain(p, chain, last);
	if (p->depth)
		p->depth--;
	return hole;
}

/* How long the source is that spells a template, with blanks and either quote; 0 if it does not. */
static size_t spelled(struct str source, const char *template)
{
	size_t at = 0;

	for (; *template; template ++) {
		while (at < source.len && source.ptr[at] == ' ')
			at++;
		if (at >= source.len)
			return 0;
		if (source.ptr[at] != *template && !(*template == '\'' && source.ptr[at] == '"'))
			return 0;
		at++;
	}
	return at;
}

/* What stands behind __name__ where it means the package; 0 if nothing does. */
static size_t package_of_name(struct str source)
{
	static const char *const templates[] = {
		".rpartition('.')[0]",
		".rsplit('.',1)[0]",
		".rsplit('.',maxsplit=1)[0]",
	};
	size_t len = 0;

	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]) && !len; i++)
		len = spelled(source, templates[i]);
	return len;
}

static void feed_name(struct python_patterns *p, struct python_chain *chain, const struct python_token *token,
		      const struct python_token *before)
{
	const char *behind = token->text.ptr + token->text.len;

	if (python_is_keyword(token->word)) {
		end_chain(p, chain, before);
		return;
	}
	if (is_op(before, '.')) {
		if (chain->hole == HOLE_SPEC)
			chain->hole = token->word == WORD_PARENT ? HOLE_PACKAGE
				      : token->word == WORD_NAME ? HOLE_NAME
								 : HOLE_ANY;
		return;
	}
	begin_operand(p, chain, token, before);
	chain->state = OPERAND_HOLE;
	if (chain->absorbs) {
		chain->absorbs = false;
	} else if (token->word == WORD_DUNDER_NAME) {
		size_t len = package_of_name((struct str){ behind, (size_t)(p->end - behind) });

		chain->hole = len ? HOLE_PACKAGE : HOLE_NAME;
		chain->until = behind + len;
	} else if (token->word == WORD_DUNDER_PACKAGE) {
		chain->hole = HOLE_PACKAGE;
	} else if (token->word == WORD_DUNDER_SPEC) {
		chain->hole = HOLE_SPEC;
	}
}

/* The hole, or the expression in front of its format, that this part of an f-string is behind. */
static void end_hole(struct python_patterns *p, const struct python_token *before)
{
	struct python_chain *chain;
	bool in_format;
	uint8_t hole;

	if (before->kind == PYTHON_STRING && before->format && !before->hole_after)
		return;
	hole = pop(p, before, &in_format);
	chain = &p->chains[p->depth];
	if (in_format || p->over || chain->state != OPERAND_LITERAL)
		return;
	add_hole(p, chain, hole);
	chain->operand_holes = true;
}

static void feed_string(struct python_patterns *p, const struct python_token *token,
			const struct python_token *before)
{
	bool behind = token->hole_before || token->format;
	struct python_chain *chain;

	if (behind)
		end_hole(p, before);
	chain = &p->chains[p->depth];
	if (!p->over && !behind && !chain->frozen) {
		bool adjacent = chain->state == OPERAND_LITERAL && before->kind == PYTHON_STRING;

		if (!adjacent) {
			begin_operand(p, chain, token, before);
			chain->state = chain->absorbs ? OPERAND_HOLE : OPERAND_LITERAL;
			chain->absorbs = false;
		}
	}
	if (!p->over && !token->format && chain->state == OPERAND_LITERAL)
		add_literal(p, chain, token);
	if (token->hole_after)
		push(p, true, token->format);
}

/* A bracket is part of the operand in front of it, or one by itself. */
static void feed_opening(struct python_patterns *p, struct python_chain *chain,
			 const struct python_token *token, const struct python_token *before)
{
	if (chain->state == OPERAND_LITERAL) {
		drop_operand(p, chain, before);
	} else if (chain->state == OPERAND_MISSING) {
		begin_operand(p, chain, token, before);
		chain->state = OPERAND_HOLE;
		chain->absorbs = false;
	} else if (token->text.ptr >= chain->until) {
		chain->hole = HOLE_ANY;
	}
	push(p, false, false);
}

static void feed_op(struct python_patterns *p, struct python_chain *chain, const struct python_token *token,
		    const struct python_token *before)
{
	char c = token->text.ptr[0];

	switch (c) {
	case '(':
	case '[':
	case '{':
		feed_opening(p, chain, token, before);
		break;
	case '+':
		if (chain->state == OPERAND_MISSING)
			break;
		commit(p, chain);
		chain->joined = true;
		break;
	case '.':
		if (chain->state == OPERAND_LITERAL)
			drop_operand(p, chain, before);
		else if (chain->hole != HOLE_SPEC && token->text.ptr >= chain->until)
			chain->hole = HOLE_ANY;
		break;
	case '%':
	case '*':
	case '/':
	case '@':
	case '-':
		if (chain->state == OPERAND_MISSING)
			break;
		drop_operand(p, chain, before);
		chain->state = OPERAND_MISSING;
		chain->absorbs = true;
		break;
	case '!':
		chain->frozen = chain->in_hole;
		if (!chain->frozen)
			end_chain(p, chain, before);
		break;
	case '=':
		if (before->kind == PYTHON_NAME) {
			p->argument = before->text;
			p->equals = token->text.ptr;
		}
		end_chain(p, chain, before);
		break;
	default:
		end_chain(p, chain, before);
	}
}

void python_patterns_feed(struct python_patterns *p, const struct python_token *token,
			  const struct python_token *before)
{
	struct python_chain *chain = &p->chains[p->depth];
	bool in_format;

	if (token->kind == PYTHON_NEWLINE || token->kind == PYTHON_END) {
		end_chain(p, chain, before);
		p->depth = 0;
		p->over = 0;
		p->used = 0;
		begin_chain(p, false, false);
		return;
	}
	if (is_op(token, ')') || is_op(token, ']') || is_op(token, '}')) {
		(void)pop(p, before, &in_format);
		return;
	}
	if (token->kind == PYTHON_STRING) {
		feed_string(p, token, before);
		return;
	}
	if (p->over || chain->frozen) {
		if (is_op(token, '(') || is_op(token, '[') || is_op(token, '{'))
			p->over++;
		return;
	}
	if (token->kind == PYTHON_NAME)
		feed_name(p, chain, token, before);
	else
		feed_op(p, chain, token, before);
}
