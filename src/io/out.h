/*
 * Where results go: a file or directory that appears whole or not at all, or standard output.
 * Everything is written beside the destination under a temporary name; out_commit() syncs and
 * renames; out_abort(), a failure or a signal leaves the destination as it was.
 * It never writes to its destination before out_commit(), and knows no format.
 */
#ifndef SLIM_IO_OUT_H
#define SLIM_IO_OUT_H

#include <sys/uio.h>

#include "base/err.h"
#include "base/str.h"

/* All zero is closed. At most one file and one directory may be open at a time. */
struct out {
	struct str path; /* the destination; "-" is standard output */
	struct str temp; /* NUL-terminated */
	int fd;		 /* of the file, or of the temporary directory */
	bool open;
	bool is_dir;
};

/* Whether PATH is asked for as a directory: it ends in '/', or one is there. */
bool out_is_dir(struct str path);
/* Whether both name the same existing file or directory (st_dev, st_ino). */
bool out_same_file(struct str a, struct str b);

/*
 * A file, readable and writable as the umask says. Refuses what is there and is no regular file (a FIFO or
 * device is written directly instead), and a terminal for "-". The message says how to mend it.
 */
int out_open_file(struct out *out, struct str path, struct arena *arena, struct err *err);
/*
 * A directory tree. What is there and not empty is replaced only with force, and never when it is the
 * root, the home directory, or holds the current directory.
 */
int out_open_dir(struct out *out, struct str path, bool force, struct arena *arena, struct err *err);

/* Appends to a file. Handles short writes and EINTR; the iovecs may be changed. */
int out_write(struct out *out, struct iovec *iov, int count, struct err *err);

/* In a directory: one file, empty directory or symlink, with parents as needed (0755). mode as in struct
 * zip_entry. */
int out_put(struct out *out, struct str name, uint32_t mode, struct bytes content, struct err *err);

/* Syncs, renames, syncs the parent directory. On failure the destination is as before. */
int out_commit(struct out *out, struct err *err);
/* Removes what was written. Safe on a closed one. */
void out_abort(struct out *out);

/*
 * Removes the temporary file or directory when SIGINT, SIGTERM, SIGHUP, SIGPIPE or SIGBUS (an input that
 * shrank while it was mapped) ends the process, and lets the signal end it. Call once, before out_open_*().
 */
void out_handle_signals(void);

#endif
