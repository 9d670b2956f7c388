/*
 * The words of Python source that slim looks for: keywords, and names that say what the source does. It knows
 * nothing of where they stand.
 */
#ifndef SLIM_SCAN_PYTHON_WORDS_H
#define SLIM_SCAN_PYTHON_WORDS_H

#include "base/str.h"

enum python_word {
	WORD_OTHER,
	/* Keywords, which end an expression or begin another. */
	WORD_AND,
	WORD_AS,
	WORD_ASYNC,
	WORD_CLASS,
	WORD_DEF,
	WORD_ELIF,
	WORD_ELSE,
	WORD_EXCEPT,
	WORD_FOR,
	WORD_FROM,
	WORD_GLOBAL,
	WORD_IF,
	WORD_IMPORT,
	WORD_IN,
	WORD_IS,
	WORD_LAMBDA,
	WORD_NOT,
	WORD_OR,
	WORD_TRY,
	WORD_WHILE,
	WORD_WITH,
	WORD_KEYWORD, /* any other keyword */
	/* Names, from here on. */
	WORD_CASE,
	WORD_LAZY,
	WORD_PRINT,
	WORD_EXEC,
	WORD_NONE,
	WORD_FALSE,
	WORD_TRUE,
	WORD_DUNDER_NAME,
	WORD_DUNDER_PACKAGE,
	WORD_DUNDER_SPEC,
	WORD_DUNDER_GETATTR,
	WORD_NAME,
	WORD_PARENT,
	WORD_CATCHES, /* ImportError and its bases */
	WORD_SUPPRESS,
	WORD_TYPE_CHECKING,
	WORD_PY2,
	WORD_PY3,
	WORD_SYS,
	WORD_OS,
	WORD_PATH,
	WORD_PLATFORM,
	WORD_SYSTEM,
	WORD_VERSION_INFO,
	WORD_MAJOR,
	WORD_MINOR,
	WORD_STARTSWITH,
	WORD_LOWER,
	WORD_IMPORTER, /* import_module, __import__ */
	WORD_FINDER,   /* other calls that import by name */
	WORD_PKGUTIL,  /* the module */
	WORD_WALKS,    /* iter_modules, walk_packages */
	WORD_LISTS,    /* listdir and the like */
	WORD_PLACE,    /* __file__, __path__ */
	WORD_OPENS,    /* open() and the like */
	WORD_EXTENDS,  /* append, insert, extend */
	WORD_ADDSITEDIR,
	WORD_RUNS, /* eval, compile */
	WORD_BUILTINS,
	WORD_ATTACH_STUB,
	WORD_LOADS, /* CDLL, dlopen and the like */
};

/* Which of them a name is. */
enum python_word python_word(struct str name);

static inline bool python_is_keyword(enum python_word word)
{
	return word > WORD_OTHER && word <= WORD_KEYWORD;
}

#endif
