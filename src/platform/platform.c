#include "platform/platform.h"

#include <elf.h>

#include "base/arena.h"
#include "platform/minors.h"

enum { NEWER = 2, DEFINED = 1 };

/* One text while it is read. */
struct reading {
	struct platform platform;
	struct platform_library *library; /* the line above named it; or NULL */
	struct arena *arena;
	struct str file;
	size_t line;
	struct err *err;
};

/* Reads what stands behind a word of the form. */
typedef int reader(struct reading *reading, struct str value);

static int fault(const struct reading *reading, const char *what)
{
	return err_set(reading->err, "%.*s:%zu: %s", STR_ARG(reading->file), reading->line, what);
}

static bool one_word(struct str value)
{
	return value.len && str_find(value, STR(" ")) < 0;
}

/* Takes the next word off the value; false at its end. */
static bool take(struct str *value, struct str *word)
{
	if (value->len == 0)
		return false;
	(void)str_cut(*value, ' ', word, value);
	return true;
}

static int read_title(struct reading *reading, struct str value)
{
	reading->platform.title = value;
	return 0;
}

static int read_machine(struct reading *reading, struct str value)
{
	static const struct {
		struct str name;
		enum arch arch;
		uint16_t machine;
	} machines[] = {
		{ STR_INIT("x86_64"), ARCH_X86_64, EM_X86_64 },
		{ STR_INIT("aarch64"), ARCH_ARM64, EM_AARCH64 },
	};

	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (str_eq(value, machines[i].name)) {
			reading->platform.arch = machines[i].arch;
			reading->platform.machine = machines[i].machine;
			return 0;
		}
	return fault(reading, "not machine x86_64 or aarch64");
}

static int read_python(struct reading *reading, struct str value)
{
	if (!minors_parse(value, &reading->platform.minors))
		return fault(reading, "not python MINORS (\"8-11\", \"11-\", \"9\")");
	return 0;
}

static int read_glibc(struct reading *reading, struct str value)
{
	struct str digits = str_from(value, 2);
	unsigned minor = 0;

	if (!str_starts(value, STR("2.")) || digits.len == 0 || digits.len > 3)
		return fault(reading, "not glibc 2.N");
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			return fault(reading, "not glibc 2.N");
		minor = minor * 10 + (unsigned)(digits.ptr[i] - '0');
	}
	reading->platform.glibc = minor;
	return 0;
}

static int read_name(const struct reading *reading, struct str value, struct str *name)
{
	if (!one_word(value) || str_find(value, STR("/")) >= 0)
		return fault(reading, "not one name");
	*name = value;
	return 0;
}

static int read_loader(struct reading *reading, struct str value)
{
	return read_name(reading, value, &reading->platform.loader);
}

static int read_lib(struct reading *reading, struct str value)
{
	return read_name(reading, value, &reading->platform.lib);
}

static int read_hardware(struct reading *reading, struct str value)
{
	return read_name(reading, value, &reading->platform.hardware);
}

static int take_dir(const struct reading *reading, struct str *value, bool absolute, struct str *dir)
{
	(void)take(value, dir);
	if (str_starts(*dir, STR("/")) != absolute || str_ends(*dir, STR("/")))
		return fault(reading,
			     absolute ? "not a directory's whole path" : "not a path below a directory");
	return 0;
}

static int read_library_path(struct reading *reading, struct str value)
{
	while (value.len) {
		struct str dir;

		if (take_dir(reading, &value, true, &dir) != 0)
			return -1;
		*vec_push(reading->arena, &reading->platform.library_path) = dir;
	}
	return 0;
}

static int read_default_dirs(struct reading *reading, struct str value)
{
	while (value.len) {
		struct str dir;

		if (take_dir(reading, &value, true, &dir) != 0)
			return -1;
		*vec_push(reading->arena, &reading->platform.default_dirs) = dir;
	}
	return 0;
}

static int read_hwcaps(struct reading *reading, struct str value)
{
	while (value.len) {
		struct str dir;

		if (take_dir(reading, &value, false, &dir) != 0)
			return -1;
		*vec_push(reading->arena, &reading->platform.hwcaps) = dir;
	}
	return 0;
}

static int add_library(struct reading *reading, struct str soname, bool sure, unsigned minor)
{
	struct platform *platform = &reading->platform;
	struct str checked;
	uint32_t *index;
	bool added;

	if (read_name(reading, soname, &checked) != 0)
		return -1;
	index = map_put(reading->arena, &platform->by_soname, soname, &added);
	if (!added)
		return fault(reading, "the library is there twice");
	*index = (uint32_t)platform->libraries.len;
	reading->library = vec_push(reading->arena, &platform->libraries);
	reading->library->soname = soname;
	reading->library->sure = sure;
	reading->library->minor = minor;
	return 0;
}

