/**
 * What is done to images, as scripts for `runLocked`. An image has one loop device at most: two would be two file systems
 * that know nothing of each other on the same bytes. A device goes with the last mount of it, containers' among them.
 */

/** No program of an instance gains root by it, deleted files are the host's space again, and reading writes nothing. */
const OPTIONS = 'discard,nosuid,nodev,noatime,noinit_itable'

const DEVICE = 'losetup -n -O NAME -j "$image" | head -n 1'

/**
 * IMAGE SIZE INODES: makes it under another name, so that a half-made one is none. The journal stays, though it is not free: on
 * 1 GB images, with 600 fsyncs of 4 kB in one file and in new ones, it wrote 17 MB to the image and 6 MB without it, and an
 * fsync took 2.2 ms and 1.0 ms (medians of 11 rounds, on a busy machine). After a crash, though, an image without it is
 * checked as a whole (0.05 s for 4,000 files, as long as the journal takes; it grows with the home), and what the check
 * cannot put right by itself, or cuts off, is somebody's files.
 */
export const MAKE = `
image=$1 size=$2 inodes=$3
[ ! -e "$image" ] || exit 0
rm -f "$image.making"
( umask 077; truncate -s "$size" "$image.making" )
mkfs.ext4 -q -F -m 0 -N "$inodes" -J size=4 \\
  -E nodiscard,lazy_itable_init=1,lazy_journal_init=1,root_owner=0:0 "$image.making" 9<&- >&2
sync -f "$image.making"
mv "$image.making" "$image"
sync -f "$image"`

/** Of `e2fsck`: errors were found, and those that are left want a person. */
export const NEEDS_REPAIR = 104

/**
 * IMAGE POINT: shows its files there, and nothing where they are shown. What a crash left is put in order first, which
 * is nothing where the last one who used it let go of it properly.
 */
export const MOUNT = `
image=$1 point=$2
mkdir -p "$point"
device=$(${DEVICE})
shown=$(findmnt -n -o SOURCE --mountpoint "$point" | tail -n 1) || true
if [ -n "$shown" ]; then
  if [ "$shown" = "$device" ]; then exit 0; fi
  umount "$point" 2>/dev/null || umount -l "$point"
fi
try=1
until
  if [ -n "$device" ]; then
    mount -t ext4 -o ${OPTIONS} "$device" "$point" 9<&-
  else
    code=0
    e2fsck -p "$image" 9<&- >&2 || code=$?
    if [ "$code" -gt 1 ]; then exit $((100 + code)); fi
    mount -t ext4 -o loop,${OPTIONS} "$image" "$point" 9<&-
  fi
do
  # The device was given back by the kernel in between.
  if [ "$try" -ge 5 ]; then exit 1; fi
  try=$((try + 1))
  sleep 0.05
  device=$(${DEVICE})
done
chmod 711 "$point"`

/**
 * IMAGE SIZE: also while it is mounted, where the kernel lets this process (it takes CAP_SYS_RESOURCE); else `growing`
 * stays, which tells whoever mounts it next, also after a crash, that this is not finished. A device may outlive its last mount for
 * as long as somebody reads it: what is not in use has to be checked before it grows.
 */
export const GROW = `
image=$1 size=$2
touch "$image.growing"
if [ "$(stat -c %s "$image")" -lt "$size" ]; then truncate -s "$size" "$image"; fi
check() { code=0; e2fsck -f -p "$1" 9<&- >&2 || code=$?; [ "$code" -le 1 ]; }
grow() { resize2fs "$1" 9<&- >&2 && rm -f "$image.growing"; }
try=1
while device=$(${DEVICE}); [ -n "$device" ]; do
  if losetup -c "$device"; then
    if findmnt -n -S "$device" >/dev/null; then grow "$device" || true; exit 0; fi
    if check "$device" && grow "$device"; then exit 0; fi
  fi
  # A container has it still, or the kernel has given it back in between.
  if [ "$try" -ge 5 ]; then exit 0; fi
  try=$((try + 1))
  sleep 0.05
done
check "$image" || exit $((100 + code))
grow "$image"`

/** POINT…: what is shown there, the last one first. A file that somebody still reads keeps its image in use for so long. */
export const UNMOUNT = `
for point; do
  umount "$point" 2>/dev/null || umount -l "$point" 2>/dev/null || ! mountpoint -q "$point"
done`

/** What is missing, a word each: programs, rights, and what the kernel must have. */
export const MISSING = `
for tool in mkfs.ext4 e2fsck resize2fs losetup mount umount findmnt mountpoint flock truncate; do
  command -v "$tool" >/dev/null || echo "$tool"
done
[ "$(id -u)" = 0 ] || echo root
[ -e /dev/loop-control ] || echo /dev/loop-control`
