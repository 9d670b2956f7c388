#!/bin/sh
# The option table, its help, the man pages and the completions say the same; help fits and goes to the right stream.
cd "$(dirname "$0")/../.." || exit 1
. tests/tap.sh

: "${SLIM:=build/slim}"
table=src/cmd/options_table.c

# Rows of the table as "name sources": sources is IN_BOTH, IN_ENVIRONMENT, IN_FILE or -.
rows() {
	awk -F'[" ,]+' '
		/^\t\t\.name = / { name = $3; sources = "-" }
		/^\t\t\.sources = / { sources = $3 }
		/^\t},/ && name { print name, sources; name = "" }' "$table"
}

options() {
	rows | cut -d' ' -f1
}

commands() {
	"$SLIM" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]\{1,\}\).*/\1/p'
}

# A page as text in long lines, without the man's overstriking.
page() {
	mandoc -T ascii -O width=900 "$1" 2>/dev/null | sed 's/.\x08//g'
}

# The lines of a page that begin the description of an option.
entries() {
	page "$1" | sed -n '/^OPTIONS/,/^[A-NP-Z]/p' | grep '^ *-'
}

one_line() {
	tr '\n' ' ' | tr -s ' '
}

# Each word of standard input stands in the file, as a word.
each_in() {
	status=0
	while read -r word; do
		grep -qE -- "(^|[^a-z-])$word([^a-z-]|\$)" "$1" || { echo "$1 lacks $word" && status=1; }
	done
	return $status
}

options_in() { # options_in FILE
	options | sed 's/^/--/' | each_in "$1"
}

# What the table says of each option stands in the page word for word.
same_text() {
	page "$1" | one_line >"$scratch/page"
	for name in pack why; do
		"$SLIM" help "$name" | sed '1,/^Options:/d' | awk '
			/^ +-/ { if (text) print text; sub(/^ +/, ""); text = $0; next }
			{ sub(/^ +/, ""); text = text " " $0 }
			END { print text }'
	done | sort -u >"$scratch/texts"
	status=0
	while read -r text; do
		grep -qF -- "$(echo "$text" | tr -s ' ')" "$scratch/page" || { echo "$1 lacks: $text" && status=1; }
	done <"$scratch/texts"
	[ "$(wc -l <"$scratch/texts")" -eq "$(options | wc -l)" ] && return $status
}

variables() {
	rows | awk '/IN_BOTH|IN_ENVIRONMENT/ { gsub("-", "_", $1); print "SLIM_" toupper($1) }'
}

keys() {
	rows | awk '/IN_BOTH|IN_FILE/ { print $1 }'
}

keys_in() { # the keys that a page describes are those of the table
	sed -n 's/^\.It Cm //p' "$1" | LC_ALL=C sort >"$scratch/described"
	keys | LC_ALL=C sort | diff - "$scratch/described"
}

ranges_in() {
	"$SLIM" explain | sed 's/^\(SLIM.\).*/\1xx/' | sort -u | each_in "$1"
}

streams() { # help on standard output alone, errors on standard error alone
	[ -n "$("$SLIM" --help 2>/dev/null)" ] && [ -z "$("$SLIM" --help 2>&1 >/dev/null)" ] &&
		[ -z "$("$SLIM" --planted 2>/dev/null)" ] && [ -n "$("$SLIM" --planted 2>&1 >/dev/null)" ]
}

narrow() { # no line of the files is over 80 columns
	! grep -nE '.{81}' "$@"
}

scratch
"$SLIM" --help >"$scratch/help"
for command in $(commands); do
	"$SLIM" help "$command" >"$scratch/help.$command"
done
entries docs/slim.1 >"$scratch/slim.1"
{ cat "$scratch/help" && printf '%081d\n' 0; } >"$scratch/wide"
sed 's/^\.It Fl -strict$/.It Fl -planted/; s/^Nothing is written but reports/&, planted/' docs/slim.1 >"$scratch/planted.1"
sed '/^\.It Cm strip$/d' docs/slim.yaml.5 >"$scratch/planted.5"
printf '.Dd November 21, 2026\n.Dt PLANTED 1\n.Os\n.Sh PLANTED\n.Xy\n' >"$scratch/unsound.1"
entries "$scratch/planted.1" >"$scratch/planted"

plan 19
if command -v mandoc >/dev/null; then
	check "mandoc finds nothing in the man pages" mandoc -T lint -W warning docs/slim.1 docs/slim.yaml.5
	check_fails "it finds what is planted" mandoc -T lint -W warning "$scratch/unsound.1"
	check "slim(1) describes every option" options_in "$scratch/slim.1"
	check "slim(1) says of options what the table says" same_text docs/slim.1
	check_fails "an option that is missing is found" options_in "$scratch/planted"
	check_fails "a text that differs is found" same_text "$scratch/planted.1"
else
	for name in 1 2 3 4 5 6; do
		skip "man page, check $name" "mandoc is not installed"
	done
fi
words="$scratch/words"
commands >"$words"
check "slim(1) has every command" each_in docs/slim.1 <"$words"
variables >"$words"
check "slim(1) has every variable" each_in docs/slim.1 <"$words"
check "slim(1) has every range of codes" ranges_in docs/slim.1
check "slim.yaml(5) has every key, and no other" keys_in docs/slim.yaml.5
check_fails "a key that is missing is found" keys_in "$scratch/planted.5"
check "--help has every option" options_in "$scratch/help"
for shell in bash zsh; do
	check "completions/slim.$shell has every option" options_in "completions/slim.$shell"
done
options | sed 's/^/-l /' >"$words"
check "completions/slim.fish has every option" each_in completions/slim.fish <"$words"
check_fails "an option that help lacks is found" options_in "$scratch/help.explain"
check "no line of help is over 80 columns" narrow "$scratch/help" "$scratch"/help.*
check_fails "one that is is found" narrow "$scratch/wide"
check "help goes to standard output, errors to standard error" streams
