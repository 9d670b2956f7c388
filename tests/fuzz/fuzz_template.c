/*
 * A template of any bytes: it is read or refused; what it says is text without NUL, on a line of the file,
 * and what is said about it is printable.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "cmd/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
const char *__lsan_default_suppressions(void);

/* libfyaml 0.7.12 itself loses a buffer on some errors. */
const char *__lsan_default_suppressions(void)
{
	return "leak:libfyaml";
}

static void check_printable(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
			abort();
}

static void check_value(const struct template_value *value)
{
	if ((value->state == TEMPLATE_LITERAL) != (value->text.len > 0) || value->line < 1)
		abort();
	if (value->text.len && memchr(value->text.ptr, '\0', value->text.len))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of_bytes((struct bytes){ data, size });
	struct template_facts facts;
	struct arena arena = { 0 };
	struct err err = { "" };
	int failed = template_read(STR("dir/template.yaml"), text, &arena, &facts, &err);

	for (size_t i = 0; i < facts.functions.len; i++) {
		check_value(&facts.functions.at[i].handler);
		check_value(&facts.functions.at[i].runtime);
		check_value(&facts.functions.at[i].arch);
		check_value(&facts.functions.at[i].code);
	}
	if (failed != (err.msg[0] != '\0') * -1)
		abort();
	check_printable(str_of(err.msg));
	check_printable(facts.name);
	arena_free(&arena);
	return 0;
}
