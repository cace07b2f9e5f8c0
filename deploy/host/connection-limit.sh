#!/bin/sh
# Limits, in the kernel, how many connections one network address (one /64 of IPv6) may have open to the edge's port:
# Caddy has no such limit. Run as root, and again whenever these variables change; `remove` removes the rules.
#   EDGE_LISTEN                   the port is the last part of it (443, which visitors of a production server reach)
#   EDGE_CONNECTIONS_PER_NETWORK  how many (512)
#   TRUSTED_PROXIES               these have no limit
set -eu

CHAIN=MATRIXOS-EDGE
port=${EDGE_LISTEN:-:443}
port=${port##*:}
case $port in
  '' | *[!0-9]*)
    echo "EDGE_LISTEN ($EDGE_LISTEN) names no port. Set it to the port that visitors connect to, such as :443." >&2
    exit 2
    ;;
esac
most=${EDGE_CONNECTIONS_PER_NETWORK:-512}
trusted=$(echo "${TRUSTED_PROXIES:-}" | tr ',' ' ')

# A command (iptables or ip6tables), and the text that addresses of the other family contain.
remove() {
  "$1" -w -S INPUT | grep -- "-j $CHAIN\$" | sed 's/^-A /-D /' | while read -r rule; do
    # shellcheck disable=SC2086
    "$1" -w $rule
  done
  "$1" -w -F "$CHAIN" 2>/dev/null || return 0
  "$1" -w -X "$CHAIN"
}

# The command, its bits of a network, and the addresses of its family that have no limit.
apply() {
  command=$1 bits=$2
  shift 2
  remove "$command"
  "$command" -w -N "$CHAIN"
  for address in "$@"; do "$command" -w -A "$CHAIN" -s "$address" -j RETURN; done
  "$command" -w -A "$CHAIN" -m connlimit --connlimit-above "$most" --connlimit-mask "$bits" --connlimit-saddr \
    -p tcp -j REJECT --reject-with tcp-reset
  "$command" -w -I INPUT 1 -p tcp --syn --dport "$port" -j "$CHAIN"
}

family() { for address in $trusted; do case $address in *:*) echo "6 $address" ;; *) echo "4 $address" ;; esac done; }
of() { family | sed -n "s/^$1 //p"; }

case ${1:-apply} in
  apply)
    # shellcheck disable=SC2046
    apply iptables 32 $(of 4)
    # shellcheck disable=SC2046
    apply ip6tables 64 $(of 6)
    ;;
  remove)
    remove iptables
    remove ip6tables
    ;;
  *)
    echo "usage: $0 [apply | remove]" >&2
    exit 2
    ;;
esac
