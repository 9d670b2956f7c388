/*
 * The rooms that read, check and strip, timed alone against the reference libraries and tools:
 *   bench_zip index ZIP | inflate ZIP | strip OUT FILE... | read ZIP KEPT
 * Each repeats ours and theirs in turn and prints "ours theirs" in nanoseconds of CPU (index, inflate; the
 * best of the rounds), or nanoseconds of wall time for ours, strip and eu-strip. read does once, with all
 * threads, what nobody can do without who keeps those members of ZIP that KEPT has: inflate them and check
 * their CRC.
 */
#define _GNU_SOURCE
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/pool.h"
#include "io/source.h"
#include "io/zip_index.h"
#include "transform/strip.h"

enum { ROUNDS = 11 };

extern char **environ;

static _Noreturn void die(const char *what)
{
	(void)fprintf(stderr, "bench_zip: %s\n", what);
	exit(2);
}

static int64_t now(clockid_t clock)
{
	struct timespec t;

	(void)clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static struct bytes map_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	void *at;

	if (fd < 0 || fstat(fd, &st) != 0 || st.st_size == 0)
		die(path);
	at = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	(void)close(fd);
	if (at == MAP_FAILED)
		die(path);
	return (struct bytes){ at, (size_t)st.st_size };
}

/* --- index ------------------------------------------------------------------------------------ */

static size_t our_index(const char *path)
{
	struct arena arena = { 0 };
	struct notes notes = { 0 };
	struct zip_index index;
	struct err err;
	struct bytes zip = map_file(path);
	size_t count;

	if (zip_index_read(zip, str_of(path), UINT64_MAX, &arena, &notes, &index, &err))
		die(err.msg);
	count = index.count;
	arena_free(&arena);
	(void)munmap((void *)(uintptr_t)zip.ptr, zip.len);
	return count;
}

static size_t their_walk(const char *path, bool inflate)
{
	struct archive *archive = archive_read_new();
	struct archive_entry *entry;
	size_t count = 0;
	const void *block;
	size_t len;
	la_int64_t offset;
	int got;

	(void)archive_read_support_format_zip_seekable(archive);
	if (archive_read_open_filename(archive, path, 1 << 16) != ARCHIVE_OK)
		die(archive_error_string(archive));
	while ((got = archive_read_next_header(archive, &entry)) == ARCHIVE_OK) {
		count++;
		while (inflate &&
		       (got = archive_read_data_block(archive, &block, &len, &offset)) == ARCHIVE_OK)
			;
		if (inflate && got != ARCHIVE_EOF)
			die(archive_error_string(archive));
	}
	if (got != ARCHIVE_EOF)
		die(archive_error_string(archive));
	(void)archive_read_free(archive);
	return count;
}

static size_t their_index(const char *path)
{
	return their_walk(path, false);
}

/* --- inflate ---------------------------------------------------------------------------------- */

static size_t our_inflate(const char *path)
{
	struct arena arena = { 0 };
	struct notes notes = { 0 };
	struct listing listing = { .arena = &arena, .notes = &notes };
	const struct source_limits limits = { .max_unpacked = UINT64_MAX };
	struct scratch scratch = { 0 };
	struct source *source;
	struct bytes content;
	struct err err;
	size_t count;

	if (source_open(&source, str_of(path), &limits, &listing, &err))
		die(err.msg);
	count = listing.files.len;
	for (size_t i = 0; i < count; i++)
		if (source->ops->content(source, listing.files.at[i].member, &scratch, &content, &err))
			die(err.msg);
	scratch_free(&scratch);
	source_close(source);
	arena_free(&arena);
	return count;
}

static size_t their_inflate(const char *path)
{
	return their_walk(path, true);
}

static void compare(size_t (*ours)(const char *), size_t (*theirs)(const char *), const char *path)
{
	int64_t best[2] = { INT64_MAX, INT64_MAX };

	for (int round = 0; round < ROUNDS; round++)
		for (int side = 0; side < 2; side++) {
			int64_t start = now(CLOCK_PROCESS_CPUTIME_ID);
			int64_t took;

			if (!(side ? theirs : ours)(path))
				die("nothing read");
			took = now(CLOCK_PROCESS_CPUTIME_ID) - start;
			if (took < best[side])
				best[side] = took;
		}
	(void)printf("%" PRId64 " %" PRId64 "\n", best[0], best[1]);
}

/* --- strip ------------------------------------------------------------------------------------ */

/* Reads, strips and writes a file, as the tools do; the buffer serves one file after the other, as in slim.
 */
