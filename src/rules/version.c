#include "rules/version.h"

#include <string.h>

#include "base/text.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* --- reading -------------------------------------------------------------------------------------- */

/* Takes a number off the front, without its leading zeros; "" where there is none, too. */
static struct str take_number(struct str *rest)
{
	size_t len = 0;
	size_t zeros = 0;
	struct str digits;

	while (len < rest->len && is_digit(rest->ptr[len]))
		len++;
	while (zeros < len && rest->ptr[zeros] == '0')
		zeros++;
	digits = (struct str){ rest->ptr + zeros, len - zeros };
	*rest = str_from(*rest, len);
	return digits;
}

static bool take_word(struct str *rest, struct str word)
{
	if (!str_eq_nocase(str_head(*rest, word.len), word))
		return false;
	*rest = str_from(*rest, word.len);
	return true;
}

static void take_separator(struct str *rest)
{
	if (rest->len && (rest->ptr[0] == '.' || rest->ptr[0] == '-' || rest->ptr[0] == '_'))
		*rest = str_from(*rest, 1);
}

/* [N!]N(.N)* */
static bool take_release(struct str *rest, struct version *out)
{
	struct str epoch = *rest;
	size_t len = 0;

	out->epoch = take_number(&epoch);
	if (epoch.len < rest->len && epoch.len && epoch.ptr[0] == '!')
		*rest = str_from(epoch, 1);
	else
		out->epoch = STR("");
	while (len < rest->len &&
	       (is_digit(rest->ptr[len]) ||
		(rest->ptr[len] == '.' && len + 1 < rest->len && is_digit(rest->ptr[len + 1]))))
		len++;
	if (len == 0 || rest->ptr[0] == '.')
		return false;
	out->release = str_head(*rest, len);
	*rest = str_from(*rest, len);
	return true;
}

/* [sep] word [sep] [N]; false leaves *rest as it was. */
static bool take_suffix(struct str *rest, const struct str *words, size_t count, size_t *which,
			struct str *number)
{
	struct str at = *rest;
	struct str behind;

	take_separator(&at);
	for (*which = 0; *which < count; ++*which)
		if (take_word(&at, words[*which]))
			break;
	if (*which == count)
		return false;
	behind = at;
	take_separator(&behind);
	if (behind.len && is_digit(behind.ptr[0]))
		at = behind;
	*number = take_number(&at);
	*rest = at;
	return true;
}

static void take_pre(struct str *rest, struct version *out)
{
	/* A longer word before one that it begins with. */
	static const struct str words[] = { STR_INIT("alpha"),	 STR_INIT("a"),	 STR_INIT("beta"),
					    STR_INIT("b"),	 STR_INIT("rc"), STR_INIT("c"),
					    STR_INIT("preview"), STR_INIT("pre") };
	size_t which;

	if (take_suffix(rest, words, sizeof(words) / sizeof(words[0]), &which, &out->pre_number))
		out->pre = which < 2 ? 'a' : which < 4 ? 'b' : 'c';
}

static void take_post(struct str *rest, struct version *out)
{
	static const struct str words[] = { STR_INIT("post"), STR_INIT("rev"), STR_INIT("r") };
	size_t which;

	if (rest->len > 1 && rest->ptr[0] == '-' && is_digit(rest->ptr[1])) {
		*rest = str_from(*rest, 1);
		out->post_number = take_number(rest);
		out->post = true;
		return;
	}
	out->post = take_suffix(rest, words, sizeof(words) / sizeof(words[0]), &which, &out->post_number);
}

static bool is_local(struct str rest)
{
	if (rest.len < 2 || rest.ptr[0] != '+')
		return false;
	for (size_t i = 1; i < rest.len; i++) {
		char c = lower(rest.ptr[i]);

		if (!is_digit(c) && !(c >= 'a' && c <= 'z') && c != '.' && c != '-' && c != '_')
			return false;
	}
	return true;
}

bool version_parse(struct str text, struct version *out)
{
	static const struct str dev[] = { STR_INIT("dev") };
	struct str rest = str_trim(text);
	size_t which;

	*out = (struct version){ .pre = 0 };
	(void)take_word(&rest, STR("v"));
	if (!take_release(&rest, out))
		return false;
	take_pre(&rest, out);
	take_post(&rest, out);
	out->dev = take_suffix(&rest, dev, 1, &which, &out->dev_number);
	return rest.len == 0 || is_local(rest);
}

