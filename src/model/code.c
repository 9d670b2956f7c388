#include "model/code.h"

const struct code_info code_table[] = {
	{ CODE_FIRST_PARTY, LEVEL_NOTE, "first-party", "your own files",
	  "The file belongs to no installed distribution, so it is taken for your own code or data and "
	  "stays. "
	  "Only debris (bytecode caches, version control, editors) goes from such files. "
	  "Use --drop PATTERN to remove more." },
	{ CODE_DISTRIBUTION, LEVEL_NOTE, "distribution", "installed distributions",
	  "The file belongs to an installed distribution that is kept whole: --no-prune was given, or there "
	  "is "
	  "no code to start from. Use --drop 'dist:NAME' to remove a distribution that your function never "
	  "imports." },
	{ CODE_REACHED, LEVEL_NOTE, "reached", "needed by a kept file",
	  "A file that stays imports it, names it, opens it or brings it along. 'slim why' shows the "
	  "chain." },
	{ CODE_RULE_KEEP, LEVEL_NOTE, "rule-keep", "kept by a rule",
	  "A rule says that the file is needed at run time." },
	{ CODE_USER_KEEP, LEVEL_NOTE, "user-keep", "kept by --keep",
	  "You asked for it with --keep or with keep: in slim.yaml." },
	{ CODE_EMPTY_DIR, LEVEL_NOTE, "empty-directory", "empty directories",
	  "The directory was empty in the input; some code expects such directories to exist, so it stays." },
	{ CODE_HANDLER, LEVEL_NOTE, "handler", "handlers",
	  "The module holds a handler: given with --handler, found in the template beside the package, or "
	  "named lambda_function. "
	  "Everything else stays because a chain of reasons begins here or at another file of yours." },
	{ CODE_STARTUP, LEVEL_NOTE, "startup", "start-up files",
	  "Lambda's runtime processes .pth files at the top of /var/task and of /opt/python: they put "
	  "directories on "
	  "sys.path and may run code." },
	{ CODE_NAME_CASE, LEVEL_WARNING, "case-collision", "names that differ only in case",
	  "Two files have names that differ only in the case of letters. Lambda keeps both, but unpacking on "
	  "macOS or "
	  "Windows loses one. Rename one of them." },
	{ CODE_NAME_ENCODING, LEVEL_WARNING, "name-encoding", "names that are not UTF-8",
	  "The name of the file is not valid UTF-8. It is kept byte for byte; Python sees it with surrogate "
	  "escapes. "
	  "Rename it if it is yours." },
	{ CODE_NAME_NORMALISED, LEVEL_WARNING, "name-normalised", "names that were normalised",
	  "The archive spelled the name with './' or doubled slashes. slim writes the plain name." },
	{ CODE_MODE_SPECIAL, LEVEL_WARNING, "special-mode", "set-uid, set-gid or sticky bits",
	  "The file carries set-uid, set-gid or sticky bits, which mean nothing on Lambda. They are not "
	  "written." },
	{ CODE_ZIP_HIDDEN, LEVEL_WARNING, "hidden-data", "data that the zip's directory does not list",
	  "The zip holds bytes between its members that the central directory does not list. Readers ignore "
	  "them, some "
	  "streaming readers show them as files. They are not copied." },
	{ CODE_ZIP_PREFIX, LEVEL_WARNING, "zip-prefix", "data in front of the zip",
	  "The file begins with something that is not part of the zip, such as a self-extractor or '#!' "
	  "line. Lambda does "
	  "not run it. It is not copied." },
	{ CODE_ZIP_METHOD, LEVEL_WARNING, "zip-method", "unusual compression",
	  "Members are compressed by a method other than deflate, which Lambda is not documented to unpack. "
	  "slim writes them "
	  "with deflate." },
	{ CODE_ELF_BROKEN, LEVEL_ERROR, "broken-library", "libraries that Lambda cannot load",
	  "The file's segments are not as glibc 2.34 and older demand (most often their alignment), so "
	  "Lambda's loader refuses it even where a newer machine loads it. This is often the mark of "
	  "patchelf followed by strip. The file is left as it is. Install the wheel anew, without other "
	  "strip tools." },
	{ CODE_LINK_DANGLING, LEVEL_WARNING, "dangling-link", "symbolic links to nothing",
	  "The symbolic link points to a file that the package does not hold, before or after slimming." },
	{ CODE_OVER_LIMIT, LEVEL_ERROR, "over-limit", "the package is over Lambda's limit",
	  "Function and layers together unpack to 262,144,000 bytes or more, and Lambda will refuse them. "
	  "Use --drop for what "
	  "the function does not need, or move large data to S3 or a container image." },
	{ CODE_PATTERN_UNUSED, LEVEL_WARNING, "unused-pattern", "patterns that match nothing",
	  "A pattern of --keep, --drop or slim.yaml matches no file of the package. It may be misspelt." },
	{ CODE_MODULE_SHADOWED, LEVEL_WARNING, "module-shadowed", "modules that hide others",
	  "A module of yours has the name of one of the standard library or of an installed distribution. "
	  "Lambda puts /var/task "
	  "in front, so every import of that name gets yours, also from libraries. Rename it unless that is "
	  "what you want." },
	{ CODE_MODULE_MISSING, LEVEL_ERROR, "module-missing", "imports that nothing provides",
	  "Your code imports the module when it is loaded, and neither the package, nor a layer given, nor "
	  "the "
	  "standard library, "
	  "nor the runtime has it: the function fails at its start unless a layer brings it. Add it to the "
	  "requirements." },
	{ CODE_LIBRARY_MISSING, LEVEL_ERROR, "missing-library", "shared objects that nothing provides",
	  "A file that stays needs the shared object, and neither the package, nor a layer given, nor "
	  "Lambda's system has it where the loader looks: the import fails with \"cannot open shared object "
	  "file\". Install a wheel that carries the library, or put it into the directory lib/ of the "
	  "package or of a layer. Images of the same system that have more libraries than Lambda are no "
	  "proof that it works." },
	{ CODE_VERSION_MISSING, LEVEL_ERROR, "missing-version", "symbol versions that no library defines",
	  "The file was built against a newer library (most often glibc or libstdc++) than the one that it "
	  "gets on Lambda: the import fails with \"version not found\". Install a wheel for an older system "
	  "(manylinux2014 fits all runtimes), build it in Lambda's image, or choose a newer runtime." },
	{ CODE_VERSION_FLOATING, LEVEL_WARNING, "floating-version",
	  "symbol versions that only newer images have",
	  "Current images of the runtime define the symbol version, older ones that a function may be pinned "
	  "to do not. "
	  "It works where the runtime is updated automatically, which is the default." },
	{ CODE_NO_BUILD, LEVEL_ERROR, "no-loadable-build", "extension modules without a build that fits",
	  "Every build of the extension module is for another machine, system or Python, so the import "
	  "fails. Install for the target: pip install --platform manylinux2014_x86_64 --python-version 3.13 "
	  "--only-binary=:all: --target DIR NAME (manylinux2014_aarch64 for arm64). If the target is not the "
	  "one you meant, give --runtime and --arch." },
	{ CODE_WHEEL_TAG, LEVEL_WARNING, "wheel-tag", "wheels for other or newer systems",
	  "No tag in the WHEEL file of the distribution fits the runtime. What the files themselves say "
	  "decides whether they load, and slim judges that apart; but such a wheel was not built for this "
	  "runtime. Install one that fits with pip install --platform." },
	{ CODE_LIBRARY_SHADOWED, LEVEL_WARNING, "shadowed-library",
	  "bundled libraries that the system's hide",
	  "Lambda's LD_LIBRARY_PATH has the system's directories in front of the package's and comes before "
	  "DT_RUNPATH, so the system's library of that name is loaded in place of the bundled one. Only "
	  "DT_RPATH comes before it: patchelf --force-rpath --set-rpath '$ORIGIN' FILE. Or drop the bundled "
	  "copy if the system's will do." },
	{ CODE_LIBRARY_TWICE, LEVEL_WARNING, "library-twice", "libraries that may be loaded twice",
	  "Two files have the same soname. Where they differ, the one that is loaded first serves all that "
	  "need the name, so it depends on the order of imports which one that is. Where they are equal but "
	  "opened by their paths, both are loaded, each with variables of its own." },
	{ CODE_OPENMP_MIXED, LEVEL_WARNING, "mixed-openmp", "more than one OpenMP runtime",
	  "Files that stay load different OpenMP runtimes (libgomp, libomp, libiomp5) into one process, "
	  "which is known to crash, to hang, or to use more threads than there are processors. Install "
	  "builds of the distributions that use the same one." },
	{ CODE_FOREIGN_KEPT, LEVEL_WARNING, "foreign-kept", "files of your own that can never load",
	  "The file is for another machine or system. It belongs to no distribution, so it may be data, and "
	  "stays. Use --drop PATTERN if "
	  "nothing needs it." },
	{ CODE_LIBRARY_FATAL, LEVEL_ERROR, "unreadable-library", "files in the place of shared objects",
	  "The loader finds a file of the library's name that is no shared object, and stops there: the "
	  "import fails "
	  "with \"invalid ELF header\" or \"file too short\". Often it was a symbolic link that a tool "
	  "unpacked as text, or a git-lfs pointer." },
	{ CODE_PROCESSOR, LEVEL_WARNING, "newer-processor", "libraries for newer processors",
	  "The file says that it needs a processor of level x86-64-v4 (AVX-512). Not every machine that "
	  "Lambda runs on is one, and glibc 2.33 and newer refuse the file there. Install a build for older "
	  "processors." },

	{ CODE_UNREACHED, LEVEL_NOTE, "unreached", "modules never imported",
	  "No handler and no kept file reaches the file. Keep it with --keep PATTERN." },
	{ CODE_DEBUG_SYMBOLS, LEVEL_NOTE, "debug-symbols", "debug symbols",
	  "Symbol tables and debug sections of ELF files are read by debuggers and profilers, never by the "
	  "loader. Segments "
	  "stay byte for byte. Use --strip debug to keep symbol tables, --strip off to keep all." },
	{ CODE_TEST_SUITE, LEVEL_NOTE, "test-suite", "test suites of distributions",
	  "A directory of tests inside an installed distribution that no kept file imports or names. The "
	  "directory holds test "
	  "modules; its name alone would be no reason. Keep it with --keep PATTERN." },
	{ CODE_BYTECODE, LEVEL_NOTE, "bytecode", "bytecode caches",
	  "Python ignores bytecode whose recorded source time differs from the file's, which it does once a "
	  "zip has fixed "
	  "times, and Lambda cannot write new ones. Modules that exist only as .pyc stay." },
	{ CODE_STUBS, LEVEL_NOTE, "type-stubs", "type stubs",
	  "Type information is read by type checkers, never by the interpreter." },
	{ CODE_SOURCES, LEVEL_NOTE, "native-sources", "C, C++, Cython and Fortran sources",
	  "Sources and headers of extension modules are read by compilers, never at run time." },
	{ CODE_STATIC_LIBRARY, LEVEL_NOTE, "static-libraries", "static libraries and build files",
	  "Static libraries, object files and build descriptions are read by linkers, never at run time." },
	{ CODE_DOCS, LEVEL_NOTE, "documentation", "documentation and examples",
	  "Documentation, examples and change logs inside installed distributions that no kept file names." },
	{ CODE_PACKAGING, LEVEL_NOTE, "packaging-debris", "packaging debris",
	  "What installers leave for themselves: INSTALLER, REQUESTED, direct_url.json and the like. "
	  "METADATA, entry points "
	  "and RECORD stay." },
	{ CODE_DEBRIS, LEVEL_NOTE, "debris", "version control and editor debris",
	  "Files of version control, editors, test runners and operating systems' file managers." },
	{ CODE_FOREIGN_OS, LEVEL_NOTE, "foreign-system", "files for other operating systems",
	  "Windows and macOS programs and libraries cannot run on Lambda, which is Linux." },
	{ CODE_USER_DROP, LEVEL_NOTE, "user-drop", "dropped by --drop",
	  "You asked for it with --drop or with drop: in slim.yaml." },
	{ CODE_RECORD, LEVEL_NOTE, "record", "RECORD rows of what is gone",
	  "RECORD lists what a distribution owns. It is rewritten to the files that are kept, so that "
	  "importlib.metadata and "
	  "the next tool see the truth. Files that were stripped are listed without hash." },
	{ CODE_LICENCE, LEVEL_NOTE, "licences", "licence texts",
	  "Licence files of distributions, dropped because of --drop-licenses." },
	{ CODE_INSTALLER, LEVEL_NOTE, "installers", "pip, setuptools and wheel",
	  "Installers that nothing in the package imports or requires." },
	{ CODE_UNCALLED, LEVEL_NOTE, "uncalled", "data that no call asks for",
	  "The data serves calls by name, such as client('s3') of boto3, and no code that stays makes a call "
	  "of that name. Keep "
	  "what a name from outside (an event, the environment) may ask for with --keep PATTERN." },
	{ CODE_OTHER_MACHINE, LEVEL_NOTE, "other-machine", "files for other machines",
	  "Programs and libraries for another processor than the function's can never load. If the "
	  "architecture is not the "
	  "one you meant, give it with --arch." },
	{ CODE_OTHER_LIBC, LEVEL_NOTE, "other-libc", "files for other C libraries",
	  "The library is built for musl (Alpine Linux); Lambda's system has glibc." },
	{ CODE_OTHER_PYTHON, LEVEL_NOTE, "other-python", "extension modules for other Pythons",
	  "The tag in the name says which Python the extension module is for, and the runtime's Python "
	  "passes over it. If the "
	  "runtime is not the one you meant, give it with --runtime." },
	{ CODE_LINKED, LEVEL_NOTE, "linked", "copies turned into links",
	  "The same library lay in one directory under several names. One stays, the others are relative "
	  "symbolic links to it, "
	  "as they were before a wheel was made. Lambda unpacks links as links. SAM and CDK replace them by "
	  "copies when they zip a directory themselves, and Python's zipfile unpacks them as text files, "
	  "so give the zip that slim writes to Lambda as it is. Use --link off to keep copies." },
	{ CODE_UNLOADED, LEVEL_NOTE, "unloaded", "shared objects that nothing loads",
	  "No file that stays needs the shared object (DT_NEEDED), opens it, or names it. Keep it with "
	  "--keep PATTERN." },

	{ CODE_STRIP_REFUSED, LEVEL_NOTE, "strip-refused", "libraries left unstripped",
	  "The file's layout is not one that can be stripped without a guess (data behind the last section, "
	  "a self-check, a "
	  "table inside a segment), so it is left as it is." },
	{ CODE_CANDIDATE_KEPT, LEVEL_NOTE, "candidate-kept", "kept although a rule would drop them",
	  "Kept files refer to files that a rule would drop, so those stay. If you know that the reference "
	  "never runs, use "
	  "--drop PATTERN." },
	{ CODE_DIST_GUESSED, LEVEL_NOTE, "distribution-guessed", "distributions recognised without RECORD",
	  "The RECORD of the distribution is missing, so the files that it owns were recognised by "
	  "top_level.txt or by name. "
	  "What could not be recognised counts as your own and stays." },
	{ CODE_COMPUTED_IMPORT, LEVEL_NOTE, "computed-import", "kept for computed imports",
	  "The code computes the name of what it imports, so everything that the name may mean stays. If you "
	  "know which ones are "
	  "used, --drop the others." },
	{ CODE_IMPORT_UNKNOWN, LEVEL_NOTE, "import-unknown", "imports that could not be followed",
	  "The code imports a module whose name comes from elsewhere. Names that stand in kept code or "
	  "configuration were followed; "
	  "a name that comes only from outside (an event, the environment, a database) needs --keep "
	  "module:NAME." },
	{ CODE_NO_ROOTS, LEVEL_NOTE, "no-roots", "nothing to start from",
	  "The package holds installed distributions but no code of yours, as layers do, so nothing says "
	  "what "
	  "of them is needed, "
	  "and all of it stays but what rules drop. Name the modules that functions import with --keep "
	  "module:NAME, or give --handler." },
	{ CODE_BINARY_OPAQUE, LEVEL_NOTE, "binary-opaque", "extension modules that cannot be read",
	  "The names that the extension module imports are compressed or built at run time, so all modules "
	  "beside it stay." },
	{ CODE_CALL_COMPUTED, LEVEL_NOTE, "call-computed", "calls whose name is computed",
	  "The data that the call asks for is chosen by a name that is not in the code, so all such data "
	  "stays. Write the name as a literal, or --drop what the function never asks for." },
	{ CODE_SOURCE_BROKEN, LEVEL_NOTE, "source-broken", "Python source that cannot be read",
	  "The file is not valid Python, or is in an encoding that slim does not read, so what it imports is "
	  "not known. It stays, "
	  "and so does all of its package. Mend it, or --drop it if nothing imports it." },
	{ CODE_TEMPLATE_UNCLEAR, LEVEL_NOTE, "template-unclear", "templates that do not tell the handlers",
	  "A SAM or CloudFormation template beside the package could not be read, or a value that matters is "
	  "known "
	  "only when it is deployed (!Ref, !If). So every module of your own counts as called. Name the "
	  "handlers "
	  "with --handler, or with handler: in slim.yaml." },
	{ CODE_LOAD_ORDER, LEVEL_NOTE, "load-order", "libraries that another must load first",
	  "In a fresh process the loader does not find the library where it looks; it is found only because "
	  "another file of the package loads it before. All of them stay, but an import in another order "
	  "fails." },
	{ CODE_OPEN_COMPUTED, LEVEL_NOTE, "open-computed", "libraries opened by computed names",
	  "The code computes the name of the shared object that it opens, so all that the name may mean "
	  "stays. If you know "
	  "which ones are used, --drop the others." },
	{ CODE_TARGET_UNKNOWN, LEVEL_NOTE, "target-unknown", "runtime or architecture not known",
	  "The package holds files for several machines or Pythons, and nothing says which one the function "
	  "runs on, so all stay. Give "
	  "--runtime and --arch." },
	{ CODE_LIBRARY_OPTIONAL, LEVEL_NOTE, "optional-library", "shared objects that would not load",
	  "The file cannot be loaded on Lambda, but nothing shows that it ever is: it is imported in a try "
	  "block that goes on without it, or only a name in a string leads to it, or it stays because it is "
	  "your own. If it is needed, what is said of it is an error; if not, --drop it." },
	{ CODE_LOADS_UNTOLD, LEVEL_NOTE, "loads-untold", "shared objects that were not all checked",
	  "The shared objects need one another in so many ways that only the first of them were resolved. "
	  "All that has a name that "
	  "is needed stays, but what will fail may not all be told." },
};

const size_t code_count = sizeof(code_table) / sizeof(code_table[0]);

const char *code_level_name(enum code_level level)
{
	static const char *const names[] = {
		[LEVEL_NOTE] = "note",
		[LEVEL_WARNING] = "warning",
		[LEVEL_ERROR] = "error",
	};

	return names[level];
}

const struct code_info *code_find(unsigned number)
{
	for (size_t i = 0; i < code_count; i++)
		if ((unsigned)code_table[i].code == number)
			return &code_table[i];
	return NULL;
}

const struct code_info *code_parse(struct str text)
{
	struct str digits = str_eq_nocase(str_head(text, 4), STR("SLIM")) ? str_from(text, 4) : text;
	unsigned number = 0;

	for (size_t i = 0; i < code_count; i++)
		if (str_eq_nocase(text, str_of(code_table[i].name)))
			return &code_table[i];
	if (digits.len == 0 || digits.len > 3)
		return NULL;
	for (size_t i = 0; i < digits.len; i++) {
		if (digits.ptr[i] < '0' || digits.ptr[i] > '9')
			return NULL;
		number = number * 10 + (unsigned)(digits.ptr[i] - '0');
	}
	return code_find(number);
}
