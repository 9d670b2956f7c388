#include <unistd.h>

#include "base/arena.h"
#include "base/text.h"
#include "cmd/commands.h"
#include "cmd/output.h"
#include "model/code.h"

/* The nearest code or name, or NULL. */
static const char *nearest_code(struct str word, struct arena *arena)
{
	struct str *names = arena_array(arena, struct str, 2 * code_count);
	ptrdiff_t nearest;

	for (size_t i = 0; i < code_count; i++) {
		names[i] = str_of(code_table[i].name);
		names[code_count + i] = str_fmt(arena, "SLIM%03d", (int)code_table[i].code);
	}
	nearest = text_nearest(word, names, 2 * code_count);
	return nearest < 0 ? NULL : names[nearest].ptr;
}

static int unknown(struct str word, struct arena *arena, struct err *err)
{
	const char *nearest = nearest_code(word, arena);
	char name[TEXT_NAME_MAX];

	text_name(name, word);
	if (nearest)
		return err_set(err, "no code is called '%s'; did you mean %s?", name, nearest);
	return err_set(err, "no code is called '%s'; 'slim explain' lists them all", name);
}

static void add_code(const struct code_info *info, struct buf *out)
{
	const char *level = info->level == LEVEL_NOTE ? NULL : code_level_name(info->level);

	buf_printf(out, "SLIM%03d %s: %s%s%s%s\n\n    ", (int)info->code, info->name, info->title,
		   level ? " (" : "", level ? level : "", level ? ")" : "");
	output_wrap(out, str_of(info->text), 4, 4);
}

int cmd_explain(const struct options *options, struct arena *arena, struct err *err, int *status)
{
	struct buf out = { .arena = arena };

	(void)status;
	for (size_t i = 0; i < options->operands.len; i++) {
		const struct code_info *info = code_parse(options->operands.at[i]);

		if (!info)
			return unknown(options->operands.at[i], arena, err);
		if (i)
			buf_add(&out, STR("\n"));
		add_code(info, &out);
	}
	for (size_t i = 0; options->operands.len == 0 && i < code_count; i++)
		buf_printf(&out, "SLIM%03d  %-21s %s\n", (int)code_table[i].code, code_table[i].name,
			   code_table[i].title);
	return output_write(STDOUT_FILENO, buf_str(&out), err);
}
