#compdef slim
# zsh completion for slim; made by: slim completions zsh

_slim_report() {
	if compset -P '*='; then
		_files
	else
		compadd -S = -q -- text json md
	fi
}

_slim() {
	local curcontext=$curcontext state state_descr line
	typeset -A opt_args
	local -a commands=(
		'pack:make a package small, or report what could go'
		'why:tell why files stay or go, and what they bring along'
		'rules:list the rules, or what each changes in a package'
		'explain:tell what a code of a report means'
		'completions:print a completion script for a shell'
		'help:show help, for one command or for all'
		'version:show the version'
	)
	local -a codes=(
		'SLIM001:your own files'
		'SLIM002:installed distributions'
		'SLIM003:needed by a kept file'
		'SLIM004:kept by a rule'
		'SLIM005:kept by --keep'
		'SLIM006:empty directories'
		'SLIM007:handlers'
		'SLIM008:start-up files'
		'SLIM110:names that differ only in case'
		'SLIM111:names that are not UTF-8'
		'SLIM112:names that were normalised'
		'SLIM113:set-uid, set-gid or sticky bits'
		'SLIM114:data that the zip'\''s directory does not list'
		'SLIM115:data in front of the zip'
		'SLIM116:unusual compression'
		'SLIM117:libraries that Lambda cannot load'
		'SLIM118:symbolic links to nothing'
		'SLIM119:the package is over Lambda'\''s limit'
		'SLIM120:patterns that match nothing'
		'SLIM121:modules that hide others'
		'SLIM122:imports that nothing provides'
		'SLIM123:shared objects that nothing provides'
		'SLIM124:symbol versions that no library defines'
		'SLIM125:symbol versions that only newer images have'
		'SLIM126:extension modules without a build that fits'
		'SLIM127:wheels for other or newer systems'
		'SLIM128:bundled libraries that the system'\''s hide'
		'SLIM129:libraries that may be loaded twice'
		'SLIM130:more than one OpenMP runtime'
		'SLIM131:files of your own that can never load'
		'SLIM132:files in the place of shared objects'
		'SLIM133:libraries for newer processors'
		'SLIM201:modules never imported'
		'SLIM203:debug symbols'
		'SLIM204:test suites of distributions'
		'SLIM206:bytecode caches'
		'SLIM207:type stubs'
		'SLIM208:C, C++, Cython and Fortran sources'
		'SLIM209:static libraries and build files'
		'SLIM210:documentation and examples'
		'SLIM211:packaging debris'
		'SLIM212:version control and editor debris'
		'SLIM213:files for other operating systems'
		'SLIM214:dropped by --drop'
		'SLIM215:RECORD rows of what is gone'
		'SLIM216:licence texts'
		'SLIM217:pip, setuptools and wheel'
		'SLIM218:data that no call asks for'
		'SLIM219:files for other machines'
		'SLIM220:files for other C libraries'
		'SLIM221:extension modules for other Pythons'
		'SLIM222:copies turned into links'
		'SLIM223:shared objects that nothing loads'
		'SLIM303:libraries left unstripped'
		'SLIM304:kept although a rule would drop them'
		'SLIM305:distributions recognised without RECORD'
		'SLIM306:kept for computed imports'
		'SLIM307:imports that could not be followed'
		'SLIM308:nothing to start from'
		'SLIM309:extension modules that cannot be read'
		'SLIM310:calls whose name is computed'
		'SLIM311:Python source that cannot be read'
		'SLIM312:templates that do not tell the handlers'
		'SLIM313:libraries that another must load first'
		'SLIM314:libraries opened by computed names'
		'SLIM315:runtime or architecture not known'
		'SLIM316:shared objects that would not load'
		'SLIM317:shared objects that were not all checked'
	)

	_arguments -C -s -S : \
		'(-o --output)'{-o+,--output=}'[write the package; without it, only report]:FILE:_files' \
		'(-n --dry-run)'{-n,--dry-run}'[report only, even with --output]' \
		'(-f --force)'{-f,--force}'[replace the input itself or a full directory]' \
		'--zip=[how to compress (default: fast)]:zip:(fast small canonical)' \
		'*--handler=[the function that Lambda calls, as app.handler (repeatable)]:M.F: ' \
		'--runtime=[the Lambda runtime, as python3.13]:runtime:(python3.8 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 python3.15)' \
		'--arch=[the architecture of the function]:arch:(x86_64 arm64)' \
		'--ld-library-path=[the function'\''s own LD_LIBRARY_PATH]:DIRS:_files' \
		'*--keep=[keep what matches, whatever else speaks against it (repeatable)]:GLOB:_files' \
		'*--drop=[drop what matches, unless --keep matches too (repeatable)]:GLOB:_files' \
		'--no-prune[keep modules that nothing imports]' \
		'--prune-app[drop modules of your own that no handler imports, too]' \
		'--strip=[what to strip from ELF files (default: auto)]:strip:(auto debug off)' \
		'--link=[copies of a library become links (default: auto)]:link:(auto off)' \
		'--drop-licenses[drop licence texts too]' \
		'*--rules=[read more rules from DIR/*.yaml (repeatable)]:DIR:_files -/' \
		'--json[report as JSON on standard output]' \
		'*--report=[write a report to FILE as well (repeatable)]:FORMAT=FILE:_slim_report' \
		'(-q --quiet)'{-q,--quiet}'[errors only]' \
		'*'{-v,--verbose}'[say more; twice: every file with its reason]' \
		'--color=[when to colour (default: auto)]:color:(auto always never)' \
		'--all[show every direct reason, each with its chain (why)]' \
		'--frees[show what would go with it, and what it shares (why)]' \
		'--strict[exit 1 when the package has problems (SLIM1xx)]' \
		'--exit-zero[exit 0 where a failed check would give 1]' \
		'--max-unpacked=[refuse input that unpacks to more (default: 2 GiB)]:SIZE: ' \
		'(-j --jobs)'{-j+,--jobs=}'[use N threads (default: one a processor)]:N: ' \
		'--config=[read FILE instead of searching for slim.yaml]:FILE:_files' \
		'--no-config[read no slim.yaml]' \
		'(-h --help)'{-h,--help}'[show help; behind a command, help for it]' \
		'(-V --version)'{-V,--version}'[show the version]' \
		'1: :->first' \
		'*: :->rest' && return
	case $state in
	first)
		_describe -t commands command commands
		_files ;;
	rest)
		case $line[1] in
		explain) _describe -t codes code codes ;;
		completions) compadd -- bash zsh fish ;;
		help) _describe -t commands command commands ;;
		version) ;;
		*) _files ;;
		esac ;;
	esac
}

# Whether zsh loads it by name or it is sourced.
if [[ $funcstack[1] == _slim ]]; then
	_slim "$@"
else
	compdef _slim slim
fi
