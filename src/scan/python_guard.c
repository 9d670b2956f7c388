#include "scan/python_guard.h"

#include "scan/python_lex.h"

enum {
	CONDITION_ROOM = 4096, /* bytes of a condition that are looked at */
	NESTING = 32,	       /* of operators and brackets */
	ITEMS = 8,	       /* of a tuple */
	FIRST_MINOR = 8,
	LAST_MINOR = 15,
};

struct truth truth_both(enum verdict verdict)
{
	return (struct truth){ verdict, verdict };
}

static enum verdict negated(enum verdict a)
{
	return a == VERDICT_TRUE ? VERDICT_FALSE : a == VERDICT_FALSE ? VERDICT_TRUE : VERDICT_UNKNOWN;
}

struct truth truth_not(struct truth a)
{
	return (struct truth){ negated(a.run), negated(a.types) };
}

struct truth truth_and(struct truth a, struct truth b)
{
	return (struct truth){ a.run < b.run ? a.run : b.run, a.types < b.types ? a.types : b.types };
}

struct truth truth_or(struct truth a, struct truth b)
{
	return (struct truth){ a.run > b.run ? a.run : b.run, a.types > b.types ? a.types : b.types };
}

enum guard truth_guard(struct truth truth)
{
	if (truth.run != VERDICT_FALSE)
		return GUARD_NONE;
	return truth.types == VERDICT_FALSE ? GUARD_DEAD : GUARD_TYPES;
}

/* The tokens of a condition; tokens[count] is PYTHON_END. */
struct condition {
	struct python_token tokens[GUARD_TOKENS + 1];
	size_t count;
	size_t at;
	unsigned minor;
};

static const struct python_token *peek(const struct condition *c, size_t ahead)
{
	size_t at = c->at + ahead;

	return &c->tokens[at < c->count ? at : c->count];
}

static bool is_op(const struct python_token *token, char op)
{
	return token->kind == PYTHON_OP && token->text.ptr[0] == op;
}

static bool take(struct condition *c, char op)
{
	if (!is_op(peek(c, 0), op))
		return false;
	c->at++;
	return true;
}

/* `.word` */
static bool take_attribute(struct condition *c, enum python_word word)
{
	if (!is_op(peek(c, 0), '.') || peek(c, 1)->word != word)
		return false;
	c->at += 2;
	return true;
}

/* A decimal of at most four digits. */
static bool number_of(const struct python_token *token, unsigned *value)
{
	*value = 0;
	if (token->kind != PYTHON_NAME || token->text.len > 4)
		return false;
	for (size_t i = 0; i < token->text.len; i++) {
		char c = token->text.ptr[i];

		if (c < '0' || c > '9')
			return false;
		*value = *value * 10 + (unsigned)(c - '0');
	}
	return token->text.len > 0;
}

enum operand_kind { OPERAND_NONE, OPERAND_TEXTS, OPERAND_NUMBERS, OPERAND_VERSION };

struct operand {
	enum operand_kind kind;
	bool scalar;
	bool platform; /* a text that the platform says, no literal */
	size_t count;
	struct str texts[ITEMS];
	unsigned numbers[ITEMS]; /* of the version: which are known */
};

/* A literal: a text or number. */
static bool read_item(struct condition *c, struct operand *out)
{
	const struct python_token *token = peek(c, 0);
	enum operand_kind kind;

	if (out->count == ITEMS)
		return false;
	if (token->kind == PYTHON_STRING && !token->escaped && !token->hole_after &&
	    peek(c, 1)->kind != PYTHON_STRING) {
		kind = OPERAND_TEXTS;
		out->texts[out->count] = token->text;
	} else if (number_of(token, &out->numbers[out->count])) {
		kind = OPERAND_NUMBERS;
	} else {
		return false;
	}
	if (out->count && out->kind != kind)
		return false;
	out->kind = kind;
	out->count++;
	c->at++;
	return true;
}

/* A literal, or a tuple, list or set of them. */
static bool read_literal(struct condition *c, struct operand *out)
{
	static const char opening[] = "([{";
	static const char closing[] = ")]}";
	bool comma = false;

	for (size_t i = 0; i < 3; i++) {
		if (!take(c, opening[i]))
			continue;
		while (!is_op(peek(c, 0), closing[i])) {
			if (!read_item(c, out))
				return false;
			comma = take(c, ',');
			if (!comma && !is_op(peek(c, 0), closing[i]))
				return false;
			out->scalar = out->count == 1 && !comma && opening[i] == '(';
		}
		c->at++;
		return out->count > 0;
	}
	out->scalar = true;
	return read_item(c, out);
}

