#!/bin/sh
# Hostile and odd inputs, as TAP: run.sh [NAME…]
#
# A case that must be refused ends with exit code 2, one line on standard error that names the input
# and says what is wrong, nothing on standard output, and nothing written. A case that must be
# accepted gives a zip that other tools read, with the contents they read from the input, and that a
# second pass leaves as it is.
#
# SLIM: the program (build/san/slim). PYTHON: the interpreter (python3).

set -u
here=$(cd "$(dirname "$0")" && pwd)
SLIM=${SLIM:-build/san/slim}
PYTHON=${PYTHON:-python3}
LC_ALL=C.UTF-8
export LC_ALL
unset SLIM_CONFIG

case $SLIM in
/*) ;;
*) SLIM=$PWD/$SLIM ;;
esac
[ -x "$SLIM" ] || { echo "Bail out! no program at $SLIM"; exit 1; }

work=$(mktemp -d "${TMPDIR:-/tmp}/slim-bad.XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
tab=$(printf '\t')
bad=0
count=0

# Runs slim on case $1 with output $2 and the words of $3; fills $work/stdout and $work/stderr.
run_slim() {
	# shellcheck disable=SC2086 # arguments of a case are words
	case $1 in
	stdin_*) timeout 20 "$SLIM" --no-config $3 - -o "$2" < "$1" ;;
	*) timeout 20 "$SLIM" --no-config $3 "$1" -o "$2" ;;
	esac > "$work/stdout" 2> "$work/stderr"
}

# The one line: its beginning, the input's name, the pattern. $1 case, $2 pattern.
check_message() {
	[ "$(wc -l < "$work/stderr")" -eq 1 ] || { echo "standard error is not one line"; return; }
	case $1 in
	stdin_*) grep -Eq '^slim: error: (-|standard input|stdin): ' "$work/stderr" ;;
	*) grep '^slim: error: ' "$work/stderr" | grep -Fq "$1" ;;
	esac || echo "the message is not 'slim: error: ...' with the name of the input"
	grep -Eq -- "$2" "$work/stderr" || echo "the message does not match $2"
	LC_ALL=C grep -q "$(printf '[\001-\010\013-\037\177]')" "$work/stderr" && echo "raw control characters in the message"
	[ ! -s "$work/stdout" ] || echo "something on standard output"
}

# $1 case, $2 pattern, $3 arguments. Prints what is wrong.
refuse() {
	rm -rf "$work/out" && mkdir "$work/out"
	run_slim "$1" "$work/out/out.zip" "$3"
	code=$?
	[ $code -eq 2 ] || echo "exit code $code, not 2"
	check_message "$1" "$2"
	[ -z "$(ls -A "$work/out")" ] || echo "written: $(ls -A "$work/out")"
	printf 'what was there before' > "$work/out/out.zip"
	run_slim "$1" "$work/out/out.zip" "$3 --force"
	code=$?
	[ $code -eq 2 ] || echo "exit code $code, not 2, where OUT exists"
	[ "$(ls -A "$work/out")" = out.zip ] || echo "beside OUT: $(ls -A "$work/out")"
	[ "$(cat "$work/out/out.zip")" = 'what was there before' ] || echo "OUT was touched"
}

accept() {
	rm -rf "$work/out" && mkdir "$work/out"
	run_slim "$1" "$work/out/out.zip" "$3 --json"
	code=$?
	[ $code -eq 0 ] || { echo "exit code $code, not 0"; return; }
	[ "$(ls -A "$work/out")" = out.zip ] || echo "OUT and nothing else expected: $(ls -A "$work/out")"
	"$PYTHON" "$here/verify.py" "$1" "$work/out/out.zip" "$work/stdout" "$2" 2>&1
	unzip -tqq "$work/out/out.zip" > "$work/unzip" 2>&1 || { echo "unzip -t:"; cat "$work/unzip"; }
	bsdtar -tf "$work/out/out.zip" > "$work/bsdtar" 2>&1 || { echo "bsdtar -t:"; cat "$work/bsdtar"; }
	again=$(timeout 20 "$SLIM" --no-config -q "$work/out/out.zip" -o "$work/again.zip" 2>&1) || echo "second pass: $again"
	cmp "$work/out/out.zip" "$work/again.zip" || echo "a second pass changes the output"
}

"$PYTHON" "$here/make.py" "$work/cases" "$@" || { echo "Bail out! make.py failed"; exit 1; }
cd "$work/cases" || exit 1
echo "1..$(wc -l < manifest.tsv | tr -d ' ')"
while IFS=$tab read -r name fate pattern args <&3; do
	count=$((count + 1))
	[ "$fate" != skip ] || { echo "ok $count - $name # SKIP $pattern"; continue; }
	[ "$args" != - ] || args=
	wrong=$("$fate" "$name" "$pattern" "$args")
	if [ -z "$wrong" ]; then
		echo "ok $count - $name"
	else
		bad=$((bad + 1))
		echo "not ok $count - $name"
		printf '%s\n' "$wrong" | sed 's/^/# /'
		sed 's/^/# stderr: /' "$work/stderr" | head -n 20
	fi
done 3< manifest.tsv
[ $bad -eq 0 ]
