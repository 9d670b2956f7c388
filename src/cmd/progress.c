#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "cmd/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/terminal.h"

enum { PATIENCE_MS = 300, INTERVAL_MS = 100, BAR_COLUMNS = 20 };
/* Columns that the line needs with sizes behind it, and with the bar too. */
enum { MIDDLING = 48, WIDE = 70 };

static uint64_t now_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now))
		return 0;
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

void progress_init(struct progress *progress, const struct options *options)
{
	struct terminal terminal = terminal_of(STDERR_FILENO, options);
	struct str term = str_of(environment_get(options->environment, "TERM"));
	struct str ci = str_of(environment_get(options->environment, "CI"));

	memset(progress, 0, sizeof(*progress));
	progress->width = terminal.width;
	progress->utf8 = terminal.utf8;
	progress->on = terminal.is_tty && !options->quiet && ci.len == 0 && !str_eq(term, STR("dumb"));
}

/* Text and escape sequences in one write, so that lines of two threads never mix. A failure does not matter.
 */
static void show(const char *text)
{
	ssize_t n = write(STDERR_FILENO, text, strlen(text));

	(void)n;
}

/* "Compressing  #######.............  37%  97.2 MiB of 262.0 MiB", or less of it on a narrow terminal. */
static void draw(const struct progress *progress, uint64_t done)
{
	const char *full = progress->utf8 ? "\u2588" : "#";
	const char *empty = progress->utf8 ? "\u00b7" : ".";
	uint64_t total = progress->total ? progress->total : 1;
	uint64_t shown = done < total ? done : total;
	int glyphs = (int)((unsigned __int128)shown * BAR_COLUMNS / total);
	int percent = (int)((unsigned __int128)shown * 100 / total);
	char sizes[2][TEXT_SIZE_MAX];
	char bar[BAR_COLUMNS * 3 + 1] = "";
	char tail[3 * TEXT_SIZE_MAX] = "";
	char out[sizeof(bar) + sizeof(tail) + 64];
	size_t len = 0;

	for (int i = 0; i < BAR_COLUMNS && progress->width >= WIDE; i++)
		len += (size_t)snprintf(bar + len, sizeof(bar) - len, "%s", i < glyphs ? full : empty);
	text_size(sizes[0], shown);
	text_size(sizes[1], total);
	if (progress->width >= MIDDLING)
		(void)snprintf(tail, sizeof(tail), "  %s of %s", sizes[0], sizes[1]);
	(void)snprintf(out, sizeof(out), "\r%-12.12s %s %3d%%%s\x1b[K", progress->what, bar, percent, tail);
	show(out);
}

void progress_begin(struct progress *progress, const char *what, uint64_t total)
{
	progress_end(progress);
	progress->what = what;
	progress->total = total;
	atomic_store(&progress->done, 0);
	atomic_store(&progress->next, now_ms() + PATIENCE_MS);
}

void progress_step(struct progress *progress, uint64_t n)
{
	uint64_t done;
	uint64_t now;
	uint_fast64_t next;

	if (!progress->on)
		return;
	done = atomic_fetch_add_explicit(&progress->done, n, memory_order_relaxed) + n;
	now = now_ms();
	next = atomic_load_explicit(&progress->next, memory_order_relaxed);
	/* Of those who find that it is time, one wins and draws. */
	if (now < next || !atomic_compare_exchange_strong(&progress->next, &next, now + INTERVAL_MS))
		return;
	atomic_store(&progress->drawn, true);
	draw(progress, done);
}

void progress_end(struct progress *progress)
{
	if (atomic_exchange(&progress->drawn, false))
		show("\r\x1b[K");
}
