/*
 * How much of a shared object is looked at to know what it says to the loader: touched FILE...
 * Prints the number of files, their bytes, and the bytes of the pages that elf_object_read() looked into.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/mapping.h"
#include "scan/elf_object.h"

static size_t page;
static volatile size_t touched;
static struct bytes mapped;

static _Noreturn void die(const char *what)
{
	(void)fprintf(stderr, "touched: %s\n", what);
	exit(2);
}

/* Opens the page that is looked into for the first time. */
static void on_touch(int number, siginfo_t *info, void *context)
{
	uintptr_t at = (uintptr_t)info->si_addr;
	uintptr_t begin = (uintptr_t)mapped.ptr;

	(void)context;
	if (at < begin || at - begin >= mapped.len)
		(void)signal(number, SIG_DFL);
	else if (mprotect((void *)(at - at % page), page, PROT_READ))
		_exit(2);
	touched = touched + page;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_sigaction = on_touch, .sa_flags = SA_SIGINFO };
	struct arena arena = { 0 };
	size_t total = 0;

	page = (size_t)sysconf(_SC_PAGESIZE);
	(void)sigaction(SIGSEGV, &action, NULL);
	for (int i = 1; i < argc; i++) {
		struct elf_object elf;
		struct err err;
		int fd = open(argv[i], O_RDONLY | O_CLOEXEC);

		if (fd < 0 || mapping_open(fd, &mapped, &err) || mapped.len == 0)
			die(argv[i]);
		(void)close(fd);
		if (mprotect((void *)(uintptr_t)mapped.ptr, mapped.len, PROT_NONE))
			die("pages cannot be closed");
		elf_object_read(mapped, &arena, &elf);
		if (elf.form == ELF_NOT)
			die(argv[i]);
		total += mapped.len;
		mapping_close(mapped);
	}
	(void)printf("%d %zu %zu\n", argc - 1, total, touched);
	return 0;
}
