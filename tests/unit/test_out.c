/* io/out: a result appears whole or not at all, whatever happens on the way. */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "io/beneath.h"
#include "io/file.h"
#include "io/out.h"
#include "io/remove.h"
#include "io/swap.h"

#include "scratch_dir.h"

static struct arena arena;

/* Each test runs in an empty directory of its own. */
static int enter(void **state)
{
	(void)state;
	(void)umask(022);
	return scratch_enter();
}

static int leave(void **state)
{
	(void)state;
	arena_free(&arena);
	return scratch_leave();
}

/* --- helpers --------------------------------------------------------------------------------- */

static void make_file(const char *path, const char *content, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, strlen(content)), strlen(content));
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

static void assert_file(const char *path, const char *content)
{
	char text[256];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	assert_true(fd >= 0);
	n = read(fd, text, sizeof(text) - 1);
	assert_true(n >= 0);
	text[n] = '\0';
	assert_int_equal(close(fd), 0);
	assert_string_equal(text, content);
}

static void assert_mode(const char *path, mode_t mode)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, mode);
}

/* The entries of a directory, hidden ones too. */
static int count_entries(const char *path)
{
	DIR *dir = opendir(path);
	int n = -2;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	(void)closedir(dir);
	return n;
}

static int put_text(struct out *out, const char *text, struct err *err)
{
	struct iovec iov = { .iov_base = (void *)(uintptr_t)text, .iov_len = strlen(text) };

	return out_write(out, &iov, 1, err);
}

static void assert_says(const struct err *err, const char *part)
{
	if (!strstr(err->msg, part))
		fail_msg("\"%s\" does not say \"%s\"", err->msg, part);
}

static struct bytes bytes_of(const char *z)
{
	return bytes_of_str(str_of(z));
}

/* --- files ----------------------------------------------------------------------------------- */

static void commit_makes_the_file(void **state)
{
	struct out out = { 0 };
	struct err err;

	(void)state;
	(void)umask(027);
	assert_int_equal(out_open_file(&out, STR("a.zip"), &arena, &err), 0);
	assert_int_equal(access("a.zip", F_OK), -1);
	assert_int_equal(count_entries("."), 1);
	assert_int_equal(put_text(&out, "one", &err), 0);
	assert_int_equal(put_text(&out, "two", &err), 0);
	assert_int_equal(out_commit(&out, &err), 0);
	assert_file("a.zip", "onetwo");
	assert_mode("a.zip", 0640);
	assert_int_equal(count_entries("."), 1);
	assert_false(out.open);
}

static void abort_leaves_the_old_file(void **state)
{
	struct out out = { 0 };
	struct err err;

	(void)state;
	make_file("a.zip", "old", 0644);
	assert_int_equal(out_open_file(&out, STR("a.zip"), &arena, &err), 0);
	assert_int_equal(put_text(&out, "new", &err), 0);
	assert_int_equal(count_entries("."), 2);
	out_abort(&out);
	assert_file("a.zip", "old");
	assert_int_equal(count_entries("."), 1);
	out_abort(&out);
}