/* What is behind sys.version_info: one element, or a slice from the start. */
static bool read_version(struct condition *c, struct operand *out)
{
	unsigned first = 0;
	unsigned number;

	*out = (struct operand){ .kind = OPERAND_VERSION, .count = 5, .numbers = { 3, c->minor } };
	if (take_attribute(c, WORD_MAJOR) || take_attribute(c, WORD_MINOR)) {
		out->scalar = true;
		out->count = 1;
		if (c->tokens[c->at - 1].word == WORD_MINOR)
			out->numbers[0] = c->minor;
		return true;
	}
	if (!take(c, '['))
		return true;
	if (number_of(peek(c, 0), &first))
		c->at++;
	if (take(c, ']')) {
		out->scalar = true;
		out->count = 1;
		out->numbers[0] = first ? c->minor : 3;
		return first < 2;
	}
	if (first || !take(c, ':') || !number_of(peek(c, 0), &number) || number == 0)
		return false;
	c->at++;
	out->count = number < 5 ? number : 5;
	return take(c, ']');
}

/* sys.platform, os.name, platform.system(), with a lower() or a head cut off. */
static bool read_platform(struct condition *c, struct operand *out)
{
	enum python_word first = peek(c, 0)->word;
	unsigned number;

	c->at++;
	*out = (struct operand){ .kind = OPERAND_TEXTS, .scalar = true, .platform = true, .count = 1 };
	if (first == WORD_SYS && take_attribute(c, WORD_PLATFORM))
		out->texts[0] = STR("linux");
	else if (first == WORD_OS && take_attribute(c, WORD_NAME))
		out->texts[0] = STR("posix");
	else if (first == WORD_PLATFORM && take_attribute(c, WORD_SYSTEM) && take(c, '(') && take(c, ')'))
		out->texts[0] = STR("Linux");
	else
		return false;
	if (take_attribute(c, WORD_LOWER)) {
		if (str_eq(out->texts[0], STR("Linux")))
			out->texts[0] = STR("linux");
		return take(c, '(') && take(c, ')');
	}
	if (!take(c, '['))
		return true;
	if (!take(c, ':') || !number_of(peek(c, 0), &number))
		return false;
	c->at++;
	out->texts[0] = str_head(out->texts[0], number);
	return take(c, ']');
}

static bool read_operand(struct condition *c, struct operand *out)
{
	*out = (struct operand){ .kind = OPERAND_NONE };
	if (peek(c, 0)->word == WORD_SYS && is_op(peek(c, 1), '.') && peek(c, 2)->word == WORD_VERSION_INFO) {
		c->at += 3;
		return read_version(c, out);
	}
	if (peek(c, 0)->word != WORD_OTHER)
		return read_platform(c, out);
	return read_literal(c, out);
}

enum comparison { EQUAL, UNEQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, IS_IN, IS_NOT_IN, COMPARES_NOT };

static enum comparison read_comparison(struct condition *c)
{
	if (take(c, '<'))
		return take(c, '=') ? LESS_EQUAL : LESS;
	if (take(c, '>'))
		return take(c, '=') ? GREATER_EQUAL : GREATER;
	if (take(c, '='))
		return take(c, '=') ? EQUAL : COMPARES_NOT;
	if (take(c, '!'))
		return take(c, '=') ? UNEQUAL : COMPARES_NOT;
	if (peek(c, 0)->word == WORD_IN) {
		c->at++;
		return IS_IN;
	}
	if (peek(c, 0)->word == WORD_NOT && peek(c, 1)->word == WORD_IN) {
		c->at += 2;
		return IS_NOT_IN;
	}
	return COMPARES_NOT;
}

static enum verdict verdict_of(bool is)
{
	return is ? VERDICT_TRUE : VERDICT_FALSE;
}

static enum verdict ordered(int order, enum comparison how)
{
	switch (how) {
	case EQUAL:
		return verdict_of(order == 0);
	case UNEQUAL:
		return verdict_of(order != 0);
	case LESS:
		return verdict_of(order < 0);
	case LESS_EQUAL:
		return verdict_of(order <= 0);
	case GREATER:
		return verdict_of(order > 0);
	case GREATER_EQUAL:
		return verdict_of(order >= 0);
	default:
		return VERDICT_UNKNOWN;
	}
}

/* Only major and minor are known of a version; what is longer is greater. */
static enum verdict compare_version(const struct operand *version, const struct operand *with, bool swap,
				    enum comparison how)
{
	size_t known = version->scalar ? 1 : 2;
	size_t shorter = version->count < with->count ? version->count : with->count;
	int order = 0;

