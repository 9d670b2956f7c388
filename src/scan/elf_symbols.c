/*
 * The dynamic symbol table: who defines and who wants. Lengths come from hash tables, as loaders have no
 * other.
 */
#include "scan/elf_dynamic.h"
#include "scan/elf_object.h"

enum { STEPS_MAX = 1 << 13 }; /* records of versions: more than elf_object_read() takes */

struct symbols {
	struct elf_dynamic dynamic;
	uint64_t at;  /* of the table in the file */
	size_t count; /* as many as there may be: all lie in the file */
	size_t first; /* none before it is defined */
};

/* A hash table of either kind. Its parts lie in the file. */
struct hash_table {
	uint64_t buckets;
	size_t bucket_count;
	uint64_t chains;
	size_t chain_count;
	size_t first; /* symbol of chain 0 */
	size_t width; /* of a number in it */
};

/* 64-bit Alpha and s390 have large words in DT_HASH. */
static size_t hash_width(const struct elf *elf)
{
	bool wide = elf->head.e_machine == EM_S390 || elf->head.e_machine == EM_ALPHA ||
		    elf->head.e_machine == EM_FAKE_ALPHA;

	return elf->is64 && wide ? 8 : 4;
}

static bool find_sysv(const struct elf_dynamic *dynamic, struct hash_table *table)
{
	const struct elf *elf = &dynamic->elf;
	size_t width = hash_width(elf);
	uint64_t room;
	uint64_t at = dynamic->hash ? elf_place(elf, dynamic->hash, &room) : ELF_NOWHERE;
	uint64_t words;

	if (at == ELF_NOWHERE || room < 2 * width)
		return false;
	words = room / width - 2;
	*table = (struct hash_table){
		.buckets = at + 2 * width,
		.bucket_count = elf_number(elf, at, width),
		.chain_count = elf_number(elf, at + width, width),
		.width = width,
	};
	if (table->bucket_count == 0 || table->bucket_count > words ||
	    table->chain_count > words - table->bucket_count)
		return false;
	table->chains = table->buckets + table->bucket_count * width;
	return true;
}

static bool find_gnu(const struct elf_dynamic *dynamic, struct hash_table *table)
{
	const struct elf *elf = &dynamic->elf;
	uint64_t room;
	uint64_t at = dynamic->gnu_hash ? elf_place(elf, dynamic->gnu_hash, &room) : ELF_NOWHERE;
	uint64_t filter;
	uint64_t buckets;

	if (at == ELF_NOWHERE || room < 16)
		return false;
	buckets = elf_number(elf, at, 4);
	filter = elf_number(elf, at + 8, 4) * (elf->is64 ? 8 : 4);
	room -= 16;
	if (buckets == 0 || filter > room || buckets > (room - filter) / 4)
		return false;
	*table = (struct hash_table){
		.buckets = at + 16 + filter,
		.bucket_count = buckets,
		.first = elf_number(elf, at + 4, 4),
		.chains = at + 16 + filter + buckets * 4,
		.chain_count = (room - filter) / 4 - buckets,
		.width = 4,
	};
	return true;
}

static uint64_t bucket(const struct elf *elf, const struct hash_table *table, size_t i)
{
	return elf_number(elf, table->buckets + i * table->width, table->width);
}

static uint64_t chain(const struct elf *elf, const struct hash_table *table, size_t i)
{
	return elf_number(elf, table->chains + i * table->width, table->width);
}

/* Symbols up to the end of the last chain, whose last word is odd; 0 where all chains are empty. */
static size_t count_gnu(const struct elf *elf, const struct hash_table *table)
{
	uint64_t last = 0;
	size_t i;

	for (i = 0; i < table->bucket_count; i++) {
		uint64_t begin = bucket(elf, table, i);

		last = begin > last ? begin : last;
	}
	if (last < table->first || last - table->first >= table->chain_count)
		return 0;
	for (i = last - table->first; i < table->chain_count && !(chain(elf, table, i) & 1); i++)
		;
	return table->first + i + 1;
}

