/*
 * Runs a fuzz target on kept inputs, without a fuzzer: files, and the files of directories, each one a test.
 * An input that the target does not survive ends the program, as the sanitizers and abort() do.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct inputs {
	char **at;
	size_t count;
};

static _Noreturn void bail_out(const char *path)
{
	(void)printf("Bail out! %s: %s\n", path, strerror(errno));
	exit(1);
}

static void add(struct inputs *inputs, char *path)
{
	inputs->at = realloc(inputs->at, (inputs->count + 1) * sizeof(*inputs->at));
	if (!inputs->at || !path)
		bail_out("inputs");
	inputs->at[inputs->count++] = path;
}

static int no_hidden(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static int by_bytes(const struct dirent **left, const struct dirent **right)
{
	return strcmp((*left)->d_name, (*right)->d_name);
}

static void add_all(struct inputs *inputs, const char *path)
{
	struct dirent **entries;
	struct stat st;
	int n;

	if (stat(path, &st) != 0)
		bail_out(path);
	if (!S_ISDIR(st.st_mode)) {
		add(inputs, strdup(path));
		return;
	}
	n = scandir(path, &entries, no_hidden, by_bytes);
	if (n < 0)
		bail_out(path);
	for (int i = 0; i < n; i++) {
		char *name = NULL;

		add(inputs, asprintf(&name, "%s/%s", path, entries[i]->d_name) < 0 ? NULL : name);
		free(entries[i]);
	}
	free(entries);
}

static void run(const char *path)
{
	FILE *file = fopen(path, "rb");
	struct stat st;
	uint8_t *data;

	if (!file || fstat(fileno(file), &st) != 0)
		bail_out(path);
	/* Exactly as large as the input, so that AddressSanitizer sees the first byte behind it being read.
	 */
	data = malloc((size_t)st.st_size);
	if ((!data && st.st_size) || fread(data, 1, (size_t)st.st_size, file) != (size_t)st.st_size)
		bail_out(path);
	(void)fclose(file);
	(void)LLVMFuzzerTestOneInput(data, (size_t)st.st_size);
	free(data);
}

int main(int argc, char **argv)
{
	struct inputs inputs = { 0 };

	for (int i = 1; i < argc; i++)
		add_all(&inputs, argv[i]);
	if (inputs.count == 0) {
		(void)printf("Bail out! no inputs; give files or directories\n");
		return 1;
	}
	(void)printf("1..%zu\n", inputs.count);
	for (size_t i = 0; i < inputs.count; i++) {
		(void)fflush(stdout);
		run(inputs.at[i]);
		(void)printf("ok %zu - %s\n", i + 1, inputs.at[i]);
		free(inputs.at[i]);
	}
	free(inputs.at);
	return 0;
}
