# bash completion for slim; made by: slim completions bash

# Offers the words of $1 that begin as the current one does.
_slim_words() {
	local IFS=$' \t\n' word
	for word in $1; do
		[[ $word == "$cur"* ]] || continue
		COMPREPLY+=("$prefix$word")
		[[ $word != *= ]] || compopt -o nospace 2>/dev/null
	done
}

# Offers files (-f) or directories (-d).
_slim_files() {
	local name
	compopt -o filenames 2>/dev/null
	while IFS= read -r name; do
		COMPREPLY+=("$prefix$name")
	done < <(compgen "$1" -- "$cur")
}

# Offers a report format, and behind it a file.
_slim_report() {
	if [[ $cur == *=* ]]; then
		prefix+=${cur%%=*}= cur=${cur#*=}
		_slim_files -f
	else
		_slim_words 'text= json= md='
		_slim_files -f
	fi
}

# Offers values of the option $1; fails when it takes none.
_slim_value() {
	case $1 in
	-o|--output) _slim_files -f ;;
	--zip) _slim_words 'fast small canonical' ;;
	--handler) : ;;
	--runtime) _slim_words 'python3.8 python3.9 python3.10 python3.11 python3.12 python3.13 python3.14 python3.15' ;;
	--arch) _slim_words 'x86_64 arm64' ;;
	--ld-library-path) _slim_files -f ;;
	--keep) _slim_files -f ;;
	--drop) _slim_files -f ;;
	--strip) _slim_words 'auto debug off' ;;
	--link) _slim_words 'auto off' ;;
	--rules) _slim_files -d ;;
	--report) _slim_report ;;
	--color|--colour) _slim_words 'auto always never' ;;
	--max-unpacked) : ;;
	-j|--jobs) : ;;
	--config) _slim_files -f ;;
	*) return 1 ;;
	esac
}

# Sets command to the first operand before the current word.
_slim_command() {
	local i
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		-o|--output|--zip|--handler|--runtime|--arch|--ld-library-path|--keep|--drop|--strip|--link|--rules|--report|--color|--colour|--max-unpacked|-j|--jobs|--config)
			if [[ ${COMP_WORDS[i + 1]} == = ]]; then ((i += 2)); else ((i += 1)); fi ;;
		=) ((i += 1)) ;;
		-*) ;;
		*) command=${COMP_WORDS[i]}; return ;;
		esac
	done
}

_slim() {
	local cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} prefix= command=
	COMPREPLY=()
	# Readline makes '=' a word of its own, unless it was told not to.
	if [[ $cur == --*=* ]]; then
		before=${cur%%=*} prefix=${cur%%=*}= cur=${cur#*=}
	elif [[ $cur == = || ($before == = && $COMP_CWORD -gt 2) ]]; then
		if [[ $cur == = ]]; then cur=; else before=${COMP_WORDS[COMP_CWORD - 2]}; fi
		case $before in
		text|json|md) _slim_files -f; return ;;
		esac
	fi
	! _slim_value "$before" || return 0

	_slim_command
	case $command:$cur in
	explain:-*|completions:-*|help:-*|version:-*) _slim_words '--help -h --version -V' ;;
	why:-*) _slim_words '--handler --runtime --arch --ld-library-path --keep --drop --no-prune --prune-app --strip --link --drop-licenses --rules --json --verbose -v --color --all --frees --max-unpacked --jobs -j --config --no-config --help -h --version -V' ;;
	rules:-*) _slim_words '--handler --runtime --arch --ld-library-path --keep --drop --no-prune --prune-app --strip --link --drop-licenses --rules --json --verbose -v --color --max-unpacked --jobs -j --config --no-config --help -h --version -V' ;;
	*:-*) _slim_words '--output -o --dry-run -n --force -f --zip --handler --runtime --arch --ld-library-path --keep --drop --no-prune --prune-app --strip --link --drop-licenses --rules --json --report --quiet -q --verbose -v --color --strict --exit-zero --max-unpacked --jobs -j --config --no-config --help -h --version -V' ;;
	:*) _slim_words 'pack why rules explain completions help version'; _slim_files -f ;;
	explain:*) _slim_words 'SLIM001 SLIM002 SLIM003 SLIM004 SLIM005 SLIM006 SLIM007 SLIM008 SLIM110 SLIM111 SLIM112 SLIM113 SLIM114 SLIM115 SLIM116 SLIM117 SLIM118 SLIM119 SLIM120 SLIM121 SLIM122 SLIM123 SLIM124 SLIM125 SLIM126 SLIM127 SLIM128 SLIM129 SLIM130 SLIM131 SLIM132 SLIM133 SLIM201 SLIM203 SLIM204 SLIM206 SLIM207 SLIM208 SLIM209 SLIM210 SLIM211 SLIM212 SLIM213 SLIM214 SLIM215 SLIM216 SLIM217 SLIM218 SLIM219 SLIM220 SLIM221 SLIM222 SLIM223 SLIM303 SLIM304 SLIM305 SLIM306 SLIM307 SLIM308 SLIM309 SLIM310 SLIM311 SLIM312 SLIM313 SLIM314 SLIM315 SLIM316 SLIM317' ;;
	completions:*) _slim_words 'bash zsh fish' ;;
	help:*) _slim_words 'pack why rules explain completions help version' ;;
	version:*) ;;
	*) _slim_files -f ;;
	esac
}

complete -F _slim slim
