#define _DEFAULT_SOURCE /* le64toh */
#include "scan/module_names.h"

#include <endian.h>
#include <string.h>

#include "base/arena.h"
#include "scan/python_lex.h"

static size_t pair_at(const char *at)
{
	return (size_t)(unsigned char)at[0] << 8 | (unsigned char)at[1];
}

static size_t tail_at(const char *end)
{
	return (pair_at(end - 2) * 40503U >> 4) & (NAME_TAILS - 1);
}

static struct str last_part(const struct module_names *names, uint32_t module)
{
	return str_after_dot(names->modules->list.at[module].name);
}

static uint32_t first_child(const struct modules *modules, uint32_t parent)
{
	return parent == NO_MODULE ? modules->top : modules->list.at[parent].first_child;
}

/* The module may begin a dotted name. */
static void add_head(struct module_names *names, struct str name)
{
	if (name.len == 1)
		names->single[(unsigned char)name.ptr[0]] = true;
	else if (name.len > 1 && name.len <= MODULE_NAME_MAX)
		names->tails[tail_at(name.ptr + name.len)] |= (uint64_t)1 << name.len;
}

/* The module counts where its last part stands without a dot. */
static void add_word(struct module_names *names, uint32_t module, struct str name)
{
	uint32_t *first;

	if (name.len < 2 || name.len > MODULE_NAME_MAX)
		return;
	first = map_put(names->scratch, &names->words, name, NULL);
	*vec_push(names->scratch, &names->wanted) = (struct wanted_name){ module, *first };
	*first = (uint32_t)names->wanted.len;
	names->pairs[pair_at(name.ptr) / 8] |= (uint8_t)(1U << pair_at(name.ptr) % 8);
}

static void add_children(struct module_names *names, uint32_t parent, bool heads)
{
	for (uint32_t child = first_child(names->modules, parent); child != NO_MODULE;
	     child = names->modules->list.at[child].next_sibling) {
		struct str name = last_part(names, child);

		add_word(names, child, name);
		if (heads)
			add_head(names, name);
	}
}

void module_names_init(struct module_names *names, const struct modules *modules, uint32_t file, bool outer,
		       struct arena *scratch, binary_sees *sees, void *ctx)
{
	uint32_t package = modules_package_of(modules, file);

	memset(names, 0, sizeof(*names));
	names->modules = modules;
	names->scratch = scratch;
	names->sees = sees;
	names->ctx = ctx;
	names->self = modules_of(modules, file);
	names->seen = arena_array(scratch, uint8_t, modules->list.len / 8 + 1);
	names->noted = arena_array(scratch, uint8_t, modules->list.len / 8 + 1);
	names->bases[names->base_count++] = NO_MODULE;
	add_children(names, NO_MODULE, true);
	for (; package != NO_MODULE && names->base_count < NAME_BASES;
	     package = modules->list.at[package].parent) {
		names->bases[names->base_count++] = package;
		add_children(names, package, true);
		if (!outer)
			break;
	}
}

/* Sets the module's bit; whether it was not set before. */
static bool first_time(uint8_t *bits, uint32_t module)
{
	uint8_t bit = (uint8_t)(1U << module % 8);
	bool first = !(bits[module / 8] & bit);

	bits[module / 8] |= bit;
	return first;
}

static void note_package(struct module_names *names, uint32_t module)
{
	if (names->modules->list.at[module].first_child != NO_MODULE && first_time(names->noted, module))
		*vec_push(names->scratch, &names->pending) = module;
}

static void report(struct module_names *names, uint32_t module, struct str evidence)
{
	if (module == names->self || !first_time(names->seen, module))
		return;
	note_package(names, module);
	names->sees(names->ctx, module, evidence);
}

bool module_names_want_children(struct module_names *names)
{
	size_t before = names->wanted.len;

	for (size_t i = 0; i < names->pending.len; i++) {
		bool is_base = false;

		for (size_t base = 1; base < names->base_count; base++)
			is_base |= names->bases[base] == names->pending.at[i];
		if (!is_base)
			add_children(names, names->pending.at[i], false);
	}
	names->pending.len = 0;
	return names->wanted.len > before;
}

/* The bytes of names at the start of the text, or at its end; one more than the longest name says that it
 * is no name. */
static size_t word_ahead(struct str text)
{
	size_t n = 0;

	while (n < text.len && n <= MODULE_NAME_MAX && python_is_word(text.ptr[n]))
		n++;
	return n;
}

static size_t word_behind(struct str text)
{
	size_t n = 0;

	while (n < text.len && n <= MODULE_NAME_MAX && python_is_word(text.ptr[text.len - 1 - n]))
		n++;
	return n;
}

/*
 * `head` ends at the dot `at`. The child whose name is the word behind the dot is reported, and the names go
 * on from it; else every child whose name the word begins with. Returns how far that was.
 */
static size_t follow(struct module_names *names, uint32_t head, struct str text, size_t start, size_t at,
		     enum names_form form)
{
	while (head != NO_MODULE && names->modules->list.at[head].first_child != NO_MODULE && at < text.len &&
	       text.ptr[at] == '.') {
		struct str behind = str_from(text, at + 1);
		size_t n = word_ahead(behind);
		uint32_t next = NO_MODULE;

		for (size_t len = n; len > 0; len--) {
			uint32_t child = modules_child(names->modules, head, str_head(behind, len));

			if (child == NO_MODULE)
				continue;
			report(names, child, (struct str){ text.ptr + start, at + 1 + len - start });
			if (len == n)
				next = child;
			if (len == n && len <= MODULE_NAME_MAX && form != NAMES_GLUED)
				break;
		}
		if (next == NO_MODULE) {
			if (form != NAMES_ANY)
				note_package(names, head);
			break;
		}
		head = next;
		at += 1 + n;
	}
	return at;
}

