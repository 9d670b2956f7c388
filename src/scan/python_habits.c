#include "scan/python_habits.h"

enum { SLICE_ROOM = 64 }; /* bytes in which a subscript must end */

static bool is_op(const struct python_token *token, char op)
{
	return token->kind == PYTHON_OP && token->text.ptr[0] == op;
}

/* Whether what stands behind an assigned name's first token makes it an assignment: "= x", "+= x". */
static bool is_assignment(struct str rest)
{
	return str_starts(rest, STR("=")) && !str_starts(rest, STR("=="));
}

/* sys.path is bound anew, or changed: `=`, `+=`, `[:0] =`. */
static bool changes(const struct python_use *use)
{
	struct str slice;
	struct str rest;

	if (is_op(use->next, '='))
		return !str_starts(use->rest, STR("="));
	if (is_op(use->next, '+'))
		return str_starts(use->rest, STR("="));
	return is_op(use->next, '[') && str_cut(str_head(use->rest, SLICE_ROOM), ']', &slice, &rest) &&
	       is_assignment(str_trim(rest));
}

/* An attribute. Of what it belongs to only the last name is known: WORD_EXTENDS stands for sys.path. */
static void note_attribute(struct python_habits *habits, const struct python_use *use)
{
	enum python_word word = use->name->word;

	if (word == WORD_PATH && *use->owner == WORD_SYS) {
		habits->edits_path = habits->edits_path || changes(use);
		*use->owner = WORD_EXTENDS;
		return;
	}
	if (word == WORD_EXTENDS && *use->owner == WORD_EXTENDS)
		habits->edits_path = true;
	*use->owner = word == WORD_EXTENDS ? WORD_OTHER : word;
}

/* A call by name, or by an attribute of the builtins. */
static void note_call(struct python_habits *habits, const struct python_use *use, bool attribute)
{
	enum python_word word = use->name->word;
	bool plain = !attribute || *use->owner == WORD_BUILTINS;

	if (word == WORD_IMPORTER || word == WORD_FINDER)
		habits->imports_by_name = true;
	if (plain && (word == WORD_RUNS || word == WORD_EXEC))
		habits->runs_text = true;
}

static void note_word(struct python_habits *habits, enum python_word word)
{
	switch (word) {
	case WORD_PKGUTIL:
		habits->computes_imports = true;
		break;
	case WORD_WALKS:
		habits->computes_imports = true;
		habits->walks_modules = true;
		break;
	case WORD_LISTS:
		habits->lists_files = true;
		break;
	case WORD_PLACE:
		habits->knows_its_place = true;
		habits->opens_files = true;
		break;
	case WORD_OPENS:
		habits->opens_files = true;
		break;
	case WORD_ADDSITEDIR:
		habits->edits_path = true;
		break;
	case WORD_ATTACH_STUB:
		habits->attaches_stub = true;
		break;
	default:
		break;
	}
}

void python_habits_note(struct python_habits *habits, const struct python_use *use)
{
	enum python_word word = use->name->word;
	bool attribute = is_op(use->before, '.');

	if (word != WORD_OTHER) {
		note_word(habits, word);
		if (word == WORD_LOADS && !is_op(use->next, '(') && !is_op(use->next, '.'))
			habits->hands_on_loaders = true;
		if (is_op(use->next, '(') && use->before->word != WORD_DEF)
			note_call(habits, use, attribute);
	}
	if (attribute)
		note_attribute(habits, use);
	else
		*use->owner = word == WORD_EXTENDS ? WORD_OTHER : word;
}
