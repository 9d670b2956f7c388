/*
 * Where results go: a file or directory that appears whole or not at all, or standard output.
 * Everything is written beside the destination under a temporary name (".NAME.slim-XXXXXX");
 * out_commit() syncs and renames; out_abort(), a failure or a signal leaves the destination as it was.
 * It never writes to its destination before out_commit(), and knows no format.
 *
 * What cannot be renamed over is written directly, as it comes: standard output ("-", /dev/stdout,
 * /dev/fd/N), FIFOs and character devices. A symbolic link is followed: the file that it names is replaced,
 * the link stays. A replaced file or directory keeps its permissions, not its owner or its other hard links.
 */
#ifndef SLIM_IO_OUT_H
#define SLIM_IO_OUT_H

#include <sys/types.h>
#include <sys/uio.h>

#include "base/err.h"
#include "base/str.h"

/* All zero is closed. At most four may be open at a time (io/pending.h). */
struct out {
	struct str path;  /* the destination, as the user wrote it */
	const char *name; /* its last component, links resolved */
	char *temp;	  /* the temporary name beside it; NULL where it is written directly */
	char *aside;	  /* of a directory: where the old one waits, if names cannot be exchanged */
	int dir;	  /* the directory of both */
	int fd;		  /* of the file, or of the temporary directory */
	int slot;	  /* io/pending.h */
	mode_t mode;	  /* permissions to end with; 0: those that the umask gave */
	bool open;
	bool is_dir;
	bool force;
};

/* Whether PATH is asked for as a directory: it ends in '/', or one is there. */
bool out_is_dir(struct str path);
/* Whether both name the same existing file or directory (st_dev, st_ino). */
bool out_same_file(struct str a, struct str b);
/*
 * Whether both would be written to the same place, be it there yet or not: the same file, or the same name in
 * the same directory. "-" is no place.
 */
bool out_same_place(struct str a, struct str b);
/* Whether writing to path would put something below the directory `dir`. */
bool out_is_below(struct str path, struct str dir);

/*
 * A file, readable and writable as the umask says. Refuses directories, sockets, block devices, links to
 * nothing, and a terminal. The message says how to mend it.
 */
int out_open_file(struct out *out, struct str path, struct arena *arena, struct err *err);
/* The same for text: a terminal will do. */
int out_open_text(struct out *out, struct str path, struct arena *arena, struct err *err);
/*
 * A directory tree. What is there and not empty is replaced only with force, and never when it is or holds
 * the root, the home directory or the current directory.
 */
int out_open_dir(struct out *out, struct str path, bool force, struct arena *arena, struct err *err);

/* Appends to a file. Handles short writes and EINTR; the iovecs may be changed. */
int out_write(struct out *out, struct iovec *iov, int count, struct err *err);

/*
 * In a directory: one file, empty directory or symlink (mode as in struct zip_entry), with parents as needed
 * (0755). The mode is set exactly, whatever the umask: Lambda runs as another user, and tools that zip the
 * directory keep its modes. Many threads may call it.
 */
int out_put(struct out *out, struct str name, uint32_t mode, struct bytes content, struct err *err);

/*
 * Syncs, renames, syncs the parent directory. On failure the destination is as before, but for one case: a
 * directory was replaced and the old one cannot be removed; the message says where it is.
 */
int out_commit(struct out *out, struct err *err);
/* Removes what was written. Safe on a closed one. */
void out_abort(struct out *out);

/*
 * Removes the temporary file or directory when SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE or SIGBUS (an input
 * that shrank while it was mapped) ends the process, and lets the signal end it. Beyond a file size limit
 * writing then fails instead (SIGXFSZ). Call once, before out_open_*().
 */
void out_handle_signals(void);

#endif
