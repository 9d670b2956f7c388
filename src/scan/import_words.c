#include "scan/import_words.h"

#include "base/arena.h"

enum { WORD_MAX = 64 };

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static char lower(char c)
{
	return (char)(is_upper(c) ? c + ('a' - 'A') : c);
}

static void add(struct import_scan *scan, struct str word)
{
	if (map_get(&scan->index->last_names, word))
		*vec_push(scan->edges.arena, &scan->facts->words) = str_dup(scan->edges.arena, word);
}

/* "FooBar" as foo_bar. */
static struct str snake(struct str text, char room[2 * WORD_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		if (i && is_upper(text.ptr[i]) && !is_upper(text.ptr[i - 1]) && text.ptr[i - 1] != '_')
			room[len++] = '_';
		room[len++] = lower(text.ptr[i]);
	}
	return (struct str){ room, len };
}

void import_word(struct import_scan *scan, struct str text)
{
	char plain[WORD_MAX];
	char small[WORD_MAX];
	char snaked[2 * WORD_MAX];
	bool differs = false;
	bool upper = false;
	size_t len = text.len;

	if (text.len == 0 || text.len > WORD_MAX)
		return;
	add(scan, text);
	for (size_t i = 0; i < text.len; i++) {
		plain[i] = (char)(text.ptr[i] == '-' ? '_' : text.ptr[i]);
		small[i] = lower(plain[i]);
		differs = differs || plain[i] != text.ptr[i];
		upper = upper || is_upper(text.ptr[i]);
	}
	if (differs)
		add(scan, (struct str){ plain, text.len });
	if (upper) {
		add(scan, (struct str){ small, text.len });
		text = snake((struct str){ plain, text.len }, snaked);
	}
	if (upper && text.len != len)
		add(scan, text);
}

void import_package(struct import_scan *scan, uint32_t module, const struct sight *sight)
{
	struct arena *arena = scan->edges.arena;

	if (scan->index->modules.list.at[module].first_child != NO_MODULE)
		*vec_push(arena, &scan->facts->packages) = (struct seen){
			.name = scan->index->modules.list.at[module].name,
			.evidence = edges_evidence(arena, sight->evidence),
			.line = sight->line,
			.phase = sight->phase,
		};
}

struct joining {
	struct word_pool *pool;
	pool_sees *sees;
	void *ctx;
};

static void enter(struct joining *joining, uint32_t package, uint32_t from, const struct sight *sight);

/* The module is what a text means: in a package, more words may follow. */
static void join(struct joining *joining, const struct waiting *waiting)
{
	joining->sees(joining->ctx, waiting->from, waiting->module, &waiting->sight);
	if (joining->pool->modules->list.at[waiting->module].first_child != NO_MODULE)
		enter(joining, waiting->module, waiting->from, &waiting->sight);
}

static void enter(struct joining *joining, uint32_t package, uint32_t from, const struct sight *sight)
{
	struct word_pool *pool = joining->pool;
	bool added;

	(void)map_put(pool->arena, &pool->packages, pool->modules->list.at[package].name, &added);
	if (added)
		*vec_push(pool->arena, &pool->todo) = (struct waiting){ package, from, *sight, UINT32_MAX };
}

static void look_below(struct joining *joining, const struct waiting *package)
{
	struct word_pool *pool = joining->pool;
	const struct modules *modules = pool->modules;
	uint32_t id = modules->list.at[package->module].first_child;

	for (; id != NO_MODULE; id = modules->list.at[id].next_sibling) {
		struct str name = str_after_dot(modules->list.at[id].name);
		struct waiting waiting = { id, package->from, package->sight, UINT32_MAX };
		uint32_t *last;
		bool added;

		if (map_get(&pool->words, name)) {
			join(joining, &waiting);
			continue;
		}
		last = map_put(pool->arena, &pool->waiting, name, &added);
		waiting.next = added ? UINT32_MAX : *last;
		*last = (uint32_t)pool->list.len;
		*vec_push(pool->arena, &pool->list) = waiting;
	}
}

void word_pool_add(struct word_pool *pool, uint32_t file, const struct import_facts *facts, pool_sees *sees,
		   void *ctx)
{
	struct joining joining = { pool, sees, ctx };

	for (size_t i = 0; i < facts->packages.len; i++) {
		const struct seen *seen = &facts->packages.at[i];
		struct sight sight = { .kind = EDGE_DYNAMIC,
				       .phase = seen->phase,
				       .broad = true,
				       .line = seen->line,
				       .evidence = seen->evidence };
		uint32_t package = modules_find(pool->modules, seen->name);

		if (package != NO_MODULE)
			enter(&joining, package, file, &sight);
	}
	for (size_t i = 0; i < facts->words.len; i++) {
		const uint32_t *last;
		bool added;

		(void)map_put(pool->arena, &pool->words, facts->words.at[i], &added);
		last = added ? map_get(&pool->waiting, facts->words.at[i]) : NULL;
		for (uint32_t w = last ? *last : UINT32_MAX; w != UINT32_MAX; w = pool->list.at[w].next)
			join(&joining, &(struct waiting){ pool->list.at[w].module, pool->list.at[w].from,
							  pool->list.at[w].sight, UINT32_MAX });
	}
	while (pool->todo.len) {
		struct waiting package = pool->todo.at[--pool->todo.len];

		look_below(&joining, &package);
	}
}