	if (with->kind != OPERAND_NUMBERS || with->scalar != version->scalar)
		return VERDICT_UNKNOWN;
	for (size_t i = 0; i < shorter && order == 0; i++) {
		if (i == known)
			return VERDICT_UNKNOWN;
		order = (version->numbers[i] > with->numbers[i]) - (version->numbers[i] < with->numbers[i]);
	}
	if (order == 0)
		order = (version->count > with->count) - (version->count < with->count);
	return ordered(swap ? -order : order, how);
}

static enum verdict compare(const struct operand *a, const struct operand *b, enum comparison how)
{
	bool found = false;

	if (a->kind == OPERAND_VERSION)
		return compare_version(a, b, false, how);
	if (b->kind == OPERAND_VERSION)
		return compare_version(b, a, true, how);
	if (a->kind != OPERAND_TEXTS || b->kind != OPERAND_TEXTS || !a->scalar || a->platform == b->platform)
		return VERDICT_UNKNOWN;
	if (how == IS_IN || how == IS_NOT_IN) {
		/* In a text it is a part, in others an element. */
		for (size_t i = 0; i < b->count; i++)
			found = found || (b->scalar ? str_find(b->texts[i], a->texts[0]) >= 0
						    : str_eq(b->texts[i], a->texts[0]));
		return verdict_of(found == (how == IS_IN));
	}
	if (!b->scalar || (how != EQUAL && how != UNEQUAL))
		return VERDICT_UNKNOWN;
	return verdict_of(str_eq(a->texts[0], b->texts[0]) == (how == EQUAL));
}

/* What is behind sys.platform.startswith. */
static enum verdict starts_with(struct condition *c, struct str text)
{
	struct operand with = { .kind = OPERAND_NONE };
	bool found = false;

	if (!take(c, '(') || !read_literal(c, &with) || !take(c, ')') || with.kind != OPERAND_TEXTS)
		return VERDICT_UNKNOWN;
	for (size_t i = 0; i < with.count; i++)
		found = found || str_starts(text, with.texts[i]);
	return verdict_of(found);
}

/* A comparison with what is known. */
static enum verdict read_known(struct condition *c)
{
	struct operand a;
	struct operand b;
	enum comparison how;

	if (!read_operand(c, &a))
		return VERDICT_UNKNOWN;
	if (a.platform && take_attribute(c, WORD_STARTSWITH))
		return starts_with(c, a.texts[0]);
	how = read_comparison(c);
	if (how == COMPARES_NOT || !read_operand(c, &b))
		return VERDICT_UNKNOWN;
	return compare(&a, &b, how);
}

/* Names and constants that stand alone, with any dotted prefix: typing.TYPE_CHECKING, six.PY2. */
static bool read_constant(struct condition *c, struct truth *out)
{
	while (peek(c, 0)->kind == PYTHON_NAME && is_op(peek(c, 1), '.'))
		c->at += 2;
	switch (peek(c, 0)->word) {
	case WORD_TYPE_CHECKING:
		*out = (struct truth){ VERDICT_FALSE, VERDICT_TRUE };
		break;
	case WORD_PY2:
	case WORD_FALSE:
	case WORD_NONE:
		*out = truth_both(VERDICT_FALSE);
		break;
	case WORD_PY3:
	case WORD_TRUE:
		*out = truth_both(VERDICT_TRUE);
		break;
	default:
		if (str_eq(peek(c, 0)->text, STR("0")))
			*out = truth_both(VERDICT_FALSE);
		else if (str_eq(peek(c, 0)->text, STR("1")))
			*out = truth_both(VERDICT_TRUE);
		else
			return false;
	}
	c->at++;
	return true;
}

static bool ends_atom(const struct python_token *token)
{
	return token->kind == PYTHON_END || token->word == WORD_AND || token->word == WORD_OR ||
	       is_op(token, ')');
}

/* Steps over what is not understood. False where it has an `if`, `else` or lambda that may mean anything. */
static bool skip_atom(struct condition *c)
{
	size_t depth = 0;

	for (; peek(c, 0)->kind != PYTHON_END; c->at++) {
		const struct python_token *token = peek(c, 0);

		if (depth == 0 && ends_atom(token))
			return true;
		if (depth == 0 && (token->word == WORD_IF || token->word == WORD_ELSE || is_op(token, ':')))
			return false;
		if (token->word == WORD_LAMBDA)
			return false;
		if (is_op(token, '(') || is_op(token, '[') || is_op(token, '{'))
			depth++;
		else if (depth && (is_op(token, ')') || is_op(token, ']') || is_op(token, '}')))
			depth--;
	}
	return true;
}

