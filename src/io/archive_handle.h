/*
 * libarchive's reader as a handle that closes itself, and as one that speaks no language: what
 * it makes of names must not depend on the user's locale.
 */
#ifndef SLIM_IO_ARCHIVE_HANDLE_H
#define SLIM_IO_ARCHIVE_HANDLE_H

#include <archive.h>
#include <locale.h>

static inline void archive_handle_close(struct archive *const *archive)
{
	if (*archive)
		(void)archive_read_free(*archive);
}

#define ARCHIVE_AUTO __attribute__((cleanup(archive_handle_close)))

/* The thread's locale until it goes out of scope. */
struct tongue {
	locale_t own;
	locale_t before;
};

static inline struct tongue tongue_set(const char *name)
{
	struct tongue tongue = { .own = newlocale(LC_CTYPE_MASK, name, (locale_t)0) };

	tongue.before = tongue.own ? uselocale(tongue.own) : (locale_t)0;
	return tongue;
}

static inline void tongue_restore(const struct tongue *tongue)
{
	if (!tongue->own)
		return;
	(void)uselocale(tongue->before);
	freelocale(tongue->own);
}

#define TONGUE_AUTO __attribute__((cleanup(tongue_restore)))

#endif
