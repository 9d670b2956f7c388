/*
 * Whether ld.so answers the same for shared objects before and after a change:
 *   elf_load [-p LIBRARY] BEFORE AFTER PATH...
 * loads BEFORE/PATH and AFTER/PATH, each in a child process of its own, and compares what came of it: loaded,
 * the loader's error, or the signal that ended the child. -p loads a library first whose symbols the objects
 * need (libpython). A PATH of "." compares BEFORE and AFTER themselves. Prints TAP; exits with 1 where any
 * differs.
 */
#define _GNU_SOURCE /* program_invocation_short_name */
#include <dlfcn.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_MAX = 4096, PATH_MAX_LEN = 4096 };

struct answer {
	char text[ANSWER_MAX];
};

/* The error names the file: the part that differs for a reason is cut out. */
static void tell(int to, const char *root, const char *message)
{
	const char *hit = strstr(message, root);
	char text[ANSWER_MAX];
	int len;

	if (hit)
		len = snprintf(text, sizeof(text), "%.*s<ROOT>%s", (int)(hit - message), message,
			       hit + strlen(root));
	else
		len = snprintf(text, sizeof(text), "%s", message);
	if (len < 0 || write(to, text, strnlen(text, sizeof(text) - 1)) < 0)
		_exit(3);
}

static _Noreturn void child(int to, const char *library, const char *root, const char *path)
{
	bool ready = !library || dlopen(library, RTLD_NOW | RTLD_GLOBAL);

	/* Not dlclose()d: some libraries crash in it. */
	tell(to, root, ready && dlopen(path, RTLD_NOW) ? "loaded" : dlerror());
	_exit(0);
}

static bool ask(const char *library, const char *root, const char *name, struct answer *answer)
{
	char path[PATH_MAX_LEN];
	size_t len = 0;
	ssize_t got;
	int status;
	int ends[2];
	pid_t pid;
	int n = strcmp(name, ".") == 0 ? snprintf(path, sizeof(path), "%s", root)
				       : snprintf(path, sizeof(path), "%s/%s", root, name);

	if (n < 0 || (size_t)n >= sizeof(path) || pipe(ends) != 0)
		return false;
	pid = fork();
	if (pid < 0)
		return false;
	if (pid == 0) {
		(void)close(ends[0]);
		child(ends[1], library, root, path);
	}
	(void)close(ends[1]);
	while (len < sizeof(answer->text) - 1 &&
	       (got = read(ends[0], answer->text + len, sizeof(answer->text) - 1 - len)) > 0)
		len += (size_t)got;
	answer->text[len] = '\0';
	(void)close(ends[0]);
	if (waitpid(pid, &status, 0) != pid)
		return false;
	if (WIFSIGNALED(status))
		(void)snprintf(answer->text, sizeof(answer->text), "killed by signal %d", WTERMSIG(status));
	return true;
}

int main(int argc, char **argv)
{
	const char *library = NULL;
	bool all_same = true;
	int at = 1;

	if (argc > 2 && strcmp(argv[1], "-p") == 0) {
		library = argv[2];
		at = 3;
	}
	if (argc - at < 3) {
		(void)fprintf(stderr, "usage: %s [-p LIBRARY] BEFORE AFTER PATH...\n",
			      program_invocation_short_name);
		return 2;
	}
	(void)printf("1..%d\n", argc - at - 2);
	for (int i = at + 2; i < argc; i++) {
		struct answer before;
		struct answer after;
		bool same;

		(void)fflush(stdout);
		if (!ask(library, argv[at], argv[i], &before) ||
		    !ask(library, argv[at + 1], argv[i], &after)) {
			(void)printf("Bail out! cannot run a child: %s\n", strerror(errno));
			return 2;
		}
		same = strcmp(before.text, after.text) == 0;
		all_same = all_same && same;
		(void)printf("%sok %d - %s # %s\n", same ? "" : "not ", i - at - 1, argv[i], before.text);
		if (!same)
			(void)printf("# after: %s\n", after.text);
	}
	return all_same ? 0 : 1;
}
