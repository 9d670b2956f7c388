#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

int err_set(struct err *err, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, args);
	va_end(args);
	return -1;
}

int err_errno(struct err *err, int errno_value, const char *fmt, ...)
{
	va_list args;
	size_t len;

	va_start(args, fmt);
	(void)vsnprintf(err->msg, sizeof(err->msg), fmt, args);
	va_end(args);
	len = strlen(err->msg);
	(void)snprintf(err->msg + len, sizeof(err->msg) - len, ": %s", strerror(errno_value));
	return -1;
}

int err_in(struct err *err, struct str where)
{
	char text[TEXT_NAME_MAX];
	struct err inner = *err;

	text_name(text, where);
	(void)snprintf(err->msg, sizeof(err->msg), "%.900s: %.1100s", text, inner.msg);
	return -1;
}