static void replaced_file_keeps_its_mode(void **state)
{
	struct out out = { 0 };
	struct stat st;
	struct err err;

	(void)state;
	make_file("a.zip", "old", 0600);
	assert_int_equal(out_open_file(&out, STR("a.zip"), &arena, &err), 0);
	/* Private from the first byte on. */
	assert_int_equal(fstat(out.fd, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(put_text(&out, "new", &err), 0);
	assert_int_equal(out_commit(&out, &err), 0);
	assert_file("a.zip", "new");
	assert_mode("a.zip", 0600);

	assert_int_equal(chmod("a.zip", 0666), 0);
	assert_int_equal(out_open_file(&out, STR("a.zip"), &arena, &err), 0);
	assert_int_equal(out_commit(&out, &err), 0);
	assert_mode("a.zip", 0666);
}

static void long_and_odd_names_work(void **state)
{
	char name[256];
	struct out out = { 0 };
	struct err err;

	(void)state;
	memset(name, '\xff', 255);
	name[255] = '\0';
	assert_int_equal(out_open_file(&out, str_of(name), &arena, &err), 0);
	assert_int_equal(out_commit(&out, &err), 0);
	assert_int_equal(access(name, F_OK), 0);
}

static void a_link_is_followed(void **state)
{
	struct out out = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(mkdir("real", 0755), 0);
	make_file("real/a.zip", "old", 0644);
	assert_int_equal(symlink("real/a.zip", "link"), 0);
	assert_int_equal(out_open_file(&out, STR("link"), &arena, &err), 0);
	assert_int_equal(count_entries("real"), 2);
	assert_int_equal(put_text(&out, "new", &err), 0);
	assert_int_equal(out_commit(&out, &err), 0);
	assert_file("real/a.zip", "new");
	assert_mode("link", 0777);

	assert_int_equal(symlink("nowhere", "dangling"), 0);
	assert_int_equal(out_open_file(&out, STR("dangling"), &arena, &err), -1);
	assert_says(&err, "dangling: is a symbolic link to nothing");
}

static void what_is_no_file_is_refused(void **state)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "socket" };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct out out = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(mkdir("dir", 0755), 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&name, sizeof(name)), 0);
	make_file("file", "", 0644);
	assert_int_equal(out_open_file(&out, STR("dir"), &arena, &err), -1);
	assert_says(&err, "dir: is a directory");
	assert_int_equal(out_open_file(&out, STR("new/"), &arena, &err), -1);
	assert_says(&err, "new/: is a directory");
	assert_int_equal(out_open_file(&out, STR("socket"), &arena, &err), -1);
	assert_says(&err, "socket: is a device or socket");
	assert_int_equal(out_open_file(&out, STR("file/a"), &arena, &err), -1);
	assert_says(&err, "Not a directory");
	assert_int_equal(out_open_file(&out, STR(""), &arena, &err), -1);
	assert_says(&err, "empty");
	assert_int_equal(out_open_file(&out, STR("no\nwhere/at/all.zip"), &arena, &err), -1);
	assert_says(&err, "there is no directory no\\x0awhere/at to write it in; make it first: mkdir -p");
	assert_int_equal(count_entries("."), 3);
	assert_int_equal(close(fd), 0);
}

static void a_full_disk_is_reported(void **state)
{
	struct out out = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(out_open_file(&out, STR("/dev/full"), &arena, &err), 0);
	assert_int_equal(put_text(&out, "x", &err), -1);
	assert_says(&err, "/dev/full: cannot be written: No space left on device");
	out_abort(&out);
	assert_int_equal(access("/dev/full", F_OK), 0);
}

static void a_fifo_is_written_directly(void **state)
{
	struct out out = { 0 };
	struct err err;
	char text[8] = "";
	int reader;

	(void)state;
	assert_int_equal(mkfifo("fifo", 0600), 0);
	reader = open("fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	assert_int_equal(out_open_file(&out, STR("fifo"), &arena, &err), 0);
	assert_int_equal(put_text(&out, "hello", &err), 0);
	assert_int_equal(out_commit(&out, &err), 0);
	assert_int_equal(read(reader, text, sizeof(text)), 5);
	assert_string_equal(text, "hello");
	assert_int_equal(close(reader), 0);
}

static void many_iovecs_and_short_writes(void **state)
{
	enum { PARTS = 3000 };
	static char part[100];
	struct iovec iov[PARTS];
	struct out out = { 0 };
	struct err err;
	size_t total = 0;
	int ends[2];
	pid_t child;
	int status;

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	(void)fcntl(ends[1], F_SETPIPE_SZ, 4096);
	child = fork();
	if (child == 0) {
		char path[32];

		for (int i = 0; i < PARTS; i++)
			iov[i] = (struct iovec){ part, i % 3 ? sizeof(part) : 0 };
		(void)close(ends[0]);
		(void)snprintf(path, sizeof(path), "/dev/fd/%d", ends[1]);
		_exit(out_open_file(&out, str_of(path), &arena, &err) || out_write(&out, iov, PARTS, &err) ||
		      out_commit(&out, &err));
	}
	assert_int_equal(close(ends[1]), 0);
	for (;;) {
		char text[1000];
		ssize_t n = read(ends[0], text, sizeof(text));

		if (n == 0)
			break;
		total += n > 0 ? (size_t)n : 0;
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(total, sizeof(part) * (size_t)(PARTS / 3 * 2));
	assert_int_equal(close(ends[0]), 0);
}

static void a_terminal_is_refused(void **state)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY);
	struct out out = { 0 };
	struct err err;
	struct str path;

	(void)state;
	if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
		skip();
	path = str_dup(&arena, str_of(ptsname(master)));
	assert_int_equal(out_open_file(&out, path, &arena, &err), -1);
	assert_says(&err, "a package is not written to a terminal");
	assert_int_equal(file_write(path, STR("report\n"), &arena, &err), 0);
	assert_int_equal(close(master), 0);
}

