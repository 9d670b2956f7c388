/*
 * An empty directory for each test that touches files: entered before it, removed after it.
 */
#ifndef SLIM_TESTS_SCRATCH_DIR_H
#define SLIM_TESTS_SCRATCH_DIR_H

#include <ftw.h>
#include <stdlib.h>
#include <unistd.h>

static char scratch_home[4096];

static inline int scratch_enter(void)
{
	char dir[] = "/tmp/slim-test-XXXXXX";

	assert_non_null(getcwd(scratch_home, sizeof(scratch_home)));
	assert_non_null(mkdtemp(dir));
	return chdir(dir);
}

static inline int scratch_remove(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline int scratch_leave(void)
{
	char dir[4096];

	assert_non_null(getcwd(dir, sizeof(dir)));
	assert_int_equal(chdir(scratch_home), 0);
	return nftw(dir, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
