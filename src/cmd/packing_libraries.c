/*
 * Shared objects: what can never load on the target, which ones are judged by who loads them, and the edges
 * that the loader's rules give. Read with packing_read.c, which reads the contents.
 */
#include "base/buf.h"
#include "base/pool.h"
#include "base/text.h"
#include "cmd/packing.h"
#include "scan/lambda_paths.h"
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

	if (opinion->stance == STANCE_USER_DROP)
		return;
	text_size(size, file->size);
	if (!goes(p, library, &verdict)) {
		note_add(&p->bundle.notes, p->arena, CODE_FOREIGN_KEPT, file->path,
			 str_fmt(p->arena, "if nothing needs it: --drop '/%s'",
				 text_escape(p->arena, file->path).ptr),
			 "is for %.*s (%s)", STR_ARG(verdict.what), size);
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
		/* Until its symbols are read, the name tells. */
		library->python = is_tagged(p->bundle.files.at[library->file].path);
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

/* --- a target that nobody knows ------------------------------------------------------------------------ */

/* "3.11", "3.11 and 3.12", "3.11, 3.12 and 3.13" of a bit per minor version. */
static struct str minors_text(struct packing *p, uint64_t minors)
{
	struct buf out = { .arena = p->arena };

	for (unsigned minor = 0; minors; minor++, minors >>= 1) {
		if (!(minors & 1))
			continue;
		buf_printf(&out, "%s3.%u", !out.len ? "" : minors == 1 ? " and " : ", ", minor);
	}
	return buf_str(&out);
}

/* What stays though it is not for one target: which of it goes, nobody but the user can say. */
static void note_target(struct packing *p)
{
	uint64_t bytes[ARCH_ARM64 + 1] = { 0 };
	uint64_t minors = 0;
	char x86_64[TEXT_SIZE_MAX];
	char arm64[TEXT_SIZE_MAX];

	for (size_t i = 0; i < p->libraries.list.len; i++) {
		const struct library *library = &p->libraries.list.at[i];
		const struct file *file = &p->bundle.files.at[library->file];
		struct python_tag tag = python_tag_parse(file->path);

		if (library->never || file->dist == NO_DIST)
			continue;
		bytes[loadable_arch_of(&library->elf)] += file->size;
		if (library->python && tag.kind == PYTHON_CPYTHON && tag.minor < 64)
			minors |= (uint64_t)1 << tag.minor;
	}
	text_size(x86_64, bytes[ARCH_X86_64]);
	text_size(arm64, bytes[ARCH_ARM64]);
	if (p->target.arch == ARCH_ANY && bytes[ARCH_X86_64] && bytes[ARCH_ARM64])
		note_add(&p->bundle.notes, p->arena, CODE_TARGET_UNKNOWN, p->source->name,
			 STR("give --arch x86_64 or --arch arm64"),
			 "holds shared objects for x86-64 (%s) and arm64 (%s); which of them the function "
			 "runs "
			 "on is not known, so all stay",
			 x86_64, arm64);
	if (p->target.minor == 0 && (minors & (minors - 1)))
		note_add(
			&p->bundle.notes, p->arena, CODE_TARGET_UNKNOWN, p->source->name,
			STR("give --runtime, as in --runtime python3.13"),
			"holds extension modules for CPython %.*s; which of them the function runs on is not "
			"known, so all stay",
			STR_ARG(minors_text(p, minors)));
}

/* A link to one is no more than another name of it: it goes and stays with it. */
static void judge_links(struct packing *p)
{
	struct lambda_paths paths = { 0 };

	lambda_paths_begin(&paths, &p->bundle, p->arena);
	for (uint32_t id = 0; id < p->bundle.files.len; id++) {
		const struct file *file = &p->bundle.files.at[id];
		struct spot spot;

		if (file->kind != FILE_SYMLINK || file->dist == NO_DIST || !libraries_is_name(file->path))
			continue;
		lambda_path_walk(&paths, lambda_path_of(&paths, id), true, &spot);
		if (spot.kind != SPOT_FILE || spot.file == NO_FILE || !p->judged[spot.file])
			continue;
		p->judged[id] = true;
		if (p->opposed[id])
			continue;
		*vec_push(p->arena, &p->graph.edges) = (struct edge){ .from = spot.file,
								      .to = id,
								      .kind = EDGE_DATA,
								      .phase = PHASE_INIT,
								      .evidence = STR("a name of it") };
	}
}

void packing_judge(struct packing *p)
{
	judge_again(p);
	note_target(p);
	p->loader = begin_loader(p);
	for (size_t i = 0; i < p->libraries.list.len; i++)
		p->judged[p->libraries.list.at[i].file] = is_judged(p, &p->libraries.list.at[i]);
	judge_links(p);
}

/* --- edges --------------------------------------------------------------------------------------------- */

/* Also to what a rule would drop: that it is needed is no guess. */
static void add_edge(struct packing *p, uint32_t from, uint32_t to, struct str name)
{
	const struct library *library = libraries_of(&p->libraries, to);
	bool added;

	if (from == to || (library && library->never))
		return;
	(void)map_put(p->arena, &p->loads_seen, str_fmt(p->arena, "%u:%u", from, to), &added);
	if (!added)
		return;
	*vec_push(p->arena, &p->graph.edges) = (struct edge){
		.from = from, .to = to, .kind = EDGE_NEEDED, .phase = PHASE_INIT, .evidence = name
	};
}

/* Once is enough: who needs the same name in the same way brings the same files along. */
static size_t find_others(struct packing *p, const struct load *load, uint32_t **others)
{
	bool added;

	(void)map_put(p->arena, &p->others_seen,
		      str_fmt(p->arena, "%d:%.*s:%.*s", load->file == NO_FILE, STR_ARG(load->dir),
			      STR_ARG(load->name)),
		      &added);
	return added ? loader_others(p->loader, load, others) : 0;
}

static void see_load(void *ctx, const struct load *load)
{
	struct packing *p = ctx;
	uint32_t *others = NULL;
	size_t count;

	/* Without it on Lambda, nothing is loaded for its sake. */
	if (p->opinions[load->from].stance == STANCE_USER_DROP)
		return;
	count = find_others(p, load, &others);
	if (load->file != NO_FILE)
		add_edge(p, load->from, load->file, load->name);
	/* The name is found through them. */
	for (uint32_t i = 0; i < load->link_count; i++)
		add_edge(p, load->from, load->links[i], load->name);
	for (size_t i = 0; i < count; i++)
		add_edge(p, load->from, others[i], load->name);
}

/* Without the loader's answers: whatever has the name, once. */
static void add_named(struct packing *p, uint32_t from, struct str name)
{
	struct str base = str_base(name);
	bool added;

	(void)map_put(p->arena, &p->others_seen, base, &added);
	if (!added)
		return;
	for (uint32_t at = libraries_by_soname(&p->libraries, base); at != NO_LIBRARY;
	     at = p->libraries.list.at[at].same_soname)
		add_edge(p, from, p->libraries.list.at[at].file, name);
	for (uint32_t at = libraries_by_base(&p->libraries, base); at != NO_LIBRARY;
	     at = p->libraries.list.at[at].same_base)
		add_edge(p, from, p->libraries.list.at[at].file, name);
}

void packing_load(struct packing *p, uint32_t file)
{
	const struct library *library = libraries_of(&p->libraries, file);

	if (!library || library->never ||
	    (library->elf.form != ELF_SHARED && library->elf.form != ELF_PROGRAM))
		return;
	if (loader_open(p->loader, file, see_load, p))
		return;
	for (size_t i = 0; i < library->elf.needed.len; i++)
		add_named(p, file, library->elf.needed.at[i]);
	for (size_t i = 0; i < library->elf.filters.len; i++)
		add_named(p, file, library->elf.filters.at[i]);
	for (size_t i = 0; i < library->elf.auxiliary.len; i++)
		add_named(p, file, library->elf.auxiliary.at[i]);
}

/* --- what will fail ------------------------------------------------------------------------------------ */

/* More than any package has; what is beyond is made to be slow. */
enum { LOADS_MAX = 1 << 20 };

struct opening {
	struct packing *p;
	VEC(struct load) loads;
};

static void keep_load(void *ctx, const struct load *load)
{
	struct opening *opening = ctx;

	if (opening->loads.len < LOADS_MAX)
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
	bool whole = true;

	/* A new one: what was opened for edges must not count against the bound. */
	p->loader = begin_loader(p);
	for (size_t i = 0; i < p->libraries.list.len && whole; i++)
		whole = !opened[p->libraries.list.at[i].file] ||
			loader_open(p->loader, p->libraries.list.at[i].file, keep_load, &opening);
	if (!whole || opening.loads.len == LOADS_MAX)
		note_add(&p->bundle.notes, p->arena, CODE_LOADS_UNTOLD, p->source->name, STR(""),
			 "its shared objects need one another in more ways than are looked into");
	return packing_note_faults(p, opening.loads.at, opening.loads.len, err);
}
