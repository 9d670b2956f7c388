#include "scan/python_words.h"

#include <string.h>

struct entry {
	const char *name;
	enum python_word word;
};

/* By length, which most names decide. */
static const struct entry of_2[] = {
	{ "as", WORD_AS }, { "if", WORD_IF }, { "in", WORD_IN },
	{ "is", WORD_IS }, { "or", WORD_OR }, { "os", WORD_OS },
};

static const struct entry of_3[] = {
	{ "PY2", WORD_PY2 }, { "PY3", WORD_PY3 },     { "_os", WORD_OS },  { "and", WORD_AND },
	{ "def", WORD_DEF }, { "del", WORD_KEYWORD }, { "for", WORD_FOR }, { "not", WORD_NOT },
	{ "sys", WORD_SYS }, { "try", WORD_TRY },
};

static const struct entry of_4[] = {
	{ "CDLL", WORD_LOADS }, { "cdll", WORD_LOADS }, { "None", WORD_NONE },	{ "True", WORD_TRUE },
	{ "_sys", WORD_SYS },	{ "case", WORD_CASE },	{ "elif", WORD_ELIF },	{ "else", WORD_ELSE },
	{ "eval", WORD_RUNS },	{ "exec", WORD_EXEC },	{ "from", WORD_FROM },	{ "glob", WORD_LISTS },
	{ "lazy", WORD_LAZY },	{ "name", WORD_NAME },	{ "open", WORD_OPENS }, { "pass", WORD_KEYWORD },
	{ "path", WORD_PATH },	{ "with", WORD_WITH },
};

static const struct entry of_5[] = {
	{ "PyDLL", WORD_LOADS },   { "False", WORD_FALSE },   { "async", WORD_ASYNC },
	{ "await", WORD_KEYWORD }, { "break", WORD_KEYWORD }, { "class", WORD_CLASS },
	{ "files", WORD_OPENS },   { "iglob", WORD_LISTS },   { "lower", WORD_LOWER },
	{ "major", WORD_MAJOR },   { "minor", WORD_MINOR },   { "print", WORD_PRINT },
	{ "raise", WORD_KEYWORD }, { "rglob", WORD_LISTS },   { "while", WORD_WHILE },
	{ "yield", WORD_KEYWORD },
};

static const struct entry of_6[] = {
	{ "dlopen", WORD_LOADS },  { "append", WORD_EXTENDS }, { "assert", WORD_KEYWORD },
	{ "except", WORD_EXCEPT }, { "extend", WORD_EXTENDS }, { "global", WORD_GLOBAL },
	{ "import", WORD_IMPORT }, { "insert", WORD_EXTENDS }, { "lambda", WORD_LAMBDA },
	{ "parent", WORD_PARENT }, { "return", WORD_KEYWORD }, { "system", WORD_SYSTEM },
};

static const struct entry of_7[] = {
	{ "compile", WORD_RUNS },  { "finally", WORD_KEYWORD }, { "iterdir", WORD_LISTS },
	{ "listdir", WORD_LISTS }, { "pkgutil", WORD_PKGUTIL }, { "scandir", WORD_LISTS },
};

static const struct entry of_8[] = {
	{ "__file__", WORD_PLACE },	  { "__name__", WORD_DUNDER_NAME }, { "__path__", WORD_PLACE },
	{ "__spec__", WORD_DUNDER_SPEC }, { "builtins", WORD_BUILTINS },    { "continue", WORD_KEYWORD },
	{ "execfile", WORD_RUNS },	  { "get_data", WORD_OPENS },	    { "nonlocal", WORD_GLOBAL },
	{ "platform", WORD_PLATFORM },	  { "suppress", WORD_SUPPRESS },
};

static const struct entry of_9[] = {
	{ "Exception", WORD_CATCHES },
	{ "find_spec", WORD_FINDER },
	{ "open_text", WORD_OPENS },
	{ "resources", WORD_OPENS },
};

static const struct entry of_10[] = {
	{ "LazyLoader", WORD_FINDER },
	{ "__import__", WORD_IMPORTER },
	{ "addsitedir", WORD_ADDSITEDIR },
	{ "startswith", WORD_STARTSWITH },
};

static const struct entry of_11[] = {
	{ "ImportError", WORD_CATCHES },	{ "__builtin__", WORD_BUILTINS },
	{ "__getattr__", WORD_DUNDER_GETATTR }, { "__package__", WORD_DUNDER_PACKAGE },
	{ "LoadLibrary", WORD_LOADS },		{ "attach_stub", WORD_ATTACH_STUB },
	{ "open_binary", WORD_OPENS },
};

static const struct entry of_12[] = {
	{ "__builtins__", WORD_BUILTINS },
	{ "iter_modules", WORD_WALKS },
	{ "load_library", WORD_LOADS },
	{ "version_info", WORD_VERSION_INFO },
};

static const struct entry of_13[] = {
	{ "BaseException", WORD_CATCHES },	 { "StandardError", WORD_CATCHES },
	{ "TYPE_CHECKING", WORD_TYPE_CHECKING }, { "import_module", WORD_IMPORTER },
	{ "import_string", WORD_FINDER },	 { "pkg_resources", WORD_OPENS },
	{ "walk_packages", WORD_WALKS },
};

static const struct entry of_17[] = {
	{ "resource_filename", WORD_OPENS },
};

static const struct entry of_19[] = {
	{ "ModuleNotFoundError", WORD_CATCHES },
};

#define WORDS(table)                                                                                         \
	{                                                                                                    \
		table, sizeof(table) / sizeof((table)[0])                                                    \
	}

static const struct {
	const struct entry *at;
	size_t count;
} by_length[] = {
	[2] = WORDS(of_2),   [3] = WORDS(of_3),	  [4] = WORDS(of_4),   [5] = WORDS(of_5),
	[6] = WORDS(of_6),   [7] = WORDS(of_7),	  [8] = WORDS(of_8),   [9] = WORDS(of_9),
	[10] = WORDS(of_10), [11] = WORDS(of_11), [12] = WORDS(of_12), [13] = WORDS(of_13),
	[17] = WORDS(of_17), [19] = WORDS(of_19),
};

enum python_word python_word(struct str name)
{
	if (name.len >= sizeof(by_length) / sizeof(by_length[0]))
		return WORD_OTHER;
	for (size_t i = 0; i < by_length[name.len].count; i++) {
		const struct entry *entry = &by_length[name.len].at[i];

		if (entry->name[0] == name.ptr[0] && memcmp(entry->name, name.ptr, name.len) == 0)
			return entry->word;
	}
	return WORD_OTHER;
}
