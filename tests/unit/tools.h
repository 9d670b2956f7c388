/*
 * What tests that call compilers and binutils share: a test is skipped where a tool is not there, and the
 * directory that it worked in goes afterwards.
 */
#ifndef SLIM_TESTS_TOOLS_H
#define SLIM_TESTS_TOOLS_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline int remove_directory(void **state)
{
	char command[64];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", (const char *)*state);
	return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static inline bool run(const char *command)
{
	return system(command) == 0;
}

static inline void need(const char *command)
{
	if (!run(command)) {
		print_message("# cannot run: %s\n", command);
		skip();
	}
}

#endif
