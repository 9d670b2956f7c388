/*
 * Shared objects: what can never load on the target, which ones are judged by who loads them, and the edges
 * that the loader's rules give. Read with packing_read.c, which reads the contents.
 */
#include "base/pool.h"
#include "base/text.h"
#include "cmd/packing.h"
#include "scan/loadable.h"
#include "scan/python_tag.h"

/* Headers of ELF files and the program headers behind them. */
enum { HEAD = 4096 };

/* --- before anything is judged ------------------------------------------------------------------------- */

struct peeking {
	struct packing *p;
	uint32_t *files;
	struct library *found; /* parallel to files */
};

/* Programs have no name of their own kind. */
static bool may_be_binary(const struct file *file)
{
	struct str base = str_base(file->path);

	return file->kind == FILE_REGULAR &&
	       (libraries_is_name(file->path) || file->exec || str_find(base, STR(".")) < 0);
}

static void peek(void *ctx, int number, size_t i)
{
	struct peeking *peeking = ctx;
	struct packing *p = peeking->p;
	const struct file *file = &p->bundle.files.at[peeking->files[i]];
	struct bytes head = source_head(p->source, file->member, HEAD, &p->workers[number].content);

	peeking->found[i] = library_peek(peeking->files[i], head);
}

static void index_libraries(struct packing *p)
{
	struct peeking peeking = { .p = p, .files = arena_array(p->arena, uint32_t, p->bundle.files.len) };
	size_t count = 0;

	for (uint32_t id = 0; id < p->bundle.files.len; id++)
		if (may_be_binary(&p->bundle.files.at[id]))
			peeking.files[count++] = id;
	peeking.found = arena_array(p->arena, struct library, count);
	pool_run(p->jobs, count, peek, &peeking);
	libraries_begin(&p->libraries, &p->bundle, p->arena);
	for (size_t i = 0; i < count; i++)
		if (peeking.found[i].format != BINARY_OTHER ||
		    libraries_is_name(p->bundle.files.at[peeking.files[i]].path))
			libraries_add(&p->libraries, &peeking.found[i]);
}

static enum code code_of(enum unloadable why)
{
	switch (why) {
	case OTHER_MACHINE:
		return CODE_OTHER_MACHINE;
	case OTHER_SYSTEM:
		return CODE_FOREIGN_OS;
	case OTHER_LIBC:
		return CODE_OTHER_LIBC;
	case OTHER_PYTHON:
	case OTHER_BUILD:
		return CODE_OTHER_PYTHON;
	case LOADABLE:
		break;
	}
	return CODE_NONE;
}

/* Whether the name is that of an extension module which says for which Python it is. */
static bool is_tagged(struct str path)
{
	return python_tag_parse(path).kind != PYTHON_UNTAGGED;
}

/*
 * Own files stay, since they may be data; but what Python tells by its name, and passes over, is nobody's
 * data.
 */
static bool goes(const struct packing *p, const struct library *library, const struct loadable *verdict)
{
	const struct file *file = &p->bundle.files.at[library->file];

	return file->dist != NO_DIST || verdict->why == OTHER_PYTHON || verdict->why == OTHER_BUILD ||
	       is_tagged(file->path);
}

/* Forms an opinion, so that users and rules that keep are heard first. */
static void oppose(struct packing *p, const struct library *library, struct loadable verdict)
{
	const struct file *file = &p->bundle.files.at[library->file];
	struct opinion *opinion = &p->opinions[library->file];
	char size[TEXT_SIZE_MAX];

	text_size(size, file->size);
	if (!goes(p, library, &verdict)) {
		note_add(&p->bundle.notes, p->arena, CODE_FOREIGN_KEPT, file->path,
			 STR("use --drop if nothing needs it"), "is for %.*s (%s)", STR_ARG(verdict.what),
			 size);
		return;
	}
	if (opinion->stance > STANCE_RULE_DROP)
		return;
	*opinion = (struct opinion){ STANCE_RULE_DROP, code_of(verdict.why),
				     str_fmt(p->arena, "for %.*s", STR_ARG(verdict.what)) };
	note_add(&p->bundle.notes, p->arena, opinion->code, file->path, STR(""), "is for %.*s (%s)",
		 STR_ARG(verdict.what), size);
}

int packing_libraries(struct packing *p, struct err *err)
{
	if (platforms_load(&p->platforms, p->arena, err))
		return -1;
	index_libraries(p);
	if (p->target.arch == ARCH_ANY)
		p->target.arch = loadable_arch(&p->libraries);
	p->platform = platform_find(&p->platforms, p->target.minor, p->target.arch);
	for (size_t i = 0; i < p->libraries.list.len; i++) {
		struct library *library = &p->libraries.list.at[i];
		struct loadable verdict =
			loadable_judge(&p->libraries, library, p->target.arch, p->target.minor, p->arena);

		library->never = verdict.why != LOADABLE;
		if (library->never)
			oppose(p, library, verdict);
	}
	return 0;
}

/* --- once their headers were read ---------------------------------------------------------------------- */

/*
 * A shared object of a distribution that is no extension module is judged by who loads it. Where it lies says
 * nothing. Not one with a name of another kind ("x.node", "mca_btl_tcp"): who opens those is not looked for.
 */
static bool is_judged(const struct packing *p, const struct library *library)
{
	const struct file *file = &p->bundle.files.at[library->file];

	return file->dist != NO_DIST && library->elf.form == ELF_SHARED && !library->never &&
	       !library->python && libraries_is_name(file->path) && !is_tagged(file->path);
}

static struct loader *begin_loader(struct packing *p)
{
	struct loader_setup *setup = arena_new(p->arena, struct loader_setup);

