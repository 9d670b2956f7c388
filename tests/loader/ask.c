/*
 * Asks the loader of this machine where it looks: ask ROOT LIBRARY_PATH FILE [trace]
 * In the root directory ROOT ("/": this one) and with that LD_LIBRARY_PATH, in a process that has nothing but
 * libc, it opens FILE as Python opens an extension module. With "trace" the loader only lists what FILE
 * needs, and goes on behind what is missing. The loader's own account goes to stderr (LD_DEBUG), why FILE
 * cannot be opened to stdout. ROOT must hold this program as /ask. Exit status 77: this machine lets nobody
 * change the root.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char loader[] = "/lib64/ld-linux-x86-64.so.2";

static int open_it(const char *file)
{
	/* What Python itself defines is missing here, so that most cannot be opened in the end. */
	if (!dlopen(file, RTLD_LAZY))
		(void)printf("error: %s\n", dlerror());
	(void)fflush(stdout);
	/* What it loaded has nothing to say at the end. */
	_exit(0);
}

int main(int argc, char **argv)
{
	const char *self = argv[0];

	if (argc == 2)
		return open_it(argv[1]);
	if (argc < 4)
		return 2;
	if (strcmp(argv[1], "/") != 0) {
		if (chroot(argv[1]) && (unshare(CLONE_NEWUSER) || chroot(argv[1])))
			return 77;
		if (chdir("/var/task"))
			return 2;
		self = "/ask";
	}
	/* The loader reads these when a program starts. */
	(void)setenv("LD_LIBRARY_PATH", argv[2], 1);
	(void)setenv("LD_DEBUG", "files,libs", 1);
	if (argc > 4) {
		(void)setenv("LD_TRACE_LOADED_OBJECTS", "1", 1);
		(void)execl(loader, loader, argv[3], (char *)NULL);
	} else {
		(void)execl(self, self, argv[3], (char *)NULL);
	}
	return 2;
}