static void file_helpers(void **state)
{
	struct bytes content;
	struct str *names;
	size_t count;
	struct err err;

	(void)state;
	assert_int_equal(mkdir("rules", 0755), 0);
	assert_int_equal(file_write(STR("rules/b.yaml"), STR("b"), &arena, &err), 0);
	assert_int_equal(file_write(STR("rules/a.yaml"), STR(""), &arena, &err), 0);
	make_file("rules/.c.yaml", "", 0644);
	make_file("rules/d.txt", "", 0644);
	assert_int_equal(file_list(STR("rules/"), STR(".yaml"), &arena, &names, &count, &err), 0);
	assert_int_equal(count, 2);
	assert_string_equal(names[0].ptr, "rules/a.yaml");
	assert_string_equal(names[1].ptr, "rules/b.yaml");
	assert_int_equal(file_read(names[1], 1, &arena, &content, &err), 0);
	assert_int_equal(content.len, 1);
	assert_int_equal(file_read(names[0], 0, &arena, &content, &err), 0);
	assert_int_equal(content.len, 0);
	assert_int_equal(file_read(names[1], 0, &arena, &content, &err), -1);
	assert_says(&err, "rules/b.yaml: is larger than 0 B");
	assert_int_equal(file_read(STR("rules"), 9, &arena, &content, &err), -1);
	assert_says(&err, "rules: is not a file");
	assert_int_equal(file_read(STR("none"), 9, &arena, &content, &err), -1);
	assert_says(&err, "No such file");
	assert_int_equal(file_list(STR("none"), STR(""), &arena, &names, &count, &err), -1);
}

static void same_file_sees_through_names(void **state)
{
	(void)state;
	make_file("a", "", 0644);
	assert_int_equal(link("a", "b"), 0);
	make_file("c", "", 0644);
	assert_true(out_same_file(STR("a"), STR("./b")));
	assert_false(out_same_file(STR("a"), STR("c")));
	assert_false(out_same_file(STR("a"), STR("none")));
	assert_false(out_same_file(STR("-"), STR("-")));
	assert_true(out_is_dir(STR("none/")));
	assert_true(out_is_dir(STR(".")));
	assert_false(out_is_dir(STR("a")));
	assert_false(out_is_dir(STR("-")));
}

/* --- directories ----------------------------------------------------------------------------- */

static void open_tree(struct out *out, const char *path, bool force)
{
	struct err err;

	if (out_open_dir(out, str_of(path), force, &arena, &err) != 0)
		fail_msg("%s", err.msg);
	assert_int_equal(out_put(out, STR("pkg/mod.py"), 0100644, bytes_of("code"), &err), 0);
}

static void a_tree_appears_at_once(void **state)
{
	struct out out = { 0 };
	char target[16] = "";
	struct err err;

	(void)state;
	(void)umask(077);
	open_tree(&out, "tree/", false);
	assert_int_equal(access("tree", F_OK), -1);
	assert_int_equal(out_put(&out, STR("pkg/deep/er/run"), 0100755, bytes_of("x"), &err), 0);
	assert_int_equal(out_put(&out, STR("pkg/empty/"), 040755, bytes_of(""), &err), 0);
	assert_int_equal(out_put(&out, STR("lib.so"), 0120777, bytes_of("lib.so.1"), &err), 0);
	assert_int_equal(out_commit(&out, &err), 0);
	assert_int_equal(count_entries("."), 1);
	assert_mode("tree", 0700);
	/* Lambda runs as another user: what is inside does not depend on the umask. */
	assert_mode("tree/pkg", 0755);
	assert_mode("tree/pkg/deep/er", 0755);
	assert_mode("tree/pkg/empty", 0755);
	assert_mode("tree/pkg/mod.py", 0644);
	assert_mode("tree/pkg/deep/er/run", 0755);
	assert_file("tree/pkg/mod.py", "code");
	assert_int_equal(readlink("tree/lib.so", target, sizeof(target)), 8);
	assert_string_equal(target, "lib.so.1");
}

