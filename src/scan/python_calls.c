#include "scan/python_calls.h"

#include "scan/python_lex.h"

enum { ARGUMENT_ROOM = 4096 }; /* bytes of a call that are looked at */

static bool is_op(const struct python_token *token, char op)
{
	return token->kind == PYTHON_OP && token->text.ptr[0] == op;
}

static bool is_plain(const struct python_token *token)
{
	return token->kind == PYTHON_STRING && !token->hole_after && !token->hole_before && !token->format;
}

static bool ends_line(const struct python_token *token)
{
	return token->kind == PYTHON_NEWLINE || token->kind == PYTHON_END;
}

/* A token, and where it leaves the brackets and f-strings around it. */
struct place {
	struct python_token token;
	uint32_t depth;
	bool in_hole;
};

struct call {
	struct python_lex lex;
	struct place here;
	struct place next;
};

static void advance(struct call *call)
{
	call->here = call->next;
	call->next.token = python_lex_next(&call->lex);
	call->next.depth = call->lex.depth;
	call->next.in_hole = call->lex.open > 0;
}

/* The argument ends: at a ',' or ')' of the call itself, or with what is read of it. */
static bool ends_argument(const struct place *place)
{
	return ends_line(&place->token) || (is_op(&place->token, ')') && place->depth == 0) ||
	       (is_op(&place->token, ',') && place->depth == 1 && !place->in_hole);
}

/* A literal that is one word. */
static bool is_literal_word(const struct python_token *token)
{
	return token->word == WORD_NONE || token->word == WORD_TRUE || token->word == WORD_FALSE ||
	       (token->text.ptr[0] >= '0' && token->text.ptr[0] <= '9');
}

/* Steps over an argument and says what it is. */
static struct python_argument classify(struct call *call, struct str keyword)
{
	struct python_argument argument = { .kind = ARGUMENT_COMPUTED, .keyword = keyword };
	const struct python_token first = call->here.token;
	const char *stop = first.text.ptr;
	bool plain = true;
	size_t count = 0;

	for (; !ends_argument(&call->here); advance(call)) {
		plain = plain && is_plain(&call->here.token);
		stop = call->here.token.text.ptr + call->here.token.text.len;
		count++;
	}
	argument.text = (struct str){ first.text.ptr, (size_t)(stop - first.text.ptr) };
	if (ends_line(&call->here.token))
		return argument;
	if (plain)
		argument.kind = ARGUMENT_NONE;
	else if (count == 1 && first.kind == PYTHON_NAME)
		argument.kind = is_literal_word(&first) ? ARGUMENT_NONE : ARGUMENT_NAME;
	return argument;
}

struct python_argument python_argument(struct str source, struct str keyword)
{
	struct call call = { .here = { .depth = 0 } };

	python_lex_init(&call.lex, str_head(source, ARGUMENT_ROOM));
	advance(&call); /* nothing */
	advance(&call); /* the bracket */
	for (;;) {
		struct str name;

		advance(&call);
		if (ends_line(&call.here.token))
			return (struct python_argument){ .kind = ARGUMENT_COMPUTED };
		if (is_op(&call.here.token, ')') && call.here.depth == 0)
			return (struct python_argument){ .kind = ARGUMENT_NONE };
		if (call.here.token.kind != PYTHON_NAME || !is_op(&call.next.token, '=') ||
		    (call.lex.at < call.lex.end && *call.lex.at == '='))
			return classify(&call, STR(""));
		name = call.here.token.text;
		advance(&call);
		advance(&call);
		if (keyword.len && str_eq(name, keyword))
			return classify(&call, name);
		while (!ends_argument(&call.here))
			advance(&call);
		if (!is_op(&call.here.token, ','))
			return (struct python_argument){ .kind = is_op(&call.here.token, ')')
									 ? ARGUMENT_NONE
									 : ARGUMENT_COMPUTED };
	}
}

/* A pass over a source that tells where names are bound, as far as tokens do. */
struct binder {
	struct python_lex lex;
	struct python_token before;
	struct python_token token;
	struct python_token next;
	uint32_t depth; /* of brackets around next */
	bool begins;	/* token begins a logical line */
	bool at_margin; /* which is in no block */
	bool in_head;	/* of a `def`, lambda, `for` or `import` */
	enum python_word head;
	uint32_t head_depth;
};