static void our_strip(struct scratch *buffer, const char *path, const char *to)
{
	struct arena arena = { 0 };
	struct bytes elf = map_file(path);
	struct strip_plan plan = strip_plan(elf, STRIP_AUTO, &arena);
	struct bytes result = elf;
	int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (plan.verdict == STRIP_CAN) {
		uint8_t *out = scratch_reserve(buffer, plan.size);

		if (strip_emit(&plan, elf, out))
			result = (struct bytes){ out, plan.size };
	}
	if (fd < 0 || write(fd, result.ptr, result.len) != (ssize_t)result.len)
		die(to);
	(void)close(fd);
	arena_free(&arena);
	(void)munmap((void *)(uintptr_t)elf.ptr, elf.len);
}

static void run_tool(const char *tool, const char *path, const char *to)
{
	const char *argv[] = { tool, "-o", to, path, NULL };
	int status;
	pid_t pid;

	if (posix_spawnp(&pid, tool, NULL, NULL, (char **)(uintptr_t)argv, environ) != 0 ||
	    waitpid(pid, &status, 0) != pid)
		die(tool);
}

static void strip_all(const char *to, char **paths, int count)
{
	static const char *const tools[] = { NULL, "strip", "eu-strip" };
	int64_t best[3] = { INT64_MAX, INT64_MAX, INT64_MAX };
	struct scratch buffer = { 0 };

	for (int round = 0; round < 3; round++)
		for (int side = 0; side < 3; side++) {
			int64_t start = now(CLOCK_MONOTONIC);
			int64_t took;

			for (int i = 0; i < count; i++)
				if (tools[side])
					run_tool(tools[side], paths[i], to);
				else
					our_strip(&buffer, paths[i], to);
			took = now(CLOCK_MONOTONIC) - start;
			if (took < best[side])
				best[side] = took;
		}
	scratch_free(&buffer);
	(void)unlink(to);
	(void)printf("%" PRId64 " %" PRId64 " %" PRId64 "\n", best[0], best[1], best[2]);
}

/* --- read ------------------------------------------------------------------------------------- */

struct reading {
	struct source *source;
	struct bundle bundle;
	struct scratch *scratch; /* by thread */
	uint32_t *files;
};

static void open_bundle(struct reading *reading, struct arena *arena, const char *path)
{
	const struct source_limits limits = { .max_unpacked = UINT64_MAX };
	struct listing listing = { .arena = arena, .notes = &reading->bundle.notes };
	struct err err;

	reading->bundle.arena = arena;
	if (source_open(&reading->source, str_of(path), &limits, &listing, &err))
		die(err.msg);
	(void)bundle_add_tree(&reading->bundle, &listing, str_of(path), TREE_FUNCTION, 0);
}

static void read_one(void *ctx, int thread, size_t i)
{
	struct reading *reading = ctx;
	uint32_t member = reading->bundle.files.at[reading->files[i]].member;
	struct bytes content;
	struct err err;

	if (reading->source->ops->content(reading->source, member, &reading->scratch[thread], &content, &err))
		die(err.msg);
}

static int larger_first(const void *left, const void *right)
{
	uint64_t a = (*(struct file *const *)left)->size;
	uint64_t b = (*(struct file *const *)right)->size;

	return (a < b) - (a > b);
}

static void read_kept(const char *path, const char *kept_path)
{
	struct arena arena = { 0 };
	struct reading all = { 0 };
	struct reading kept = { 0 };
	struct file **order;
	size_t count = 0;
	int jobs = pool_default_jobs();

	open_bundle(&all, &arena, path);
	open_bundle(&kept, &arena, kept_path);
	order = arena_array(&arena, struct file *, kept.bundle.files.len);
	all.files = arena_array(&arena, uint32_t, kept.bundle.files.len);
	all.scratch = arena_array(&arena, struct scratch, (size_t)jobs);
	for (uint32_t id = 0; id < kept.bundle.files.len; id++) {
		uint32_t found = bundle_find(&all.bundle, 0, kept.bundle.files.at[id].path);

		if (found == NO_FILE)
			die("the package lacks what was kept of it");
		if (all.bundle.files.at[found].kind == FILE_REGULAR)
			order[count++] = &all.bundle.files.at[found];
	}
	qsort(order, count, sizeof(struct file *), larger_first);
	for (size_t i = 0; i < count; i++)
		all.files[i] = (uint32_t)(order[i] - all.bundle.files.at);
	pool_run(jobs, count, read_one, &all);
	(void)printf("%zu\n", count);
}

int main(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "index") == 0)
		compare(our_index, their_index, argv[2]);
	else if (argc >= 3 && strcmp(argv[1], "inflate") == 0)
		compare(our_inflate, their_inflate, argv[2]);
	else if (argc >= 4 && strcmp(argv[1], "strip") == 0)
		strip_all(argv[2], argv + 3, argc - 3);
	else if (argc == 4 && strcmp(argv[1], "read") == 0)
		read_kept(argv[2], argv[3]);
	else
		die("usage: bench_zip index ZIP | inflate ZIP | strip OUT FILE... | read ZIP KEPT");
	return 0;
}
