#!/usr/bin/env bats
# Completion scripts, in the shells that they are for.
# shellcheck disable=SC2016,SC2030,SC2031 # other shells expand; run sets $output
bats_require_minimum_version 1.5.0

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir 'rule dir'
	touch 'my package.zip'
	for shell in bash zsh fish; do
		"$SLIM" completions "$shell" >"slim.$shell"
	done
}

needs() {
	command -v "$1" >/dev/null || skip "$1 is not installed"
}

offers() { # offers WORD… SEP…: the output's lines hold each word
	local word
	for word in "$@"; do
		grep -qxF -- "$word" <<<"$output" || { echo "no '$word' among: $output" && false; }
	done
}

lacks() {
	local word
	for word in "$@"; do
		! grep -qxF -- "$word" <<<"$output" || { echo "'$word' among: $output" && false; }
	done
}

@test "the scripts that are kept are those that the command makes" {
	for shell in bash zsh fish; do
		cmp "slim.$shell" "$root/completions/slim.$shell"
	done
}

@test "no shell, or one that is unknown" {
	run -2 "$SLIM" completions
	[[ $output == *"slim completions bash|zsh|fish"* ]]
	run -2 "$SLIM" completions tcsh
	[[ $output == *"choose bash, zsh or fish"* ]]
}

# --- bash

in_bash() { # in_bash WORD…: what bash offers for the last word
	run -0 bash --norc -c '
		source ./slim.bash
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_slim
		((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' bash "$@"
}

@test "bash: commands, and files beside them" {
	in_bash slim ''
	offers pack explain completions help version 'my package.zip'
	in_bash slim exp
	[ "$output" = explain ]
	in_bash slim help ''
	offers pack version
	lacks 'my package.zip'
	in_bash slim pack my
	[ "$output" = 'my package.zip' ]
	in_bash slim -- my
	[ "$output" = 'my package.zip' ]
}

@test "bash: options of the command" {
	in_bash slim --
	offers --output --zip --keep --color --help
	in_bash slim pack x.zip --str
	[ "$output" = $'--strip\n--strict' ]
	in_bash slim explain -
	offers --help -h
	lacks --zip
	in_bash slim --zip small explain --
	lacks --zip
}

@test "bash: choices, in all ways to write them" {
	in_bash slim --zip ''
	[ "$output" = $'fast\nsmall\ncanonical' ]
	in_bash slim --zip = s # as readline splits them
	[ "$output" = small ]
	in_bash slim --zip =
	[ "$output" = $'fast\nsmall\ncanonical' ]
	in_bash slim --zip=s # as it does without '=' in COMP_WORDBREAKS
	[ "$output" = --zip=small ]
	in_bash slim --colour n
	[ "$output" = never ]
	in_bash slim --zip x
	[ -z "$output" ]
}

@test "bash: files, directories, reports, codes" {
	in_bash slim x -o my
	[ "$output" = 'my package.zip' ]
	in_bash slim --rules ''
	[ "$output" = 'rule dir' ]
	in_bash slim --jobs ''
	[ -z "$output" ]
	in_bash slim --report j
	[ "$output" = json= ]
	in_bash slim --report md = my
	[ "$output" = 'my package.zip' ]
	in_bash slim --report = md = my
	[ "$output" = 'my package.zip' ]
	in_bash slim --report=md=my
	[ "$output" = '--report=md=my package.zip' ]
	in_bash slim explain SLIM204 SLIM20
	offers SLIM204 SLIM206
	lacks SLIM001
	in_bash slim --report md = x.md explain SLIM204
	[ "$output" = SLIM204 ]
	in_bash slim completions ''
	[ "$output" = $'bash\nzsh\nfish' ]
}

# --- fish

in_fish() { # in_fish LINE: the candidates, without their descriptions
	run -0 env HOME="$BATS_TEST_TMPDIR" fish --no-config -c '
		source slim.fish
		complete -C $argv[1] | string split -f1 \t; true' "$1"
}

@test "fish: commands, options, choices, codes, files" {
	needs fish
	fish --no-execute slim.fish
	in_fish 'slim '
	offers pack explain completions help version
	in_fish 'slim exp'
	offers explain
	in_fish 'slim --zip '
	[ "$output" = $'canonical\nfast\nsmall' ]
	in_fish 'slim --zip=s'
	[ "$output" = --zip=small ]
	in_fish 'slim app.zip --str'
	offers --strip --strict
	in_fish 'slim explain SLIM20'
	offers SLIM204
	lacks 'my package.zip'
	in_fish 'slim explain --'
	offers --help
	lacks --zip
	in_fish 'slim completions '
	[ "$output" = $'bash\nfish\nzsh' ]
	in_fish 'slim --rules '
	offers 'rule dir/'
	lacks 'my package.zip'
	in_fish 'slim -o my'
	offers 'my package.zip'
	in_fish 'slim help pa'
	[ "$output" = pack ]
}

# --- zsh

in_zsh() { # in_zsh LINE: what zsh shows and makes of the line, see complete.zsh
	run -0 timeout 60 zsh -f "$BATS_TEST_DIRNAME/complete.zsh" "$BATS_TEST_TMPDIR/functions" "$1"
}

becomes() {
	[[ $output == *"<<$1>>"* ]] || { echo "no '$1' in: $output" && false; }
}

@test "zsh: commands, options, choices, codes, files" {
	needs zsh
	mkdir functions
	cp slim.zsh functions/_slim
	zsh -n slim.zsh
	in_zsh 'slim exp'
	becomes 'slim explain '
	in_zsh 'slim --zip=s'
	becomes 'slim --zip=small '
	in_zsh 'slim app.zip --zip c'
	becomes 'slim app.zip --zip canonical '
	in_zsh 'slim app.zip --col'
	becomes 'slim app.zip --color='
	in_zsh 'slim -o my'
	becomes 'slim -o my\ package.zip '
	in_zsh 'slim --rules ru'
	becomes 'slim --rules rule\ dir/'
	in_zsh 'slim --report md=my'
	becomes 'slim --report md=my\ package.zip '
	in_zsh 'slim explain SLIM204 SLIM21'
	[[ $output == *SLIM213*"other operating systems"* ]]
	in_zsh 'slim completions f'
	becomes 'slim completions fish '
	in_zsh 'slim --'
	[[ $output == *--max-unpacked*"2 GiB"* ]]
}

@test "zsh: the script can be sourced as well" {
	needs zsh
	run -0 zsh -f -c 'autoload -Uz compinit && compinit -D -u && source ./slim.zsh && print $_comps[slim]'
	[ "$output" = _slim ]
}