static void names_cannot_leave_the_tree(void **state)
{
	static const char *const bad[] = { "",	  "/abs",   "../x",	  "a/../../x",	 "a//b",
					   "./a", "link/x", "pkg/mod.py", "pkg/mod.py/x" };
	struct out out = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(mkdir("victim", 0755), 0);
	open_tree(&out, "tree", false);
	assert_int_equal(out_put(&out, STR("link"), 0120777, bytes_of("../victim"), &err), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (out_put(&out, str_of(bad[i]), 0100644, bytes_of("x"), &err) == 0)
			fail_msg("%s was written", bad[i]);
	assert_says(&err, "tree: pkg/mod.py/x: cannot be written");
	out_abort(&out);
	assert_int_equal(count_entries("victim"), 0);
	assert_int_equal(count_entries("."), 1);
}

static void a_full_directory_needs_force(void **state)
{
	struct out out = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(mkdir("tree", 0750), 0);
	open_tree(&out, "tree", false);
	assert_int_equal(out_commit(&out, &err), 0);
	assert_mode("tree", 0750);

	assert_int_equal(mkdir("tree/old", 0555), 0);
	assert_int_equal(out_open_dir(&out, STR("tree"), false, &arena, &err), -1);
	assert_says(&err, "tree: is a directory with something in it; --force");
	open_tree(&out, "tree", true);
	assert_int_equal(access("tree/old", F_OK), 0);
	assert_int_equal(out_commit(&out, &err), 0);
	assert_int_equal(access("tree/old", F_OK), -1);
	assert_file("tree/pkg/mod.py", "code");
	assert_mode("tree", 0750);
	assert_int_equal(count_entries("."), 1);

	make_file("file", "", 0644);
	assert_int_equal(out_open_dir(&out, STR("file"), true, &arena, &err), -1);
	assert_says(&err, "file: is there and is not a directory");
}

static void what_arrives_meanwhile_stays(void **state)
{
	struct out out = { 0 };
	struct err err;

	(void)state;
	assert_int_equal(mkdir("tree", 0755), 0);
	open_tree(&out, "tree", false);
	make_file("tree/precious", "x", 0644);
	assert_int_equal(out_commit(&out, &err), -1);
	assert_says(&err, "tree: got something in it meanwhile");
	assert_file("tree/precious", "x");
	assert_int_equal(count_entries("."), 1);
}

static void some_directories_are_never_replaced(void **state)
{
	static const char *const bad[] = { "/", ".", "..", "../", "inner/..", "/tmp", "homes" };
	struct out out = { 0 };
	char path[4096];
	struct err err;

	(void)state;
	assert_int_equal(mkdir("inner", 0755), 0);
	assert_int_equal(mkdir("homes", 0755), 0);
	assert_int_equal(mkdir("homes/me", 0755), 0);
	assert_non_null(realpath("homes/me", path));
	assert_int_equal(setenv("HOME", "/nonexistent", 1), 0);
	for (size_t i = 0; i + 1 < sizeof(bad) / sizeof(bad[0]); i++) {
		if (out_open_dir(&out, str_of(bad[i]), true, &arena, &err) == 0)
			fail_msg("%s would be replaced", bad[i]);
		assert_says(&err, "never replaced");
	}
	assert_int_equal(setenv("HOME", path, 1), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (out_open_dir(&out, str_of(bad[i]), true, &arena, &err) == 0)
			fail_msg("%s would be replaced", bad[i]);
		assert_says(&err, "never replaced");
	}
	assert_int_equal(out_open_dir(&out, STR("homes/me"), false, &arena, &err), -1);
	assert_says(&err, "home directory");
}

static void names_that_cannot_be_exchanged(void **state)
{
	const char *old = NULL;
	int dir = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_int_equal(mkdir("temp", 0755), 0);
	assert_int_equal(mkdir("name", 0755), 0);
	make_file("name/old", "", 0644);
	assert_int_equal(swap_in_aside(dir, "temp", "name", "aside", &old), 0);
	assert_string_equal(old, "aside");
	assert_int_equal(access("aside/old", F_OK), 0);
	assert_int_equal(count_entries("name"), 0);
	/* The second step fails: all is as it was. */
	assert_int_equal(rename("aside", "gone"), 0);
	make_file("name/kept", "", 0644);
	assert_int_equal(swap_in_aside(dir, "missing", "name", "aside", &old), -1);
	assert_int_equal(errno, ENOENT);
	assert_null(old);
	assert_int_equal(access("name/kept", F_OK), 0);
	/* Nothing was there. */
	assert_int_equal(swap_in(dir, "gone", "fresh", "aside", &old), 0);
	assert_null(old);
	assert_int_equal(access("fresh/old", F_OK), 0);
	assert_int_equal(close(dir), 0);
}

static void trees_are_removed_whole(void **state)
{
	int dir = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct out out = { 0 };
	char deep[3900];
	char name[64];
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(deep) - 1; i++)
		deep[i] = i % 2 ? '/' : 'd';
	deep[sizeof(deep) - 2] = 'd';
	deep[sizeof(deep) - 1] = '\0';
	assert_int_equal(mkdir("outside", 0755), 0);
	make_file("outside/kept", "", 0644);
	open_tree(&out, "tree", false);
	assert_int_equal(out_put(&out, str_of(deep), 0100644, bytes_of(""), &err), 0);
	assert_int_equal(out_put(&out, STR("link"), 0120777, bytes_of("../outside"), &err), 0);
	for (int i = 0; i < 3000; i++) {
		(void)snprintf(name, sizeof(name), "wide%d/file-with-a-longer-name%d", i % 50, i);
		assert_int_equal(out_put(&out, str_of(name), 0100644, bytes_of(""), &err), 0);
	}
	assert_int_equal(out_commit(&out, &err), 0);
	assert_int_equal(remove_tree(dir, "tree"), 0);
	assert_int_equal(remove_tree(dir, "tree"), 0);
	assert_int_equal(count_entries("."), 1);
	assert_int_equal(count_entries("outside"), 1);
	assert_int_equal(close(dir), 0);
}