static bool read_atom(struct condition *c, struct truth *out)
{
	size_t start = c->at;

	if (read_constant(c, out) && ends_atom(peek(c, 0)))
		return true;
	c->at = start;
	*out = truth_both(read_known(c));
	if (ends_atom(peek(c, 0)))
		return true;
	c->at = start;
	*out = truth_both(VERDICT_UNKNOWN);
	return skip_atom(c);
}

/* Operators that wait for what is behind them, and values. */
struct stacks {
	struct truth values[NESTING];
	size_t value_count;
	enum python_word operators[NESTING]; /* WORD_OTHER is '(' */
	size_t operator_count;
};

static int precedence(enum python_word op)
{
	return op == WORD_NOT ? 3 : op == WORD_AND ? 2 : op == WORD_OR ? 1 : 0;
}

/* Applies the operators that bind as `least` does or closer. */
static void reduce(struct stacks *s, int least)
{
	while (s->operator_count && precedence(s->operators[s->operator_count - 1]) >= least) {
		enum python_word op = s->operators[--s->operator_count];
		struct truth *top = &s->values[s->value_count - 1];

		if (op == WORD_NOT) {
			*top = truth_not(*top);
			continue;
		}
		s->value_count--;
		top[-1] = op == WORD_AND ? truth_and(top[-1], *top) : truth_or(top[-1], *top);
	}
}

/* Whether a bracket holds a tuple of literals, and is no group. */
static bool is_tuple(const struct condition *c)
{
	unsigned number;

	return is_op(peek(c, 2), ',') &&
	       (peek(c, 1)->kind == PYTHON_STRING || number_of(peek(c, 1), &number));
}

/* An operand with what stands in front of it. False where the whole is unknown. */
static bool read_value(struct condition *c, struct stacks *s)
{
	for (;;) {
		const struct python_token *token = peek(c, 0);
		bool group = is_op(token, '(') && !is_tuple(c);

		if (!group && token->word != WORD_NOT)
			break;
		if (s->operator_count == NESTING)
			return false;
		s->operators[s->operator_count++] = group ? WORD_OTHER : WORD_NOT;
		c->at++;
	}
	if (s->value_count == NESTING || peek(c, 0)->kind == PYTHON_END)
		return false;
	return read_atom(c, &s->values[s->value_count++]);
}

static struct truth evaluate(struct condition *c)
{
	const struct truth unknown = truth_both(VERDICT_UNKNOWN);
	struct stacks s = { .value_count = 0 };

	c->at = 0;
	for (;;) {
		const struct python_token *token;

		if (!read_value(c, &s))
			return unknown;
		while (is_op(peek(c, 0), ')')) {
			reduce(&s, 1);
			if (!s.operator_count)
				return unknown;
			s.operator_count--;
			c->at++;
		}
		token = peek(c, 0);
		if (token->kind == PYTHON_END)
			break;
		if ((token->word != WORD_AND && token->word != WORD_OR) || s.operator_count == NESTING)
			return unknown;
		reduce(&s, precedence(token->word));
		if (s.operator_count == NESTING)
			return unknown;
		s.operators[s.operator_count++] = token->word;
		c->at++;
	}
	reduce(&s, 1);
	return s.operator_count ? unknown : s.values[0];
}

/* Reads the tokens up to the ':'. False where they are too many, or there is none. */
static bool read_condition(struct condition *c, struct str source)
{
	struct python_lex lex;

	python_lex_init(&lex, str_head(source, CONDITION_ROOM));
	for (size_t i = 0; i < GUARD_TOKENS; i++) {
		struct python_token token = python_lex_next(&lex);

		c->tokens[i] = token;
		if (token.kind == PYTHON_NEWLINE || token.kind == PYTHON_END)
			return false;
		if (is_op(&token, ':') && lex.depth == 0 && lex.open == 0 &&
		    (lex.at >= lex.end || *lex.at != '=')) {
			c->tokens[i] = (struct python_token){ .kind = PYTHON_END };
			c->count = i;
			return true;
		}
	}
	return false;
}

struct truth python_condition(struct str source, unsigned minor)
{
	struct condition c;
	struct truth result;

	if (!read_condition(&c, source))
		return truth_both(VERDICT_UNKNOWN);
	c.minor = minor ? minor : FIRST_MINOR;
	result = evaluate(&c);
	while (!minor && c.minor < LAST_MINOR) {
		struct truth other;

		c.minor++;
		other = evaluate(&c);
		if (other.run != result.run)
			result.run = VERDICT_UNKNOWN;
		if (other.types != result.types)
			result.types = VERDICT_UNKNOWN;
	}
	return result;
}