	setup->libraries = &p->libraries;
	setup->platform = p->platform;
	setup->minor = p->target.minor;
	p->library_path.len = 0;
	for (struct str dir, rest = p->target.library_path; rest.len;) {
		(void)str_cut(rest, ':', &dir, &rest);
		*vec_push(p->arena, &p->library_path) = dir;
	}
	if (p->library_path.len) {
		setup->library_path = p->library_path.at;
		setup->library_path_count = p->library_path.len;
	}
	return loader_begin(setup, p->arena);
}

/* What the first bytes did not tell: musl, extension modules for other Pythons. */
static void judge_again(struct packing *p)
{
	size_t count = p->libraries.list.len;
	bool *before = arena_array(p->arena, bool, count);
	struct loadable *verdicts;

	for (size_t i = 0; i < count; i++)
		before[i] = p->libraries.list.at[i].never;
	verdicts = loadable_all(&p->libraries, p->target.arch, p->target.minor, p->arena);
	for (size_t i = 0; i < count; i++) {
		struct library *library = &p->libraries.list.at[i];

		if (before[i])
			library->never = true;
		else if (library->never)
			oppose(p, library, verdicts[i]);
		p->opposed[library->file] =
			p->opposed[library->file] || p->opinions[library->file].stance == STANCE_RULE_DROP;
	}
}

void packing_judge(struct packing *p)
{
	judge_again(p);
	p->loader = begin_loader(p);
	for (size_t i = 0; i < p->libraries.list.len; i++)
		p->judged[p->libraries.list.at[i].file] = is_judged(p, &p->libraries.list.at[i]);
	/* A link to one is no more than another name of it. */
	for (uint32_t id = 0; id < p->bundle.files.len; id++) {
		const struct file *file = &p->bundle.files.at[id];
		uint32_t to;

		if (file->kind != FILE_SYMLINK || file->dist == NO_DIST || !libraries_is_name(file->path))
			continue;
		to = loader_at(p->loader, loader_path_of(p->loader, id));
		p->judged[id] = to != NO_FILE && p->judged[to];
	}
}

/* --- edges --------------------------------------------------------------------------------------------- */

static void add_edge(struct packing *p, uint32_t from, uint32_t to, struct str name)
{
	bool added;

	if (from == to || p->opposed[to])
		return;
	(void)map_put(p->arena, &p->loads_seen, str_fmt(p->arena, "%u:%u", from, to), &added);
	if (!added)
		return;
	*vec_push(p->arena, &p->graph.edges) = (struct edge){
		.from = from, .to = to, .kind = EDGE_NEEDED, .phase = PHASE_INIT, .evidence = name
	};
}

static void see_load(void *ctx, const struct load *load)
{
	struct packing *p = ctx;
	uint32_t *others = NULL;
	size_t count = loader_others(p->loader, load, &others);

	if (load->file != NO_FILE)
		add_edge(p, load->from, load->file, load->name);
	for (size_t i = 0; i < count; i++)
		add_edge(p, load->from, others[i], load->name);
}

/* Without the loader's answers: whatever has the name. */
static void add_all_named(struct packing *p, const struct library *library)
{
	const struct elf_object *elf = &library->elf;

	for (size_t i = 0; i < elf->needed.len; i++) {
		struct str name = str_base(elf->needed.at[i]);
		uint32_t at = libraries_by_soname(&p->libraries, name);

		for (; at != NO_LIBRARY; at = p->libraries.list.at[at].same_soname)
			add_edge(p, library->file, p->libraries.list.at[at].file, elf->needed.at[i]);
		at = libraries_by_base(&p->libraries, name);
		for (; at != NO_LIBRARY; at = p->libraries.list.at[at].same_base)
			add_edge(p, library->file, p->libraries.list.at[at].file, elf->needed.at[i]);
	}
}

void packing_load(struct packing *p, uint32_t file)
{
	const struct library *library = libraries_of(&p->libraries, file);

	if (!library || library->never ||
	    (library->elf.form != ELF_SHARED && library->elf.form != ELF_PROGRAM))
		return;
	if (!loader_open(p->loader, file, see_load, p))
		add_all_named(p, library);
}

/* --- what will fail ------------------------------------------------------------------------------------ */

struct opening {
	struct packing *p;
	VEC(struct load) loads;
};

static void keep_load(void *ctx, const struct load *load)
{
	struct opening *opening = ctx;

	*vec_push(opening->p->arena, &opening->loads) = *load;
}

/* Whether something opens the file by itself: what others only need is loaded in their name. */
static bool *find_opened(const struct packing *p)
{
	bool *opened = arena_array(p->arena, bool, p->bundle.files.len);

	for (uint32_t id = 0; id < p->bundle.files.len; id++)
		opened[id] =
			p->plan.at[id].action == ACTION_KEEP && (p->plan.at[id].reason.parent == NO_FILE);
	for (size_t i = 0; i < p->graph.edges.len; i++) {
		const struct edge *edge = &p->graph.edges.at[i];

		if (p->plan.at[edge->from].action == ACTION_KEEP &&
		    p->plan.at[edge->to].action == ACTION_KEEP && edge->kind != EDGE_NEEDED)
			opened[edge->to] = true;
	}
	return opened;
}

int packing_note_loads(struct packing *p, struct err *err)
{
	struct opening opening = { .p = p };
	bool *opened = find_opened(p);

	/* A new one: what was opened for edges must not count against the bound. */
	p->loader = begin_loader(p);

	for (size_t i = 0; i < p->libraries.list.len; i++) {
		uint32_t file = p->libraries.list.at[i].file;

		if (opened[file] && !loader_open(p->loader, file, keep_load, &opening))
			break;
	}
	return packing_note_faults(p, opening.loads.at, opening.loads.len, err);
}
