# For every interactive bash, before ~/.bashrc.
. /etc/profile.d/computer.sh
case $- in *i*) ;; *) return ;; esac

# The name of this computer is its owner's handle. No title: a tab is called after the folder, or what runs in it.
PS1='\[\e[32m\]\h\[\e[0m\]:\[\e[1m\]\w\[\e[0m\]\$ '

shopt -s checkwinsize histappend
HISTCONTROL=ignoreboth
HISTSIZE=10000
HISTFILESIZE=20000
# At every prompt: a computer may fall asleep before its shell ends.
PROMPT_COMMAND='history -a'

alias ls='ls --color=auto'
alias grep='grep --color=auto'
alias ll='ls -l'
alias la='ls -A'
