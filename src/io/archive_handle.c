#define _GNU_SOURCE /* uselocale */
#include "io/archive_handle.h"

#include <string.h>

#include "base/text.h"

void archive_handle_close(struct archive *const *archive)
{
	if (*archive)
		(void)archive_read_free(*archive);
}

int archive_fail(struct archive *archive, const char *what, struct err *err)
{
	const char *why = archive_error_string(archive);
	char text[TEXT_NAME_MAX];

	if (!why)
		return err_set(err, "%s", what);
	text_name(text, str_of(why));
	return err_set(err, "%s: %s", what, text);
}

bool archive_is_unknown(struct archive *archive)
{
	const char *why = archive_error_string(archive);

	return why && strcmp(why, "Unrecognized archive format") == 0;
}

struct tongue tongue_set(const char *name)
{
	struct tongue tongue = { .own = newlocale(LC_CTYPE_MASK, name, (locale_t)0) };

	tongue.before = tongue.own ? uselocale(tongue.own) : (locale_t)0;
	return tongue;
}

void tongue_restore(const struct tongue *tongue)
{
	if (!tongue->own)
		return;
	(void)uselocale(tongue->before);
	freelocale(tongue->own);
}
