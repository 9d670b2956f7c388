#include "model/code.h"

const struct code_info code_table[] = {
	{ CODE_FIRST_PARTY, "first-party", "your own files",
	  "The file belongs to no installed distribution, so it is taken for your own code or data and "
	  "stays. "
	  "Only debris (bytecode caches, version control, editors) goes from such files. "
	  "Use --drop PATTERN to remove more." },
	{ CODE_DISTRIBUTION, "distribution", "installed distributions",
	  "The file belongs to an installed distribution that is kept whole: --no-prune was given, or there "
	  "is "
	  "no code to start from. Use --drop 'dist:NAME' to remove a distribution that your function never "
	  "imports." },
	{ CODE_REACHED, "reached", "needed by a kept file",
	  "A file that stays imports it, names it, opens it or brings it along. 'slim why' shows the "
	  "chain." },
	{ CODE_RULE_KEEP, "rule-keep", "kept by a rule", "A rule says that the file is needed at run time." },
	{ CODE_USER_KEEP, "user-keep", "kept by --keep",
	  "You asked for it with --keep or with keep: in slim.yaml." },
	{ CODE_EMPTY_DIR, "empty-directory", "empty directories",
	  "The directory was empty in the input; some code expects such directories to exist, so it stays." },
	{ CODE_HANDLER, "handler", "handlers",
	  "The module holds a handler: given with --handler, found in the template beside the package, or "
	  "named lambda_function. "
	  "Everything else stays because a chain of reasons begins here or at another file of yours." },
	{ CODE_STARTUP, "startup", "start-up files",
	  "Lambda's runtime processes .pth files at the top of /var/task and of /opt/python: they put "
	  "directories on "
	  "sys.path and may run code." },
	{ CODE_NAME_CASE, "case-collision", "names that differ only in case",
	  "Two files have names that differ only in the case of letters. Lambda keeps both, but unpacking on "
	  "macOS or "
	  "Windows loses one. Rename one of them." },
	{ CODE_NAME_ENCODING, "name-encoding", "names that are not UTF-8",
	  "The name of the file is not valid UTF-8. It is kept byte for byte; Python sees it with surrogate "
	  "escapes. "
	  "Rename it if it is yours." },
	{ CODE_NAME_NORMALISED, "name-normalised", "names that were normalised",
	  "The archive spelled the name with './' or doubled slashes. slim writes the plain name." },
	{ CODE_MODE_SPECIAL, "special-mode", "set-uid, set-gid or sticky bits",
	  "The file carries set-uid, set-gid or sticky bits, which mean nothing on Lambda. They are not "
	  "written." },
	{ CODE_ZIP_HIDDEN, "hidden-data", "data that the zip's directory does not list",
	  "The zip holds bytes between its members that the central directory does not list. Readers ignore "
	  "them, some "
	  "streaming readers show them as files. They are not copied." },
	{ CODE_ZIP_PREFIX, "zip-prefix", "data in front of the zip",
	  "The file begins with something that is not part of the zip, such as a self-extractor or '#!' "
	  "line. Lambda does "
	  "not run it. It is not copied." },
	{ CODE_ZIP_METHOD, "zip-method", "unusual compression",
	  "Members are compressed by a method other than deflate, which Lambda is not documented to unpack. "
	  "slim writes them "
	  "with deflate." },
	{ CODE_ELF_BROKEN, "broken-library", "libraries that Lambda cannot load",
	  "The segments of the ELF file are not aligned as glibc 2.34 and older demand, so Lambda's loader "
	  "will refuse it "
	  "even where a newer machine loads it. This is often the mark of patchelf followed by strip. The "
	  "file is left as it "
	  "is. Install the wheel anew, without other strip tools." },
	{ CODE_LINK_DANGLING, "dangling-link", "symbolic links to nothing",
	  "The symbolic link points to a file that the package does not hold, before or after slimming." },
	{ CODE_OVER_LIMIT, "over-limit", "the package is over Lambda's limit",
	  "Function and layers together unpack to 262,144,000 bytes or more, and Lambda will refuse them. "
	  "Use --drop for what "
	  "the function does not need, or move large data to S3 or a container image." },
	{ CODE_PATTERN_UNUSED, "unused-pattern", "patterns that match nothing",
	  "A pattern of --keep, --drop or slim.yaml matches no file of the package. It may be misspelt." },
	{ CODE_MODULE_SHADOWED, "module-shadowed", "modules that hide others",
	  "A module of yours has the name of one of the standard library or of an installed distribution. "
	  "Lambda puts /var/task "
	  "in front, so every import of that name gets yours, also from libraries. Rename it unless that is "
	  "what you want." },
	{ CODE_MODULE_MISSING, "module-missing", "imports that nothing provides",
	  "Your code imports the module when it is loaded, and neither the package, nor a layer given, nor "
	  "the "
	  "standard library, "
	  "nor the runtime has it: the function fails at its start unless a layer brings it. Add it to the "
	  "requirements." },
	{ CODE_LIBRARY_MISSING, "missing-library", "shared objects that nothing provides",
	  "A file that stays needs the shared object, and neither the package, nor a layer given, nor "
	  "Lambda's system has it "
	  "where the loader looks: the import fails with \"cannot open shared object file\". Add the library "
	  "to the directory "
	  "lib/ of the package or of a layer, or install a wheel that carries it." },
	{ CODE_VERSION_MISSING, "missing-version", "symbol versions that Lambda's libraries lack",
	  "The file was built against a newer glibc or libstdc++ than the runtime has: the import fails with "
	  "\"version "
	  "not found\". Install a wheel for an older system (manylinux2014 for Amazon Linux 2), build it in "
	  "Lambda's image, "
	  "or choose a newer runtime." },
	{ CODE_VERSION_FLOATING, "floating-version", "symbol versions that only newer images have",
	  "Current images of the runtime define the symbol version, older ones that a function may be pinned "
	  "to do not. "
	  "It works where the runtime is updated automatically, which is the default." },
	{ CODE_NO_BUILD, "no-loadable-build", "extension modules without a build for the target",
	  "Every build of the extension module is for another machine, system or Python, so its import "
	  "fails. Install for the target: "
	  "pip install --platform manylinux2014_x86_64 --python-version 3.13 --only-binary=:all: --target "
	  "DIR NAME" },
	{ CODE_WHEEL_TAG, "wheel-tag", "wheels for other or newer systems",
	  "The WHEEL file of the distribution names no tag that fits the runtime. The files themselves "
	  "decide whether it "
	  "works, but such a wheel was not meant for it." },
	{ CODE_LIBRARY_SHADOWED, "shadowed-library", "libraries that the system's hide",
	  "Lambda's LD_LIBRARY_PATH has the system's directories in front of the package's, so the system's "
	  "library of that name is loaded in place "
	  "of the bundled one. Only DT_RPATH comes before it: patchelf --force-rpath --set-rpath "
	  "'$ORIGIN'." },
	{ CODE_LIBRARY_TWICE, "library-twice", "libraries that may be loaded twice",
	  "Two files of the package are the same library, or have the same soname and differ. Which one "
	  "serves whom depends on "
	  "the order of imports, or both are loaded with globals of their own." },
	{ CODE_OPENMP_MIXED, "mixed-openmp", "more than one OpenMP runtime",
	  "The package loads different OpenMP runtimes (libgomp, libomp, libiomp5) into one process, which "
	  "is known to crash or to "
	  "use more threads than there are processors." },
	{ CODE_FOREIGN_KEPT, "foreign-kept", "files of your own that can never load",
	  "The file is for another machine or system. It belongs to no distribution, so it may be data, and "
	  "stays. Use --drop PATTERN if "
	  "nothing needs it." },
	{ CODE_LIBRARY_FATAL, "unreadable-library", "files in the place of libraries that are none",
	  "The loader finds a file of the library's name that is no shared object, and stops there: the "
	  "import fails "
	  "with \"invalid ELF header\" or \"file too short\". Often it was a symbolic link that a tool "
	  "unpacked as text, or a git-lfs pointer." },

	{ CODE_UNREACHED, "unreached", "modules never imported",
	  "No handler and no kept file reaches the file. Keep it with --keep PATTERN." },
	{ CODE_DEBUG_SYMBOLS, "debug-symbols", "debug symbols",
	  "Symbol tables and debug sections of ELF files are read by debuggers and profilers, never by the "
	  "loader. Segments "
	  "stay byte for byte. Use --strip debug to keep symbol tables, --strip off to keep all." },
	{ CODE_TEST_SUITE, "test-suite", "test suites of distributions",
	  "A directory of tests inside an installed distribution that no kept file imports or names. The "
	  "directory holds test "
	  "modules; its name alone would be no reason. Keep it with --keep PATTERN." },
	{ CODE_BYTECODE, "bytecode", "bytecode caches",
	  "Python ignores bytecode whose recorded source time differs from the file's, which it does once a "
	  "zip has fixed "
	  "times, and Lambda cannot write new ones. Modules that exist only as .pyc stay." },
	{ CODE_STUBS, "type-stubs", "type stubs",
	  "Type information is read by type checkers, never by the interpreter." },
	{ CODE_SOURCES, "native-sources", "C, C++, Cython and Fortran sources",
	  "Sources and headers of extension modules are read by compilers, never at run time." },
	{ CODE_STATIC_LIBRARY, "static-libraries", "static libraries and build files",
	  "Static libraries, object files and build descriptions are read by linkers, never at run time." },
	{ CODE_DOCS, "documentation", "documentation and examples",
	  "Documentation, examples and change logs inside installed distributions that no kept file names." },
	{ CODE_PACKAGING, "packaging-debris", "packaging debris",
	  "What installers leave for themselves: INSTALLER, REQUESTED, direct_url.json and the like. "
	  "METADATA, entry points "
	  "and RECORD stay." },
	{ CODE_DEBRIS, "debris", "version control and editor debris",
	  "Files of version control, editors, test runners and operating systems' file managers." },
	{ CODE_FOREIGN_OS, "foreign-system", "files for other operating systems",
	  "Windows and macOS programs and libraries cannot run on Lambda, which is Linux." },
	{ CODE_USER_DROP, "user-drop", "dropped by --drop",
	  "You asked for it with --drop or with drop: in slim.yaml." },
	{ CODE_RECORD, "record", "RECORD rows of what is gone",
	  "RECORD lists what a distribution owns. It is rewritten to the files that are kept, so that "
	  "importlib.metadata and "
	  "the next tool see the truth. Files that were stripped are listed without hash." },
	{ CODE_LICENCE, "licences", "licence texts",
	  "Licence files of distributions, dropped because of --drop-licenses." },
	{ CODE_INSTALLER, "installers", "pip, setuptools and wheel",
	  "Installers that nothing in the package imports or requires." },
	{ CODE_UNCALLED, "uncalled", "data that no call asks for",
	  "The data serves calls by name, such as client('s3') of boto3, and no code that stays makes a call "
	  "of that name. Keep "
	  "what a name from outside (an event, the environment) may ask for with --keep PATTERN." },
	{ CODE_OTHER_MACHINE, "other-machine", "files for other machines",
	  "Programs and libraries for another processor than the function's can never load. If the "
	  "architecture is not the "
	  "one you meant, give it with --arch." },
	{ CODE_OTHER_LIBC, "other-libc", "files for other C libraries",
	  "The library is built for musl (Alpine Linux); Lambda's system has glibc." },
	{ CODE_OTHER_PYTHON, "other-python", "extension modules for other Pythons",
	  "The tag in the name says which Python the extension module is for, and the runtime's Python "
	  "passes over it. If the "
	  "runtime is not the one you meant, give it with --runtime." },
	{ CODE_LINKED, "linked", "copies turned into links",
	  "The same library lay in one directory under several names. One stays, the others are relative "
	  "symbolic links to it, "
	  "as they were before a wheel was made. Lambda unpacks links as links. SAM and CDK replace them by "
	  "copies when they zip a directory themselves, and Python's zipfile unpacks them as text files, "
	  "so give the zip that slim writes to Lambda as it is. Use --link off to keep copies." },
	{ CODE_UNLOADED, "unloaded", "shared objects that nothing loads",
	  "No file that stays needs the shared object (DT_NEEDED), opens it, or names it. Keep it with "
	  "--keep PATTERN." },

	{ CODE_STRIP_REFUSED, "strip-refused", "libraries left unstripped",
	  "The file's layout is not one that can be stripped without a guess (data behind the last section, "
	  "a self-check, a "
	  "table inside a segment), so it is left as it is." },
	{ CODE_CANDIDATE_KEPT, "candidate-kept", "kept although a rule would drop them",
	  "Kept files refer to files that a rule would drop, so those stay. If you know that the reference "
	  "never runs, use "
	  "--drop PATTERN." },
	{ CODE_DIST_GUESSED, "distribution-guessed", "distributions recognised without RECORD",
	  "The RECORD of the distribution is missing, so the files that it owns were recognised by "
	  "top_level.txt or by name. "
	  "What could not be recognised counts as your own and stays." },
	{ CODE_COMPUTED_IMPORT, "computed-import", "kept for computed imports",
	  "The code computes the name of what it imports, so everything that the name may mean stays. If you "
	  "know which ones are "
	  "used, --drop the others." },
	{ CODE_IMPORT_UNKNOWN, "import-unknown", "imports that could not be followed",
	  "The code imports a module whose name comes from elsewhere. Names that stand in kept code or "
	  "configuration were followed; "
	  "a name that comes only from outside (an event, the environment, a database) needs --keep "
	  "module:NAME." },
	{ CODE_NO_ROOTS, "no-roots", "nothing to start from",
	  "The package holds installed distributions but no code of yours, as layers do, so nothing says "
	  "what "
	  "of them is needed, "
	  "and all of it stays but what rules drop. Name the modules that functions import with --keep "
	  "module:NAME, or give --handler." },
	{ CODE_BINARY_OPAQUE, "binary-opaque", "extension modules that cannot be read",
	  "The names that the extension module imports are compressed or built at run time, so all modules "
	  "beside it stay." },
	{ CODE_CALL_COMPUTED, "call-computed", "calls whose name is computed",
	  "The data that the call asks for is chosen by a name that is not in the code, so all such data "
	  "stays. Write the name as a literal, or --drop what the function never asks for." },
	{ CODE_SOURCE_BROKEN, "source-broken", "Python source that cannot be read",
	  "The file is not valid Python, or is in an encoding that slim does not read, so what it imports is "
	  "not known. It stays, "
	  "and so does all of its package. Mend it, or --drop it if nothing imports it." },
	{ CODE_TEMPLATE_UNCLEAR, "template-unclear", "templates that do not tell the handlers",
	  "A SAM or CloudFormation template beside the package could not be read, or a value that matters is "
	  "known "
	  "only when it is deployed (!Ref, !If). So every module of your own counts as called. Name the "
	  "handlers "
	  "with --handler, or with handler: in slim.yaml." },
	{ CODE_LOAD_ORDER, "load-order", "libraries that another must load first",
	  "In a fresh process the loader does not find the library; it works only when another module has "
	  "loaded it "
	  "before. Both stay, and so does the order of your imports." },
	{ CODE_OPEN_COMPUTED, "open-computed", "libraries opened by computed names",
	  "The code computes the name of the shared object that it opens, so all that the name may mean "
	  "stays. If you know "
	  "which ones are used, --drop the others." },
	{ CODE_TARGET_UNKNOWN, "target-unknown", "runtime or architecture not known",
	  "The package holds files for several machines or Pythons, and nothing says which one the function "
	  "runs on, so all stay. Give "
	  "--runtime and --arch." },
};

const size_t code_count = sizeof(code_table) / sizeof(code_table[0]);

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
