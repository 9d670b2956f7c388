/*
 * libarchive's reader as a handle that closes itself, that says what is wrong in our way, and that
 * speaks no language: what it makes of names must not depend on the user's locale.
 */
#ifndef SLIM_IO_ARCHIVE_HANDLE_H
#define SLIM_IO_ARCHIVE_HANDLE_H

#include <archive.h>
#include <locale.h>

#include "base/err.h"

void archive_handle_close(struct archive *const *archive);

#define ARCHIVE_AUTO __attribute__((cleanup(archive_handle_close)))

/* Fails with `what` and libarchive's words, which may quote names. */
int archive_fail(struct archive *archive, const char *what, struct err *err);
/* Whether it failed because the bytes are of none of the formats that it was to know. */
bool archive_is_unknown(struct archive *archive);

/* The thread's locale until it goes out of scope. Where there is none of that name nothing changes. */
struct tongue {
	locale_t own;
	locale_t before;
};

struct tongue tongue_set(const char *name);
void tongue_restore(const struct tongue *tongue);

#define TONGUE_AUTO __attribute__((cleanup(tongue_restore)))

#endif