/* --- signals --------------------------------------------------------------------------------- */

/* A child that has begun a file and a tree waits for the signal, or brings it on. */
static void die_by(int number, bool raise_it)
{
	struct out file = { 0 };
	struct out dir = { 0 };
	struct err err;

	out_handle_signals();
	if (out_open_file(&file, STR("a.zip"), &arena, &err) || put_text(&file, "half", &err) ||
	    out_open_dir(&dir, STR("tree"), true, &arena, &err) ||
	    out_put(&dir, STR("a/b/c/d"), 0100644, bytes_of("x"), &err))
		_exit(3);
	make_file("ready", "", 0644);
	if (number == SIGBUS) {
		int fd = open("input", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
		volatile const char *map;

		(void)close(STDERR_FILENO);
		if (ftruncate(fd, 4096) != 0)
			_exit(4);
		map = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
		if (map == MAP_FAILED || ftruncate(fd, 0) != 0)
			_exit(5);
		_exit(map[0]);
	}
	if (raise_it)
		(void)raise(number);
	for (;;)
		(void)pause();
}

static void a_signal_leaves_nothing(void **state)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGBUS };

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		pid_t child;
		int status;

		make_file("a.zip", "old", 0644);
		assert_int_equal(mkdir("tree", 0755), 0);
		make_file("tree/old", "", 0644);
		child = fork();
		if (child == 0)
			die_by(signals[i], signals[i] == SIGPIPE);
		while (access("ready", F_OK) != 0)
			(void)usleep(1000);
		if (signals[i] != SIGPIPE && signals[i] != SIGBUS)
			assert_int_equal(kill(child, signals[i]), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), signals[i]);
		(void)unlink("ready");
		(void)unlink("input");
		assert_file("a.zip", "old");
		assert_int_equal(count_entries("tree"), 1);
		assert_int_equal(count_entries("."), 2);
		assert_int_equal(unlink("tree/old") || rmdir("tree"), 0);
	}
}

static void *put_forever(void *arg)
{
	struct out *dir = arg;
	struct err err;
	char name[64];

	for (unsigned i = 0;; i++) {
		(void)snprintf(name, sizeof(name), "%p/%u/file", (void *)&name, i);
		(void)out_put(dir, str_of(name), 0100644, bytes_of("x"), &err);
	}
	return NULL;
}

