#!/bin/sh
# Lays the table of nft that keeps what runs in instances from this machine, private networks and mail servers, where the api has no
# right to: set INSTANCE_FIREWALL=host there. Run as root after the api has made the network, and again whenever that is made anew or
# one of these changes; `remove` takes it away, `print` only shows it.
#   DOCKER_NETWORK       the instances' network (matrixos-net)
#   AI_PROXY             ADDRESS:PORT of the AI proxy as instances reach it (10.201.0.1:4100)
#   INSTANCES_MAY_REACH  ADDRESS:PORT of what else they may reach, separated by commas: a homeserver
#   INSTANCE_BRIDGE      interfaces of the network and of those that continue it, separated by spaces (asked of Docker)
#   NAME_SERVERS         addresses, separated by spaces (those of this machine)
set -eu

network=${DOCKER_NETWORK:-matrixos-net}
table=instances_$(printf %s "$network" | tr -c 'a-zA-Z0-9' _)

# Beyond 1,013 instances the network goes on in others: its name with -2, -3 and so on.
bridges() {
  [ -z "${INSTANCE_BRIDGE:-}" ] || { printf '%s\n' $INSTANCE_BRIDGE && return; }
  others=$(docker network ls --format '{{.Name}}' |
    awk -v name="$network-" 'index($0, name) == 1 && substr($0, length(name) + 1) ~ /^[0-9]+$/')
  docker network inspect --format \
    '{{with index .Options "com.docker.network.bridge.name"}}{{.}}{{else}}br-{{slice .Id 0 12}}{{end}}' "$network" $others
}

# One by itself, several as a set.
any_bridge() {
  bridges | LC_ALL=C sort | awk '
    { names = names (NR > 1 ? ", " : "") "\"" $0 "\"" }
    END { print (NR > 1 ? "{ " names " }" : names) }'
}

servers() {
  [ -z "${NAME_SERVERS+set}" ] || { printf '%s\n' $NAME_SERVERS && return; }
  cat /etc/resolv.conf /run/systemd/resolve/resolv.conf 2>/dev/null |
    awk '$1 == "nameserver" && $2 !~ /^(127\.|::1$)/ { print $2 }' | LC_ALL=C sort -u
}

to() { case $1 in *:*) echo "ip6 daddr $1" ;; *) echo "ip daddr $1" ;; esac }

openings() {
  echo "${AI_PROXY:-10.201.0.1:4100},${INSTANCES_MAY_REACH:-}" | tr ',' '\n' | tr -d ' ' | while read -r opening; do
    [ -n "$opening" ] || continue
    host=$(echo "${opening%:*}" | tr -d '[]')
    echo "    $(to "$host") tcp dport ${opening##*:} accept"
  done
  servers | while read -r address; do
    [ -z "$address" ] || echo "    $(to "$address") meta l4proto { tcp, udp } th dport 53 accept"
  done
}

print() {
  names=$(any_bridge)
  [ -n "$names" ] || { echo "There is no network $network." >&2 && exit 1; }
  cat <<RULES
table inet $table {}
delete table inet $table
table inet $table {
  set flows_ip { type ipv4_addr; size 65535; flags dynamic; }
  set flows_ip6 { type ipv6_addr; size 65535; flags dynamic; }
  chain flows {
    ct state new add @flows_ip { ip saddr ct count over 2048 } drop
    ct state new add @flows_ip6 { ip6 saddr ct count over 2048 } drop
  }
  chain openings {
$(openings)
  }
  chain closed {
    ip daddr { 0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.0.0.0/24, 192.168.0.0/16, 198.18.0.0/15, 224.0.0.0/4, 240.0.0.0/4 } drop
    ip6 daddr { 2001::/32, 2002::/16 } drop
    ip6 daddr != 2000::/3 drop
  }
  chain to_host {
    type filter hook input priority -10; policy accept;
    iifname != $names accept
    ct state established,related accept
    jump flows
    jump openings
    jump closed
    tcp dport 443 accept
    drop
  }
  chain through_host {
    type filter hook forward priority -10; policy accept;
    iifname != $names accept
    ct state established,related accept
    tcp dport { 25, 465, 587 } drop
    jump flows
    jump openings
    jump closed
  }
}
RULES
}

case ${1:-apply} in
  apply)
    rules=$(print)
    printf '%s\n' "$rules" | nft -f -
    ;;
  print) print ;;
  remove) nft delete table inet "$table" 2>/dev/null || true ;;
  *)
    echo "usage: $0 [apply | print | remove]" >&2
    exit 2
    ;;
esac
