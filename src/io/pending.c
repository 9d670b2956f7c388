#define _GNU_SOURCE
#include "io/pending.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "io/remove.h"

struct pending {
	atomic_bool armed;
	int dir;
	pid_t owner; /* a forked child must not remove its parent's work */
	char name[256];
};

static struct pending pending[PENDING_MAX];
static atomic_bool dying;

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGBUS };
enum { SIGNALS = sizeof(signals) / sizeof(signals[0]) };

/*
 * Only async-signal-safe calls. A tree may be large, but a handler may take its time: nothing
 * else of the process matters any more.
 */
static void on_signal(int number)
{
	static const char bus[] =
		"slim: error: an input could not be read to its end: it was cut short while "
		"slim read it, or its disk failed; nothing was written\n";

	/* A second thread's signal waits for the first to end the process. */
	while (atomic_exchange(&dying, true))
		(void)pause();
	for (int i = 0; i < PENDING_MAX; i++)
		if (atomic_load(&pending[i].armed) && pending[i].owner == getpid())
			(void)remove_tree(pending[i].dir, pending[i].name);
	if (number == SIGBUS && write(STDERR_FILENO, bus, sizeof(bus) - 1) < 0)
		(void)0; /* there is nobody left to tell */
	/* Delivered when the handler returns, so that the parent sees which signal it was. */
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

static void handled(sigset_t *set)
{
	(void)sigemptyset(set);
	for (int i = 0; i < SIGNALS; i++)
		(void)sigaddset(set, signals[i]);
}

void pending_handle_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };
	struct sigaction old;

	handled(&action.sa_mask);
	for (int i = 0; i < SIGNALS; i++) {
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == SIG_IGN)
			continue;
		(void)sigaction(signals[i], &action, NULL);
	}
	/* A file size limit is then an error like a full disk: EFBIG. */
	(void)signal(SIGXFSZ, SIG_IGN);
}

int pending_add(int dir, const char *name)
{
	for (int i = 0; i < PENDING_MAX; i++) {
		if (atomic_load(&pending[i].armed))
			continue;
		pending[i].dir = dir;
		pending[i].owner = getpid();
		/* The last byte is never written: it ends the longest name. */
		memcpy(pending[i].name, name, strnlen(name, sizeof(pending[i].name) - 2) + 1);
		atomic_store(&pending[i].armed, true);
		return i;
	}
	return -1;
}

void pending_drop(int slot)
{
	if (slot >= 0)
		atomic_store(&pending[slot].armed, false);
}

void pending_block(sigset_t *saved)
{
	sigset_t set;

	handled(&set);
	/* A synchronous signal that is blocked ends the process without its handler. */
	(void)sigdelset(&set, SIGBUS);
	(void)pthread_sigmask(SIG_BLOCK, &set, saved);
}

void pending_unblock(const sigset_t *saved)
{
	(void)pthread_sigmask(SIG_SETMASK, saved, NULL);
}

void pending_stop_if_dying(void)
{
	while (atomic_load(&dying))
		(void)pause();
}
