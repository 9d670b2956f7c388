#include "scan/soft_edges.h"

#include <string.h>

#include "scan/elf_data.h"
#include "scan/soft_find.h"

enum {
	CONFIG_MAX = 256 << 10, /* larger files are data, no configuration */
	AHEAD_MAX = SOFT_NAME_MAX,
	BEHIND_MAX = 32,
	WORD_MAX = 64,
};

/* --- names ----------------------------------------------------------------------------------- */

static bool is_part(uint8_t c)
{
	if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
		return true;
	return c && strchr("_.+-@~/%*?{}$[]", c);
}

static bool is_version(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c && strchr(".%*{}[]-", c));
}

/* The name around the ".so" at `at`, which begins no further back than `from`. */
static struct str name_around(struct str text, size_t from, size_t at)
{
	size_t start = at;
	size_t end = at + 3;

	while (start > from && at - start < AHEAD_MAX && is_part((uint8_t)text.ptr[start - 1]))
		start--;
	if (end + 1 < text.len && text.ptr[end] == '.' && is_version((uint8_t)text.ptr[end + 1]))
		while (end < text.len && end - at < BEHIND_MAX && is_version((uint8_t)text.ptr[end]))
			end++;
	return (struct str){ text.ptr + start, end - start };
}

static void see_name(struct soft_scan *scan, struct str name, bool glued)
{
	char room[SOFT_TEXT_MAX];
	struct sight sight = { .kind = EDGE_DLOPEN, .phase = PHASE_CALL, .evidence = name };
	struct str text;
	struct str path;

	if (!soft_normal(name, room, &text))
		return;
	while (soft_next(&text, &path)) {
		struct str base = str_base(path);

		scan->generic = scan->generic || (soft_is_glob(base) && soft_weight(base) < SOFT_WEIGHT_MIN);
		soft_find_path(scan, path, glued, &sight);
	}
}

/* Where ".so" stands next, or the end. By its rarest byte: in binaries this is faster than memmem(). */
static size_t find_so(struct str text, size_t at)
{
	while (at + 3 <= text.len) {
		const char *dot = memchr(text.ptr + at, '.', text.len - at - 2);

		if (!dot)
			break;
		if (dot[1] == 's' && dot[2] == 'o')
			return (size_t)(dot - text.ptr);
		at = (size_t)(dot - text.ptr) + 1;
	}
	return text.len;
}

/* Whether the name is all of a string that ends in NUL. */
static bool stands_alone(struct str text, size_t at, struct str name)
{
	return name.len == 3 && at > 0 && text.ptr[at - 1] == '\0' && at + 3 < text.len &&
	       text.ptr[at + 3] == '\0';
}

static void see_part(struct soft_scan *scan, struct str text)
{
	size_t from = 0;
	size_t at = 0;

	while ((at = find_so(text, at)) < text.len) {
		struct str name = name_around(text, from, at);

		from = (size_t)(name.ptr - text.ptr) + name.len;
		scan->composes = scan->composes || stands_alone(text, at, name);
		at = from;
		if (name.len > 3)
			see_name(scan, name, true);
	}
}

/* --- ELF ------------------------------------------------------------------------------------- */

/* Each string that ends in NUL, of a name's length. */
static void see_words(struct soft_scan *scan, struct str text)
{
	while (text.len) {
		struct str word;

		if (text.ptr[0] == '\0') {
			text = str_from(text, 1);
			continue;
		}
		(void)str_cut(text, '\0', &word, &text);
		if (word.len <= WORD_MAX && soft_may_be_bare(scan->index, word)) {
			struct sight sight = { .kind = EDGE_DLOPEN, .phase = PHASE_CALL, .evidence = word };

			soft_find_bare(scan, word, false, false, &sight);
		}
	}
}

/* What is needed and defined has its own readers: the names of the dynamic section are left out. */
static struct elf_data data_of(struct bytes content)
{
	struct elf_data data = elf_data_begin(content);

	data.no_names = true;
	return data;
}

/* "lib" + name + ".so", as plugins are opened: whose names it does not tell, it looks for beside itself. */
static void see_composed(struct soft_scan *scan)
{
	struct sight sight = {
		.kind = EDGE_DLOPEN,
		.phase = PHASE_CALL,
		.broad = true,
		.evidence = STR(".so"),
	};
	bool own = scan->own; /* nothing was named */

	soft_find_beside(scan, &sight);
	scan->own = own;
}

