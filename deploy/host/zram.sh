#!/bin/sh
# Swap in compressed memory, where the pages of paused instances go: what a paused instance held takes a fraction of it, and
# no disk is in the way of its next request. Run as root, at each start of the machine; `remove` takes it away again.
#   ZRAM_BYTES  how much can go there, uncompressed (half of the machine's memory)
set -eu

# Before any other swap: the kernel fills the highest priority first.
PRIORITY=100
NAME=matrixos

die() {
  echo "$1" >&2
  exit 2
}

device() { swapon --show=NAME,LABEL --noheadings 2>/dev/null | awk -v name="$NAME" '$2 == name { print $1 }'; }

apply() {
  [ -z "$(device)" ] || return 0
  bytes=${ZRAM_BYTES:-$(awk '/^MemTotal:/ { printf "%.0f", $2 * 512 }' /proc/meminfo)}
  case $bytes in '' | *[!0-9]*) die "ZRAM_BYTES ($bytes) is no number of bytes." ;; esac
  modprobe zram 2>/dev/null || true
  [ -e /sys/class/zram-control/hot_add ] || die "This kernel has no zram. Without it, paused instances use the disk's swap, or keep their memory."
  number=$(cat /sys/class/zram-control/hot_add)
  # lz4 where there is one: waking matters more than the last percent of size.
  echo lz4 >"/sys/block/zram$number/comp_algorithm" 2>/dev/null || true
  echo "$bytes" >"/sys/block/zram$number/disksize"
  mkswap -L "$NAME" "/dev/zram$number" >/dev/null
  swapon -p "$PRIORITY" "/dev/zram$number"
}

remove() {
  for each in $(device); do
    swapoff "$each"
    echo "${each#/dev/zram}" >/sys/class/zram-control/hot_remove
  done
}

case ${1:-apply} in
  apply) apply ;;
  remove) remove ;;
  *) die "usage: $0 [apply | remove]" ;;
esac