/* Whether the entry's value is the address of a table. */
static bool is_address(Elf64_Sxword tag)
{
	switch (tag) {
	case DT_PLTGOT:
	case DT_HASH:
	case DT_STRTAB:
	case DT_RELA:
	case DT_INIT:
	case DT_FINI:
	case DT_REL:
	case DT_JMPREL:
	case DT_INIT_ARRAY:
	case DT_FINI_ARRAY:
	case DT_RELR:
	case DT_GNU_HASH:
	case DT_VERSYM:
	case DT_VERDEF:
	case DT_VERNEED:
		return true;
	default:
		return false;
	}
}

/* Without a hash table that counts them, symbols end where the next table begins. */
static uint64_t bytes_to_next_table(const struct elf_dynamic *dynamic, uint64_t room)
{
	for (size_t i = 0; i < dynamic->count; i++) {
		Elf64_Dyn entry = elf_dynamic_entry(dynamic, i);

		if (is_address(entry.d_tag) && entry.d_un.d_ptr > dynamic->symbols &&
		    entry.d_un.d_ptr - dynamic->symbols < room)
			room = entry.d_un.d_ptr - dynamic->symbols;
	}
	return room;
}

static bool open_symbols(struct symbols *symbols, struct bytes file)
{
	struct elf_dynamic *dynamic = &symbols->dynamic;
	struct hash_table table;
	struct elf elf;
	uint64_t room;
	size_t most;

	if (!elf_is(file) || elf_open(&elf, file) || !elf_has_segments(&elf) ||
	    !elf_dynamic_find(dynamic, &elf) || dynamic->symbols == 0)
		return false;
	symbols->at = elf_place(&elf, dynamic->symbols, &room);
	if (symbols->at == ELF_NOWHERE)
		return false;
	most = room / elf_sym_size(&elf);
	symbols->first = 1;
	symbols->count = 0;
	if (find_gnu(dynamic, &table)) {
		symbols->count = count_gnu(&elf, &table);
		symbols->first = symbols->count ? table.first : 1;
	}
	if (symbols->count == 0 && find_sysv(dynamic, &table))
		symbols->count = table.chain_count;
	if (symbols->count == 0)
		symbols->count = bytes_to_next_table(dynamic, room) / elf_sym_size(&elf);
	if (symbols->count > most)
		symbols->count = most;
	return true;
}

static Elf64_Sym symbol_at(const struct symbols *symbols, size_t i)
{
	return elf_sym(&symbols->dynamic.elf, symbols->at + i * elf_sym_size(&symbols->dynamic.elf));
}

/* As dlsym() sees it. */
static bool is_defined(const Elf64_Sym *symbol)
{
	unsigned type = ELF64_ST_TYPE(symbol->st_info);

	return symbol->st_shndx != SHN_UNDEF && ELF64_ST_BIND(symbol->st_info) != STB_LOCAL &&
	       (symbol->st_value || symbol->st_shndx == SHN_ABS || type == STT_TLS);
}

/* Whether symbol i is defined and its name begins so; `whole`: is so. */
static bool defines(const struct symbols *symbols, size_t i, struct str name, bool whole)
{
	Elf64_Sym symbol = symbol_at(symbols, i);
	struct str text = str_from(symbols->dynamic.strings, symbol.st_name);

	return i < symbols->count && str_starts(text, name) && is_defined(&symbol) &&
	       (!whole || (text.len > name.len && text.ptr[name.len] == '\0'));
}

static uint32_t gnu_hash(struct str name)
{
	uint32_t hash = 5381;

	for (size_t i = 0; i < name.len; i++)
		hash = hash * 33 + (unsigned char)name.ptr[i];
	return hash;
}

static uint32_t sysv_hash(struct str name)
{
	uint32_t hash = 0;

	for (size_t i = 0; i < name.len; i++) {
		hash = (hash << 4) + (unsigned char)name.ptr[i];
		hash ^= (hash >> 24) & 0xf0;
		hash &= 0x0fffffff;
	}
	return hash;
}

