# For every interactive bash, before ~/.bashrc.
. /etc/profile.d/computer.sh
case $- in *i*) ;; *) return ;; esac

# The name of this computer is its owner's handle. No title: a tab is called after the folder, or what runs in it.
PS1='\[\e[32m\]\h\[\e[0m\]:\[\e[1m\]\w\[\e[0m\]\$ '

shopt -s checkwinsize histappend
HISTCONTROL=ignoreboth
HISTSIZE=10000
HISTFILESIZE=20000
# "Killed" says nothing of memory, and the kernel only counts what it killed for want of it (cgroup v2, or v1).
for __kills in /sys/fs/cgroup/memory.events /sys/fs/cgroup/memory/memory.oom_control; do
  [ -r "$__kills" ] && break
done
__say_killed() {
  local word number
  while read -r word number; do
    [ "$word" = oom_kill ] || continue
    [ "${__killed-$number}" = "$number" ] || printf '\e[90m· My memory ran out, and a program was killed.\e[0m\n'
    __killed=$number
  done 2>/dev/null <"$__kills"
}
# At every prompt: a computer may fall asleep before its shell ends.
PROMPT_COMMAND='history -a; __say_killed'

alias ls='ls --color=auto'
alias grep='grep --color=auto'
alias ll='ls -l'
alias la='ls -A'