static void binder_step(struct binder *b)
{
	bool begins = ends_line(&b->token);

	b->before = b->token;
	b->token = b->next;
	b->begins = begins;
	if (begins)
		b->at_margin = python_lex_indent(&b->lex) == 0;
	b->depth = b->lex.depth;
	b->next = python_lex_next(&b->lex);
}

static void binder_init(struct binder *b, struct str source)
{
	*b = (struct binder){ .token = { .kind = PYTHON_NEWLINE }, .next = { .kind = PYTHON_NEWLINE } };
	python_lex_init(&b->lex, source);
	binder_step(b);
	binder_step(b);
}

/* Follows the parts of statements in which names are bound. */
static void follow_heads(struct binder *b)
{
	enum python_word word = b->token.word;

	if (b->token.kind == PYTHON_NEWLINE)
		b->in_head = false;
	if (b->in_head) {
		bool closed = b->head == WORD_FOR      ? word == WORD_IN
			      : b->head == WORD_IMPORT ? is_op(&b->token, ';')
						       : is_op(&b->token, ':');

		if (closed && b->depth <= b->head_depth)
			b->in_head = false;
	} else if (word == WORD_DEF || word == WORD_LAMBDA || word == WORD_FOR || word == WORD_IMPORT ||
		   (word == WORD_CASE && b->begins)) {
		b->in_head = true;
		b->head = word;
		b->head_depth = b->depth;
	}
}

/* Whether the name that is b->token may be bound here. */
static bool binds(const struct binder *b)
{
	const struct python_token *next = &b->next;
	enum python_word before = b->before.word;
	char c = next->kind == PYTHON_OP ? next->text.ptr[0] : '\0';
	bool doubled = b->lex.at < b->lex.end && *b->lex.at == '=';

	if (is_op(&b->before, '.'))
		return false;
	if (b->in_head || before == WORD_AS || before == WORD_GLOBAL || before == WORD_CLASS ||
	    str_eq(b->before.text, STR("del")))
		return true;
	if (b->begins && c != '.' && c != '(' && c != '[')
		return true;
	if (c == '=')
		return !doubled;
	if (c == ',')
		return b->depth == 0;
	return doubled && c && c != '<' && c != '>' && c != '!';
}

static struct python_constant *find(struct python_constants *constants, struct str name)
{
	for (size_t i = 0; i < constants->count; i++)
		if (str_eq(constants->at[i].name, name))
			return &constants->at[i];
	return NULL;
}

/* `NAME = "literal"` by itself, in no block. */
static void collect(struct python_constants *constants, struct str source)
{
	struct binder b;

	for (binder_init(&b, source); b.token.kind != PYTHON_END; binder_step(&b)) {
		struct python_constant constant = { .name = b.token.text };

		if (b.token.kind != PYTHON_NAME || !b.begins || !b.at_margin || !is_op(&b.next, '='))
			continue;
		binder_step(&b);
		binder_step(&b);
		constant.value = b.token.text;
		constant.escaped = b.token.escaped;
		if (is_plain(&b.token) && ends_line(&b.next) && constants->count < PYTHON_CONSTANTS &&
		    !find(constants, constant.name))
			constants->at[constants->count++] = constant;
	}
}

static void count_bindings(struct python_constants *constants, struct str source)
{
	struct binder b;

	for (binder_init(&b, source); b.token.kind != PYTHON_END; binder_step(&b)) {
		struct python_constant *constant;

		follow_heads(&b);
		if (b.token.kind != PYTHON_NAME || b.token.word != WORD_OTHER || !binds(&b))
			continue;
		constant = find(constants, b.token.text);
		if (constant)
			constant->bindings++;
	}
}

const struct python_constant *python_constant(struct python_constants *constants, struct str source,
					      struct str name)
{
	const struct python_constant *constant;

	if (!constants->read) {
		constants->read = true;
		collect(constants, source);
		if (constants->count)
			count_bindings(constants, source);
	}
	constant = find(constants, name);
	return constant && constant->bindings == 1 ? constant : NULL;
}