/* --- order ---------------------------------------------------------------------------------------- */

static int cmp_number(struct str a, struct str b)
{
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return a.len ? memcmp(a.ptr, b.ptr, a.len) : 0;
}

/* 1.0 and 1.0.0 are the same release. */
static int cmp_release(struct str a, struct str b)
{
	while (a.len || b.len) {
		int order = cmp_number(take_number(&a), take_number(&b));

		if (order)
			return order;
		a = str_from(a, 1);
		b = str_from(b, 1);
	}
	return 0;
}

/* 1.0.dev1 < 1.0a1 < 1.0b1 < 1.0rc1 < 1.0, 1.0.post1 */
static int pre_rank(const struct version *v)
{
	if (v->pre)
		return v->pre;
	return v->dev && !v->post ? 0 : 'z';
}

int version_cmp(const struct version *a, const struct version *b)
{
	int order = cmp_number(a->epoch, b->epoch);

	if (order == 0)
		order = cmp_release(a->release, b->release);
	if (order == 0)
		order = pre_rank(a) - pre_rank(b);
	if (order == 0)
		order = cmp_number(a->pre_number, b->pre_number);
	if (order == 0)
		order = a->post - b->post;
	if (order == 0)
		order = cmp_number(a->post_number, b->post_number);
	if (order == 0)
		order = b->dev - a->dev;
	return order ? order : cmp_number(a->dev_number, b->dev_number);
}

/* --- ranges --------------------------------------------------------------------------------------- */

static bool take_op(struct str *rest, enum version_op *op)
{
	static const struct {
		struct str word;
		enum version_op op;
	} ops[] = {
		{ STR_INIT("=="), VERSION_EQ }, { STR_INIT("!="), VERSION_NE },
		{ STR_INIT("<="), VERSION_LE }, { STR_INIT(">="), VERSION_GE },
		{ STR_INIT("<"), VERSION_LT },	{ STR_INIT(">"), VERSION_GT },
	};

	for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++)
		if (take_word(rest, ops[i].word)) {
			*op = ops[i].op;
			return true;
		}
	return false;
}

int version_range_parse(struct str text, struct arena *arena, struct version_range *out, struct err *err)
{
	struct str rest = text;
	bool more = true;

	while (more) {
		struct str clause;
		struct version_clause *to;
		char printable[TEXT_NAME_MAX];

		more = str_cut(rest, ',', &clause, &rest);
		clause = str_trim(clause);
		text_name(printable, clause);
		to = vec_push(arena, &out->list);
		if (!take_op(&clause, &to->op))
			return err_set(err, "'%s' does not begin with one of == != < <= > >=", printable);
		if (!version_parse(clause, &to->version))
			return err_set(err, "'%s' holds no version, such as 1.26 or 2.0rc1", printable);
	}
	return 0;
}

/* Whether both are of one release: 3.0rc1 and 3.0, 1.7 and 1.7.post1. */
static bool same_release(const struct version *a, const struct version *b)
{
	return cmp_number(a->epoch, b->epoch) == 0 && cmp_release(a->release, b->release) == 0;
}

static bool clause_holds(const struct version_clause *clause, const struct version *version)
{
	const struct version *bound = &clause->version;
	int order = version_cmp(version, bound);

	switch (clause->op) {
	case VERSION_EQ:
		return order == 0;
	case VERSION_NE:
		return order != 0;
	case VERSION_LE:
		return order <= 0;
	case VERSION_GE:
		return order >= 0;
	case VERSION_LT:
		return order < 0 && !((version->pre || version->dev) && !bound->pre && !bound->dev &&
				      same_release(version, bound));
	case VERSION_GT:
		return order > 0 && !(version->post && !bound->post && same_release(version, bound));
	}
	return false;
}

bool version_range_holds(const struct version_range *range, struct str version, bool unreadable)
{
	struct version parsed;

	if (range->list.len == 0)
		return true;
	if (!version_parse(version, &parsed))
		return unreadable;
	for (size_t i = 0; i < range->list.len; i++)
		if (!clause_holds(&range->list.at[i], &parsed))
			return false;
	return true;
}