static bool has_by_gnu(const struct symbols *symbols, const struct hash_table *table, struct str name)
{
	const struct elf *elf = &symbols->dynamic.elf;
	uint32_t hash = gnu_hash(name);
	uint64_t i = bucket(elf, table, hash % table->bucket_count);

	if (i < table->first)
		return false;
	for (uint64_t at = i - table->first; at < table->chain_count; at++) {
		uint64_t other = chain(elf, table, at);

		if ((other | 1) == (hash | 1) && defines(symbols, table->first + at, name, true))
			return true;
		if (other & 1)
			return false;
	}
	return false;
}

/* A hostile chain may lead back; it is never longer than the table. */
static bool has_by_sysv(const struct symbols *symbols, const struct hash_table *table, struct str name)
{
	const struct elf *elf = &symbols->dynamic.elf;
	uint64_t i = bucket(elf, table, sysv_hash(name) % table->bucket_count);

	for (size_t n = 0; n < table->chain_count && i && i < table->chain_count; n++) {
		if (defines(symbols, i, name, true))
			return true;
		i = chain(elf, table, i);
	}
	return false;
}

static bool walk(const struct symbols *symbols, struct str name, bool whole)
{
	for (size_t i = symbols->first; i < symbols->count; i++)
		if (defines(symbols, i, name, whole))
			return true;
	return false;
}

bool elf_object_has_symbol(struct bytes file, struct str symbol)
{
	struct hash_table table;
	struct symbols symbols;

	if (!open_symbols(&symbols, file))
		return false;
	if (find_gnu(&symbols.dynamic, &table))
		return has_by_gnu(&symbols, &table, symbol);
	if (find_sysv(&symbols.dynamic, &table))
		return has_by_sysv(&symbols, &table, symbol);
	return walk(&symbols, symbol, true);
}

bool elf_object_has_prefix(struct bytes file, struct str prefix)
{
	struct symbols symbols;

	return open_symbols(&symbols, file) && walk(&symbols, prefix, false);
}

/* The number that stands for the version in DT_VERSYM, or 0. */
static unsigned version_number(const struct elf_dynamic *dynamic, const struct elf_version *version)
{
	const struct elf *elf = &dynamic->elf;
	uint64_t room;
	uint64_t at = dynamic->needs ? elf_place(elf, dynamic->needs, &room) : ELF_NOWHERE;
	size_t steps = 0;

	for (Elf64_Verneed need = { .vn_next = 1 }; need.vn_next; at += need.vn_next) {
		Elf64_Vernaux aux = { .vna_next = 1 };
		struct str name;

		need = elf_verneed(elf, at);
		if (steps++ == STEPS_MAX || need.vn_version != VER_NEED_CURRENT ||
		    !elf_dynamic_string(dynamic, need.vn_file, &name))
			return 0;
		if (!str_eq(name, version->file))
			continue;
		for (uint64_t place = at + need.vn_aux; aux.vna_next; place += aux.vna_next) {
			aux = elf_vernaux(elf, place);
			if (elf_dynamic_string(dynamic, aux.vna_name, &name) && str_eq(name, version->name))
				return aux.vna_other & 0x7fff;
			if (steps++ == STEPS_MAX)
				return 0;
		}
	}
	return 0;
}

size_t elf_object_wanting(struct bytes file, struct elf_version version, struct str *out, size_t most,
			  struct arena *arena)
{
	struct symbols symbols;
	unsigned number;
	uint64_t room;
	uint64_t versions;
	size_t found = 0;

	if (!open_symbols(&symbols, file) || symbols.dynamic.versions == 0)
		return 0;
	versions = elf_place(&symbols.dynamic.elf, symbols.dynamic.versions, &room);
	number = version_number(&symbols.dynamic, &version);
	if (versions == ELF_NOWHERE || number == 0)
		return 0;
	for (size_t i = 1; i < symbols.count && i < room / 2 && found < most; i++) {
		Elf64_Sym symbol;
		struct str name;

		if ((elf_number(&symbols.dynamic.elf, versions + 2 * i, 2) & 0x7fff) != number)
			continue;
		symbol = symbol_at(&symbols, i);
		/* Behind the last symbol, where its place is not known, there are no names. */
		if (symbol.st_shndx == SHN_UNDEF &&
		    elf_dynamic_string(&symbols.dynamic, symbol.st_name, &name) && name.len)
			out[found++] = str_dup(arena, name);
	}
	return found;
}