static void see_elf(struct soft_scan *scan, struct bytes content)
{
	struct elf_data data = data_of(content);
	struct str part;

	while (elf_data_next(&data, &part))
		see_part(scan, part);
	if (scan->composes)
		see_composed(scan);
	if (!scan->generic)
		return;
	for (data = data_of(content); elf_data_next(&data, &part);)
		see_words(scan, part);
}

/* --- openings -------------------------------------------------------------------------------- */

static bool has(struct str text, struct str word)
{
	return str_find(text, word) >= 0;
}

/* Compiled Python, by Cython or to bytecode, that opens what no name tells. */
static bool opens_somehow(struct str text, bool bytecode)
{
	if (has(text, STR("ctypes")) && (has(text, STR("CDLL")) || has(text, STR("LoadLibrary"))))
		return true;
	if (has(text, STR("cffi")) && has(text, STR("dlopen")))
		return true;
	return bytecode && (has(text, STR("load_library")) || has(text, STR("load_extension")) ||
			    has(text, STR("dlopen")));
}

static bool elf_opens(struct bytes content)
{
	struct elf_data data = data_of(content);
	struct str part;

	while (elf_data_next(&data, &part))
		if (opens_somehow(part, false))
			return true;
	return false;
}

void soft_bytes(struct soft_scan *scan, struct bytes content)
{
	const struct library *library = libraries_of(scan->index->libraries, scan->edges.file);
	bool bytecode = str_ends(scan->file->path, STR(".pyc"));
	bool elf = binary_format_of(content) == BINARY_ELF;

	if (scan->index->files.len == 0)
		return;
	if (elf)
		see_elf(scan, content);
	else
		see_part(scan, str_of_bytes(content));
	if (!bytecode && !(library && library->python))
		return;
	if (scan->own && !bytecode)
		return;
	scan->opens = elf ? elf_opens(content) : opens_somehow(str_of_bytes(content), true);
	/* Bytecode also has names without ".so", which are not looked for. */
	scan->computed = scan->opens;
	scan->own = false;
	scan->evidence = STR("opens shared objects by names that are computed");
	soft_end(scan);
}

/* --- which files ------------------------------------------------------------------------------ */

/* Metadata lists what its distribution has, used or not. */
static bool is_metadata(struct str path)
{
	for (struct str part, rest = path; rest.len;) {
		bool dir = str_cut(rest, '/', &part, &rest);

		if (dir && (str_ends(part, STR(".dist-info")) || str_ends(part, STR(".egg-info"))))
			return true;
	}
	return false;
}

static bool has_suffix(struct str base)
{
	static const struct str suffixes[] = {
		STR_INIT(".json"), STR_INIT(".yaml"),	STR_INIT(".yml"),    STR_INIT(".toml"),
		STR_INIT(".ini"),  STR_INIT(".cfg"),	STR_INIT(".conf"),   STR_INIT(".env"),
		STR_INIT(".txt"),  STR_INIT(".xml"),	STR_INIT(".cnf"),    STR_INIT(".properties"),
		STR_INIT(".list"), STR_INIT(".cache"),	STR_INIT(".icd"),    STR_INIT(".la"),
		STR_INIT(".sh"),   STR_INIT(".pth"),	STR_INIT(".config"), STR_INIT(".service"),
		STR_INIT(".sh"),   STR_INIT(".js"),	STR_INIT(".rb"),     STR_INIT(".pl"),
		STR_INIT(".jl"),   STR_INIT(".plugin"), STR_INIT(".qt"),     STR_INIT(".imageio"),
	};

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		if (str_ends(base, suffixes[i]))
			return true;
	return false;
}

bool soft_wants(const struct soft_index *index, uint32_t file)
{
	const struct file *f = &index->bundle->files.at[file];
	const struct library *library = libraries_of(index->libraries, file);
	struct str base = str_base(f->path);

	if (f->kind != FILE_REGULAR || f->size == 0 || index->files.len == 0)
		return false;
	if (library)
		return library->format == BINARY_ELF && !library->never;
	if (str_ends(base, STR(".py")) || str_ends(base, STR(".pyc")))
		return true;
	if (f->size > CONFIG_MAX || is_metadata(f->path))
		return false;
	return f->exec || has_suffix(base) || !memchr(base.ptr, '.', base.len);
}
