#!/usr/bin/env bats
# The shape of the command line: commands and paths, options and their values, slim.yaml, exit codes.
# shellcheck disable=SC2154 # $stderr is set by run
bats_require_minimum_version 1.5.0

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir .git app
	echo 'def handler(event, context): return event' >app/app.py
}

@test "slim PKG means slim pack PKG, wherever the options stand" {
	"$SLIM" app -o a.zip
	"$SLIM" pack app -o b.zip
	"$SLIM" -o c.zip app
	"$SLIM" -oc2.zip pack app
	POSIXLY_CORRECT=1 "$SLIM" app -o d.zip
	"$SLIM" --output=e.zip -- app
	for zip in b c c2 d e; do
		cmp a.zip "$zip.zip"
	done
}

@test "without -o, or with -n, nothing is written" {
	run -0 "$SLIM" app
	[ -n "$output" ]
	run -0 "$SLIM" app -n -o a.zip
	[ ! -e a.zip ]
}

@test "a first word that is neither command nor path" {
	refused "there is no file 'pcak', and no such command; did you mean 'pack'?" pcak
	refused "there is no file 'gone.zip'" gone.zip
	refused "there is no file '', and no such command" ""
	refused "there is no file 'pack'" -- pack
	# No prefix is a command.
	refused "no such command; " expl SLIM204
}

@test "reserved words are no paths, until they are written as such" {
	for word in check diff layers measure verify trace advise report sam cdk init graph tree list strip \
		dedupe update; do
		mkdir -p "$word"
		refused "'$word' is not yet part of this version; a path of that name is written ./$word" "$word"
		refused "not yet part of this version" "$word" --help
	done
	cp app/app.py check/
	"$SLIM" ./check -o a.zip
	"$SLIM" -o b.zip -- check
	[ -e a.zip ]
	cmp a.zip b.zip
}

@test "too few operands, and too many" {
	refused "needs an operand: slim pack PKG" pack
	refused "no package is named" -n
	refused "'app' is one operand too many: slim pack PKG" app app
	refused "'c' is one operand too many: slim help [COMMAND]" help pack c
}

@test "unknown options get the nearest name" {
	refused "unknown option '--zpi'; did you mean '--zip'?" app --zpi small
	refused "unknown option '--outp'; did you mean '--output'?" app --outp a.zip
	refused "unknown option '-zip'; did you mean '--zip'?" app -zip
	refused "unknown option '-x'" app -nx
	refused "--zip means nothing to 'explain'" explain --zip small
}

@test "values are checked before anything is done" {
	refused "--zip: 'best' will not do; choose fast, small or canonical" app --zip best
	refused "--runtime: 'python3.31' will not do; choose python3.8, python3.9," app --runtime python3.31
	refused "did you mean python3.13?" app --runtime 3.13
	refused "--arch: 'arm' will not do; choose x86_64 or arm64" app --arch arm
	refused "--strip needs a value: one of auto|debug|off" app --strip
	refused "-o needs a value: FILE (if '--json' is the value, write --output=--json)" app -o --json
	refused "-j: 'many' will not do; write a number from 1 to 256" app -jmany
	refused "--max-unpacked: '2 GiBi' will not do; write a size" app --max-unpacked '2 GiBi'
	refused "--report: 'html' will not do; choose text, json or md" app --report html=x
	refused "--json and --output - both want standard output" app --json -o -
}

@test "names from outside cannot write to the terminal" {
	run --separate-stderr -2 "$SLIM" $'\e[31mred.zip'
	[[ $stderr != *$'\e'* ]]
	[[ $stderr == *'\x1b[31mred.zip'* ]]
}

@test "slim.yaml is found upward, and its mistakes have a place" {
	mkdir -p deep/er
	cp -r app deep/er/
	echo 'strip: no' >slim.yaml
	refused "slim.yaml:1:8: strip: 'no' will not do; choose auto, debug or off" app
	cd deep/er
	refused "../../slim.yaml:1:8: strip: 'no' will not do" app
	"$SLIM" app --no-config
	mkdir .git
	"$SLIM" app
}

@test "slim.yaml: unknown keys and unquoted patterns" {
	printf 'strip: off\nkep:\n  - x\n' >slim.yaml
	refused "slim.yaml:2:1: unknown key 'kep'; did you mean 'keep'?" app
	printf 'drop:\n  - **/tests/\n' >slim.yaml
	refused "slim.yaml:2:5: drop: value 1: quote patterns that start with '*'" app
	printf 'drop:\n  - !keep/this\n' >slim.yaml
	refused "drop: value 1: quote patterns that start with '!'" app
}

@test "--config reads another file, --no-config none; not both" {
	echo 'no: such' >slim.yaml
	echo 'strip: off' >other.yaml
	refused "slim.yaml:1:1: unknown key 'no'" app
	"$SLIM" app --config other.yaml
	SLIM_CONFIG=other.yaml "$SLIM" app
	"$SLIM" app --no-config
	SLIM_CONFIG=slim.yaml "$SLIM" app --no-config
	refused "gone.yaml" app --config gone.yaml
	refused "--config and --no-config contradict each other" app --config other.yaml --no-config
	refused "slim.yaml:1:1: unknown key 'no'" app --config slim.yaml
}

@test "the environment is checked too, and an empty variable is none" {
	SLIM_ZIP=best refused "SLIM_ZIP: 'best' will not do; choose fast, small or canonical" app
	SLIM_ZIP='' "$SLIM" app
	SLIM_STRICT=maybe refused "SLIM_STRICT: 'maybe' will not do" app
}

@test "keep and drop of slim.yaml, environment and command line add up" {
	echo x | tee app/{a,b,c}.txt
	printf 'drop: a.txt\n' >slim.yaml
	SLIM_DROP=b.txt "$SLIM" app --drop c.txt -o out/
	[ -e out/app.py ]
	[ ! -e out/a.txt ] && [ ! -e out/b.txt ] && [ ! -e out/c.txt ]
	SLIM_DROP=b.txt "$SLIM" app --drop c.txt --keep a.txt -f -o out/
	[ -e out/a.txt ] && [ ! -e out/b.txt ]
}

on_terminal() { # what COMMAND… writes when standard output is a terminal
	TERM=xterm script -qefc "$(printf '%q ' "$@")" /dev/null </dev/null
}

@test "colour only on a terminal, or when asked for" {
	unset NO_COLOR SLIM_NO_COLOR CLICOLOR CLICOLOR_FORCE FORCE_COLOR
	[[ $("$SLIM" app) != *$'\e'* ]]
	[[ $("$SLIM" app --color=always) == *$'\e['* ]]
	[[ $(CLICOLOR_FORCE=1 "$SLIM" app) == *$'\e['* ]]
	[[ $(CLICOLOR_FORCE=1 NO_COLOR=1 "$SLIM" app) != *$'\e'* ]]
	command -v script >/dev/null || skip "script is not installed"
	[[ $(on_terminal "$SLIM" app) == *$'\e['* ]]
	[[ $(NO_COLOR=1 on_terminal "$SLIM" app) != *$'\e'* ]]
	[[ $(on_terminal "$SLIM" app --color=never) != *$'\e'* ]]
}
