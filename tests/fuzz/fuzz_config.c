/*
 * slim.yaml of any bytes: it is read or refused, its values are text without NUL, and each of them is
 * understood or refused too. What is said about it is printable.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "cmd/config.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct str text = str_of_bytes((struct bytes){ data, size });
	struct settings settings = { 0 };
	struct arena arena = { 0 };
	struct options options;
	struct err err = { "" };
	int failed = config_parse(STR("dir/slim.yaml"), text, &arena, &settings, &err);

	options_default(&options);
	for (size_t i = 0; !failed && i < settings.list.len; i++) {
		const struct setting *setting = &settings.list.at[i];

		if (setting->value.len == 0 || !(setting->option->sources & IN_FILE))
			abort();
		if (setting->value.ptr[setting->value.len] != '\0')
			abort();
		check_printable(setting->place);
		failed = option_set(&options, setting, &arena, &err);
	}
	if (failed && err.msg[0] == '\0')
		abort();
	check_printable(str_of(err.msg));
	arena_free(&arena);
	return 0;
}
