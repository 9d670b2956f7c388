#!/usr/bin/env bats
# Help, version and explanations: to the right stream, complete, and no wider than 80 columns.
# shellcheck disable=SC2016,SC2154 # $stderr is set by run; $0 is for another shell
bats_require_minimum_version 1.5.0

# shellcheck source=tests/helper.bash
source "$BATS_TEST_DIRNAME/../helper.bash"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

commands() { # as `slim --help` lists them
	"$SLIM" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]\{1,\}\).*/\1/p'
}

fits() { # no line of standard input is wider than 80 columns, or ends in a blank
	! grep -nE '.{81}|[[:blank:]]$'
}

@test "slim alone: short help on standard error, exit 2" {
	run --separate-stderr -2 "$SLIM"
	[ -z "$output" ]
	[ "${#stderr_lines[@]}" -le 10 ]
	[[ $stderr == *"slim --help"* ]]
}

@test "--help, -h and help say the same, on standard output" {
	run --separate-stderr -0 "$SLIM" --help
	[ -z "$stderr" ]
	[ "$output" = "$("$SLIM" -h)" ]
	[ "$output" = "$("$SLIM" help)" ]
	[ "$output" = "$("$SLIM" some.zip --help)" ]
}

@test "help leads with examples, before usage and options" {
	"$SLIM" --help | grep -E '^(Examples|Usage|Commands|Output):' >order
	diff order - <<<$'Examples:\nUsage:\nCommands:\nOutput:'
}

@test "every command has help of its own, by either way" {
	[ "$(commands | wc -l)" -ge 5 ]
	for command in $(commands); do
		run --separate-stderr -0 "$SLIM" help "$command"
		[ -z "$stderr" ]
		[[ ${lines[0]} == "slim $command: "* ]]
		[ "$output" = "$("$SLIM" "$command" --help)" ]
		[ "$output" = "$("$SLIM" --help "$command")" ]
	done
}

@test "no line of help or of an explanation is over 80 columns" {
	"$SLIM" --help | fits
	"$SLIM" explain | fits
	for command in $(commands); do
		"$SLIM" help "$command" | fits
	done
	# shellcheck disable=SC2046 # codes are words
	"$SLIM" explain $("$SLIM" explain | cut -d' ' -f1) | fits
	run ! fits <<<"$(printf 'x%.0s' {1..81})"
}

@test "version" {
	run --separate-stderr -0 "$SLIM" --version
	[[ $output =~ ^slim\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	[ "$output" = "$("$SLIM" -V)" ]
	[ "$output" = "$("$SLIM" version)" ]
}

@test "help for what is no command: the nearest, or that it is reserved" {
	run --separate-stderr -2 "$SLIM" help packk
	[[ $stderr == "slim: error: no command is called 'packk'; did you mean 'pack'?" ]]
	run --separate-stderr -2 "$SLIM" help trace
	[[ $stderr == *"not yet part of this version"* ]]
}

@test "explain: by code, number and name, in any case" {
	run -0 "$SLIM" explain SLIM204
	[[ ${lines[0]} == "SLIM204 test-suite: "* ]]
	[ "${#lines[@]}" -ge 2 ]
	[ "$output" = "$("$SLIM" explain 204)" ]
	[ "$output" = "$("$SLIM" explain slim204)" ]
	[ "$output" = "$("$SLIM" explain Test-Suite)" ]
	run -0 "$SLIM" explain 1 204
	[[ $output == "SLIM001 "*"SLIM204 "* ]]
}

@test "explain without a code lists every code, each with an explanation" {
	run -0 "$SLIM" explain
	[ "${#lines[@]}" -ge 30 ]
	for line in "${lines[@]}"; do
		[[ $line =~ ^SLIM[0-9]{3}\ +[a-z-]+\ +.+ ]]
	done
}

@test "explain of an unknown code: the nearest, and no half of an answer" {
	run --separate-stderr -2 "$SLIM" explain SLIM204 test-suit
	[ -z "$output" ]
	[[ $stderr == "slim: error: no code is called 'test-suit'; did you mean test-suite?" ]]
	run --separate-stderr -2 "$SLIM" explain nothing-like-it
	[[ $stderr == *"'slim explain' lists them all"* ]]
}

@test "what cannot be written is an error" {
	[ -e /dev/full ] || skip "no /dev/full"
	for arguments in --help --version explain "explain 204" "completions bash" "help pack"; do
		# shellcheck disable=SC2086 # words
		run -2 bash -c '"$0" "$@" >/dev/full' "$SLIM" $arguments
		[[ $output == "slim: error: cannot write to standard output: "* ]]
	done
}

@test "a closed standard output is an error" {
	run -2 bash -c '"$0" --help >&-' "$SLIM"
	[[ $output == "slim: error: cannot write to standard output: "* ]]
}

@test "a reader that goes away ends it quietly" {
	run bash -c '{ sleep 0.3; env --default-signal=PIPE "$0" explain; echo "status $?" >&2; } | true' "$SLIM"
	[ "$output" = "status 141" ]
}

@test "help does not depend on slim.yaml or the environment" {
	echo 'no: such' >slim.yaml
	SLIM_ZIP=nonsense run -0 "$SLIM" --help
	SLIM_ZIP=nonsense run -0 "$SLIM" explain
}