static void a_signal_while_threads_write(void **state)
{
	pid_t child;
	int status;

	(void)state;
	child = fork();
	if (child == 0) {
		struct out dir = { 0 };
		pthread_t thread;
		struct err err;

		out_handle_signals();
		if (out_open_dir(&dir, STR("tree"), false, &arena, &err) ||
		    pthread_create(&thread, NULL, put_forever, &dir) != 0)
			_exit(3);
		make_file("ready", "", 0644);
		(void)put_forever(&dir);
	}
	while (access("ready", F_OK) != 0)
		(void)usleep(1000);
	(void)usleep(50000);
	assert_int_equal(kill(child, SIGTERM), 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(WTERMSIG(status), SIGTERM);
	assert_int_equal(unlink("ready"), 0);
	assert_int_equal(count_entries("."), 0);
}

static void a_size_limit_is_an_error(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		struct rlimit limit = { .rlim_cur = 2, .rlim_max = 2 };
		struct out out = { 0 };
		struct err err;

		out_handle_signals();
		(void)setrlimit(RLIMIT_FSIZE, &limit);
		if (out_open_file(&out, STR("a.zip"), &arena, &err) || !put_text(&out, "large", &err))
			_exit(3);
		out_abort(&out);
		_exit(strstr(err.msg, "File too large") ? 0 : 4);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(count_entries("."), 0);
}

static void ignored_signals_stay_ignored(void **state)
{
	pid_t child = fork();
	int status;

	(void)state;
	if (child == 0) {
		(void)signal(SIGHUP, SIG_IGN);
		out_handle_signals();
		(void)raise(SIGHUP);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* --- opening below --------------------------------------------------------------------------- */

static void opening_follows_no_link(void **state)
{
	typedef int opener(int root, const char *path, int flags, mode_t mode);
	static opener *const openers[] = { beneath_open, beneath_walk };
	static const char *const bad[] = { "in/up/secret", "in/self/file", "in/link",  "../secret",
					   "in/../secret", "in/none",	   "in/file/x" };
	int root;

	(void)state;
	assert_int_equal(mkdir("root", 0755) || mkdir("root/in", 0755), 0);
	make_file("secret", "", 0644);
	make_file("root/in/file", "", 0644);
	assert_int_equal(symlink("../..", "root/in/up"), 0);
	assert_int_equal(symlink(".", "root/in/self"), 0);
	assert_int_equal(symlink("file", "root/in/link"), 0);
	root = open("root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	for (size_t i = 0; i < 2; i++) {
		int fd = openers[i](root, "in/file", O_RDONLY, 0);

		assert_true(fd >= 0);
		assert_int_equal(close(fd), 0);
		fd = openers[i](root, ".", O_RDONLY | O_DIRECTORY, 0);
		assert_true(fd >= 0);
		assert_int_equal(close(fd), 0);
		for (size_t k = 0; k < sizeof(bad) / sizeof(bad[0]); k++)
			if (openers[i](root, bad[k], O_RDONLY, 0) >= 0)
				fail_msg("%s was opened by way %zu", bad[k], i);
	}
	assert_int_equal(close(root), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(commit_makes_the_file, enter, leave),
		cmocka_unit_test_setup_teardown(abort_leaves_the_old_file, enter, leave),
		cmocka_unit_test_setup_teardown(replaced_file_keeps_its_mode, enter, leave),
		cmocka_unit_test_setup_teardown(long_and_odd_names_work, enter, leave),
		cmocka_unit_test_setup_teardown(a_link_is_followed, enter, leave),
		cmocka_unit_test_setup_teardown(what_is_no_file_is_refused, enter, leave),
		cmocka_unit_test_setup_teardown(a_full_disk_is_reported, enter, leave),
		cmocka_unit_test_setup_teardown(a_fifo_is_written_directly, enter, leave),
		cmocka_unit_test_setup_teardown(many_iovecs_and_short_writes, enter, leave),
		cmocka_unit_test_setup_teardown(a_terminal_is_refused, enter, leave),
		cmocka_unit_test_setup_teardown(file_helpers, enter, leave),
		cmocka_unit_test_setup_teardown(same_file_sees_through_names, enter, leave),
		cmocka_unit_test_setup_teardown(a_tree_appears_at_once, enter, leave),
		cmocka_unit_test_setup_teardown(names_cannot_leave_the_tree, enter, leave),
		cmocka_unit_test_setup_teardown(a_full_directory_needs_force, enter, leave),
		cmocka_unit_test_setup_teardown(what_arrives_meanwhile_stays, enter, leave),
		cmocka_unit_test_setup_teardown(some_directories_are_never_replaced, enter, leave),
		cmocka_unit_test_setup_teardown(names_that_cannot_be_exchanged, enter, leave),
		cmocka_unit_test_setup_teardown(trees_are_removed_whole, enter, leave),
		cmocka_unit_test_setup_teardown(a_signal_leaves_nothing, enter, leave),
		cmocka_unit_test_setup_teardown(a_signal_while_threads_write, enter, leave),
		cmocka_unit_test_setup_teardown(a_size_limit_is_an_error, enter, leave),
		cmocka_unit_test_setup_teardown(ignored_signals_stay_ignored, enter, leave),
		cmocka_unit_test_setup_teardown(opening_follows_no_link, enter, leave),
	};

	/* Who runs this in the background may have had them ignored, which children inherit. */
	(void)signal(SIGINT, SIG_DFL);
	(void)signal(SIGHUP, SIG_DFL);

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
