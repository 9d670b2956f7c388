#define _POSIX_C_SOURCE 200809L /* clock_gettime */
#include "cmd/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/terminal.h"

enum { PATIENCE_MS = 300, INTERVAL_MS = 100, LINE_MAX_COLUMNS = 100, BAR_COLUMNS = 20 };

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

/* Escape sequences and text in one write, so that lines of two threads never mix. A failure does not matter.
 */
static void show(const char *text, size_t len)
{
	ssize_t n = write(STDERR_FILENO, text, len);

	(void)n;
}

/* "\rCompressing #####...............  25%  47/190", cut to the terminal. */
static void draw(struct progress *progress, uint64_t done)
{
	char counts[2][TEXT_SIZE_MAX];
	char line[LINE_MAX_COLUMNS + 1];
	char out[4 * LINE_MAX_COLUMNS];
	uint64_t total = progress->total ? progress->total : 1;
	uint64_t shown = done < total ? done : total;
	size_t full = (size_t)((unsigned __int128)shown * BAR_COLUMNS / total);
	size_t len = 0;
	int n;

	text_count(counts[0], shown);
	text_count(counts[1], total);
	n = snprintf(line, sizeof(line), "%-12s %*s %3d%%  %s/%s", progress->what, (int)BAR_COLUMNS, "",
		     (int)((unsigned __int128)shown * 100 / total), counts[0], counts[1]);
	if (n < 0)
		return;
	/* A full last column would wrap on some terminals. */
	if (n >= progress->width)
		line[progress->width - 1] = '\0';
	out[len++] = '\r';
	for (size_t i = 0, bar = strlen(progress->what) > 12 ? strlen(progress->what) + 1 : 13; line[i];
	     i++) {
		bool in_bar = i >= bar && i < bar + BAR_COLUMNS;
		const char *glyph = i - bar < full ? (progress->utf8 ? "\u2588" : "#")
						   : (progress->utf8 ? "\u00b7" : ".");
		size_t glyph_len = in_bar ? strlen(glyph) : 1;

		memcpy(out + len, in_bar ? glyph : &line[i], glyph_len);
		len += glyph_len;
	}
	memcpy(out + len, "\x1b[K", 3);
	show(out, len + 3);
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
		show("\r\x1b[K", 4);
}