static int read_sure(struct reading *reading, struct str value)
{
	return add_library(reading, value, true, 0);
}

static int read_image(struct reading *reading, struct str value)
{
	return add_library(reading, value, false, 0);
}

/* One library for each Python of the platform, which the line above must have named. */
static int read_interpreter(struct reading *reading, struct str value)
{
	struct str before;
	struct str behind;

	if (!str_cut(value, '%', &before, &behind))
		return fault(reading, "no % where the interpreter's library has the minor version");
	if (reading->platform.minors == 0)
		return fault(reading, "the interpreter's library goes behind python MINORS");
	for (unsigned minor = 1; minor <= MINOR_LAST; minor++) {
		if (minors_have(reading->platform.minors, minor) &&
		    add_library(
			    reading,
			    str_fmt(reading->arena, "%.*s%u%.*s", STR_ARG(before), minor, STR_ARG(behind)),
			    false, minor) != 0)
			return -1;
	}
	reading->library = NULL;
	return 0;
}

static int add_versions(struct reading *reading, struct str value, uint32_t kind)
{
	struct platform_library *library = reading->library;
	struct str version;

	if (!library)
		return fault(reading, "versions of no library: it goes right above them");
	if (kind == NEWER && library->defines.len == 0)
		return fault(reading, "newer versions go behind those that the library defines");
	while (take(&value, &version)) {
		bool added;
		uint32_t *place = map_put(reading->arena, &library->versions, version, &added);

		if (!added)
			return fault(reading, "the version is there twice");
		*place = kind;
		if (kind == DEFINED)
			*vec_push(reading->arena, &library->defines) = version;
	}
	return 0;
}

static int read_defines(struct reading *reading, struct str value)
{
	return add_versions(reading, value, DEFINED);
}

static int read_newer(struct reading *reading, struct str value)
{
	return add_versions(reading, value, NEWER);
}

static const struct word {
	struct str name;
	reader *read;
	enum {
		ONCE,
		LIST,
		OFTEN,
		BELOW
	} times; /* ONCE and LIST must be there; BELOW tells of the library above */
} words[] = {
	{ STR_INIT("title"), read_title, ONCE },
	{ STR_INIT("machine"), read_machine, ONCE },
	{ STR_INIT("python"), read_python, ONCE },
	{ STR_INIT("glibc"), read_glibc, ONCE },
	{ STR_INIT("loader"), read_loader, ONCE },
	{ STR_INIT("$LIB"), read_lib, ONCE },
	{ STR_INIT("$PLATFORM"), read_hardware, ONCE },
	{ STR_INIT("library-path"), read_library_path, LIST },
	{ STR_INIT("default-dirs"), read_default_dirs, LIST },
	{ STR_INIT("hwcaps"), read_hwcaps, LIST },
	{ STR_INIT("sure"), read_sure, OFTEN },
	{ STR_INIT("image"), read_image, OFTEN },
	{ STR_INIT("interpreter"), read_interpreter, OFTEN },
	{ STR_INIT("defines"), read_defines, BELOW },
	{ STR_INIT("newer"), read_newer, BELOW },
};
enum { WORDS = sizeof(words) / sizeof(words[0]) };

/* Words of printable ASCII with one space between them: what is read ends up in messages. */
static bool well_formed(struct str line)
{
	for (size_t i = 0; i < line.len; i++) {
		char before = i ? line.ptr[i - 1] : ' ';

		if (line.ptr[i] < ' ' || line.ptr[i] > '~' || (line.ptr[i] == ' ' && before == ' '))
			return false;
	}
	return line.ptr[line.len - 1] != ' ';
}

static int read_line(struct reading *reading, struct str line, bool seen[WORDS])
{
	struct str name;
	struct str value;

	if (!well_formed(line) || !str_cut(line, ' ', &name, &value))
		return fault(reading, "not WORD VALUE... with one space between them");
	for (size_t i = 0; i < WORDS; i++) {
		if (!str_eq(name, words[i].name))
			continue;
		if (seen[i] && words[i].times == ONCE)
			return fault(reading, "said twice");
		seen[i] = true;
		if (words[i].times != BELOW)
			reading->library = NULL;
		return words[i].read(reading, value);
	}
	return fault(reading, "no such word; the form stands in rules/runtimes/al2023-x86_64.txt");
}

