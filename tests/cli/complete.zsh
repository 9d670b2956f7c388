# What zsh makes of a line when Tab is pressed behind it. Usage: zsh -f complete.zsh DIR LINE; DIR holds _slim.
# Prints the list that zsh shows, if any, and the line as it then stands between '<<' and '>>'.
zmodload zsh/zpty || exit 1

zpty shell zsh -f -i
setup=(
	"stty -echo"
	"PROMPT= PS2= RPROMPT="
	"unsetopt zle_bracketed_paste beep list_beep"
	"LISTMAX=1000"
	"fpath=(${(q)1} \$fpath)"
	"autoload -Uz compinit && compinit -D -u"
	"show() { print; print -r -- \"<<\$BUFFER>>\"; print -r -- DONE; }"
	"zle -N show"
	"bindkey '^X' show"
	"bindkey '^I' complete-word"
	"print -r -- RE''ADY"
)
zpty -w shell "${(j:; :)setup}"
zpty -r -m shell output '*READY*' || exit 1
# In two steps: a Tab in the middle of pasted input does not complete.
zpty -w -n shell "$2"
sleep 0.2
zpty -w -n shell $'\t'
sleep 0.5
zpty -w -n shell $'\x18'
zpty -r -m shell output '*DONE*' || exit 1
print -r -- "$output"
zpty -d shell