/* All modules that end at the dot, the longest first, and what follows each. */
static size_t see_dot(struct module_names *names, struct str text, size_t dot, enum names_form form)
{
	struct str before = str_head(text, dot);
	size_t word = word_behind(before);
	uint64_t lengths = word > 1 ? names->tails[tail_at(before.ptr + dot)] : 0;
	size_t reached = dot;

	if (word == 1 && names->single[(unsigned char)text.ptr[dot - 1]])
		lengths = 2;
	lengths &= ((uint64_t)2 << word) - 1;
	while (lengths) {
		size_t len = 63 - (size_t)__builtin_clzll(lengths);
		struct str name = str_from(before, dot - len);
		bool any = false;

		lengths &= ~((uint64_t)1 << len);
		for (size_t base = 0; base < names->base_count; base++) {
			uint32_t head = modules_child(names->modules, names->bases[base], name);
			size_t end;

			if (head == NO_MODULE)
				continue;
			any = true;
			end = follow(names, head, text, dot - len, dot, form);
			reached = end > reached ? end : reached;
		}
		if (any && len == word && form != NAMES_GLUED)
			break;
	}
	return reached;
}

void module_names_dotted(struct module_names *names, struct str text, enum names_form form)
{
	size_t at = 0;

	while (at < text.len) {
		const char *dot = memchr(text.ptr + at, '.', text.len - at);
		size_t place;

		if (!dot)
			break;
		place = (size_t)(dot - text.ptr);
		at = place + 1;
		if (place == 0 || !python_is_word(dot[-1]) ||
		    !(form != NAMES_ANY || (at < text.len && python_is_word(dot[1]))))
			continue;
		place = see_dot(names, text, place, form);
		at = place > at ? place : at;
	}
}

static void see_word(struct module_names *names, struct str word)
{
	const uint32_t *first = map_get(&names->words, word);

	for (uint32_t i = first ? *first : 0; i; i = names->wanted.at[i - 1].next)
		report(names, names->wanted.at[i - 1].module, word);
	if (first && *first)
		*map_put(names->scratch, &names->words, word, NULL) = 0;
}

/* A name may begin here. */
static void see_start(struct module_names *names, struct str text, size_t at)
{
	size_t room = text.len - at;
	const char *end;
	size_t pair;

	if (room < 2)
		return;
	pair = pair_at(text.ptr + at);
	if (!(names->pairs[pair / 8] & 1U << pair % 8))
		return;
	room = room > MODULE_NAME_MAX + 1 ? MODULE_NAME_MAX + 1 : room;
	end = memchr(text.ptr + at, 0, room);
	if (!end && room > MODULE_NAME_MAX)
		return;
	see_word(names, (struct str){ text.ptr + at, end ? (size_t)(end - (text.ptr + at)) : text.len - at });
}

/* 0x80 in every byte that is not zero. */
static uint64_t not_zero(uint64_t word)
{
	const uint64_t low = UINT64_C(0x7f7f7f7f7f7f7f7f);

	return (((word & low) + low) | word) & ~low;
}

void module_names_delimited(struct module_names *names, struct str text)
{
	size_t at = 0;

	if (text.len)
		see_start(names, text, 0);
	for (; text.len >= 9 && at <= text.len - 9; at += 8) {
		uint64_t here;
		uint64_t next;
		uint64_t starts; /* a zero byte, and another one behind it that is not */

		memcpy(&here, text.ptr + at, 8);
		memcpy(&next, text.ptr + at + 1, 8);
		starts = not_zero(le64toh(next)) & ~not_zero(le64toh(here));
		for (; starts; starts &= starts - 1)
			see_start(names, text, at + (size_t)__builtin_ctzll(starts) / 8 + 1);
	}
	for (; at + 1 < text.len; at++)
		if (text.ptr[at] == 0 && text.ptr[at + 1] != 0)
			see_start(names, text, at + 1);
}

void module_names_counted(struct module_names *names, struct str text)
{
	for (size_t at = 0; at + 2 < text.len; at++) {
		size_t len = (unsigned char)text.ptr[at];
		size_t pair = pair_at(text.ptr + at + 1);

		if (len >= 2 && len <= MODULE_NAME_MAX && len < text.len - at &&
		    names->pairs[pair / 8] & 1U << pair % 8)
			see_word(names, (struct str){ text.ptr + at + 1, len });
	}
}

void module_names_anywhere(struct module_names *names, struct str text, size_t least)
{
	/* By the first two bytes, the lengths of names: a lookup for each that there is. */
	uint64_t *lengths = arena_array(names->scratch, uint64_t, NAME_PAIRS);

	for (size_t i = 0; i < names->wanted.len; i++) {
		struct str name = last_part(names, names->wanted.at[i].module);

		if (name.len >= least)
			lengths[pair_at(name.ptr)] |= (uint64_t)1 << name.len;
	}
	for (size_t at = 0; at + 1 < text.len; at++) {
		uint64_t left = lengths[pair_at(text.ptr + at)];

		for (; left; left &= left - 1) {
			size_t len = (size_t)__builtin_ctzll(left);

			if (len <= text.len - at)
				see_word(names, (struct str){ text.ptr + at, len });
		}
	}
}