/* What was read, against what must be there and against the other platforms. */
static int check(const struct reading *reading, const struct platforms *platforms, const bool seen[WORDS])
{
	for (size_t i = 0; i < WORDS; i++)
		if (!seen[i] && (words[i].times == ONCE || words[i].times == LIST))
			return err_set(reading->err, "%.*s:%zu: the file ends without %.*s",
				       STR_ARG(reading->file), reading->line, STR_ARG(words[i].name));
	for (size_t i = 0; i < platforms->list.len; i++) {
		const struct platform *other = &platforms->list.at[i];

		if (other->arch == reading->platform.arch && other->minors & reading->platform.minors)
			return err_set(reading->err, "%.*s:%zu: %.*s has some of these Pythons",
				       STR_ARG(reading->file), reading->line, STR_ARG(other->name));
	}
	return 0;
}

int platform_parse(struct platforms *platforms, struct arena *arena, struct str file, struct str text,
		   struct err *err)
{
	struct reading reading = { .arena = arena, .file = file, .err = err };
	bool seen[WORDS] = { false };

	while (text.len) {
		struct str line;

		reading.line++;
		(void)str_cut(text, '\n', &line, &text);
		if (line.len == 0 || line.ptr[0] == '#')
			continue;
		if (read_line(&reading, line, seen) != 0)
			return -1;
	}
	if (check(&reading, platforms, seen) != 0)
		return -1;
	reading.platform.name = str_base(file);
	if (str_ends(reading.platform.name, STR(".txt")))
		reading.platform.name = str_head(reading.platform.name, reading.platform.name.len - 4);
	*vec_push(arena, &platforms->list) = reading.platform;
	return 0;
}

int platforms_load(struct platforms *platforms, struct arena *arena, struct err *err)
{
	for (size_t i = 0; i < platform_file_count; i++)
		if (platform_parse(platforms, arena, str_of(platform_files[i].name),
				   (struct str){ platform_files[i].text, platform_files[i].len }, err) != 0)
			return -1;
	return 0;
}

const struct platform *platform_find(const struct platforms *platforms, unsigned minor, enum arch arch)
{
	for (size_t i = 0; minor && i < platforms->list.len; i++)
		if (platforms->list.at[i].arch == arch && minors_have(platforms->list.at[i].minors, minor))
			return &platforms->list.at[i];
	return NULL;
}

const struct platform_library *platform_library(const struct platform *platform, unsigned minor,
						struct str soname)
{
	const uint32_t *index = map_get(&platform->by_soname, soname);
	const struct platform_library *library = index ? &platform->libraries.at[*index] : NULL;

	return library && (library->minor == 0 || minor == 0 || library->minor == minor) ? library : NULL;
}

enum platform_version platform_version(const struct platform_library *library, struct str version)
{
	const uint32_t *kind = map_get(&library->versions, version);

	if (library->versions.len == 0)
		return VERSION_UNKNOWN;
	if (!kind)
		return VERSION_LACKING;
	return *kind == NEWER ? VERSION_FLOATING : VERSION_THERE;
}

/* Numbers with dots between them, and nothing else. */
static bool is_numbers(struct str s)
{
	bool digit = false;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '.' ? !digit : s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
		digit = s.ptr[i] != '.';
	}
	return digit;
}

static struct str take_number(struct str *numbers)
{
	struct str number;

	(void)str_cut(*numbers, '.', &number, numbers);
	while (number.len > 1 && number.ptr[0] == '0')
		number = str_from(number, 1);
	return number;
}

/* "2.9" is older than "2.10", and "2" than "2.0". */
static bool is_older(struct str left, struct str right)
{
	while (left.len && right.len) {
		struct str number = take_number(&left);
		struct str other = take_number(&right);

		if (number.len != other.len)
			return number.len < other.len;
		if (!str_eq(number, other))
			return str_cmp(number, other) < 0;
	}
	return right.len != 0;
}

struct str platform_newest(const struct platform_library *library, struct str prefix)
{
	struct str newest = { "", 0 };

	for (size_t i = 0; i < library->defines.len; i++) {
		struct str version = library->defines.at[i];
		struct str numbers = str_from(version, prefix.len);

		if (!str_starts(version, prefix) || !is_numbers(numbers))
			continue;
		if (newest.len == 0 || is_older(str_from(newest, prefix.len), numbers))
			newest = version;
	}
	return newest;
}
