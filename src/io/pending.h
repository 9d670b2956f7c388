/*
 * What has to vanish should the process be killed: the temporary names of unfinished results.
 * The one global of the program is in here, because a signal handler cannot be handed a pointer.
 */
#ifndef SLIM_IO_PENDING_H
#define SLIM_IO_PENDING_H

#include <signal.h>
#include <stdbool.h>

/* Results that may be unfinished at a time. */
enum { PENDING_MAX = 4 };

/* Installs the handlers; signals that the parent ignores (nohup) stay ignored. */
void pending_handle_signals(void);

/*
 * `name` (at most 255 bytes, copied) in the open directory `dir` goes when a signal ends the process.
 * The slot for pending_drop(), or -1 where there are PENDING_MAX already.
 */
int pending_add(int dir, const char *name);
void pending_drop(int slot);

/* Holds signals back while names on disk and the list disagree. */
void pending_block(sigset_t *saved);
void pending_unblock(const sigset_t *saved);

/* Never returns once another thread's handler is removing what this one would go on creating. */
void pending_stop_if_dying(void);

#endif
