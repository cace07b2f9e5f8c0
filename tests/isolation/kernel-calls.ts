/** Calls to the kernel that only an administrator may make, as Perl makes them: none has an effect if it were allowed. */

/** Numbers of x86-64 and of arm64; arguments as Perl source. */
interface Call {
  x64: number
  arm64: number
  args: string
}

const NO_FILE = -1
const NEW_USER_NAMESPACE = 0x1000_0000
const NEW_NETWORK_NAMESPACE = 0x4000_0000
const NEW_MOUNT_NAMESPACE = 0x0002_0000
/** A block device: the first disk. */
const BLOCK_0600 = 0o060600
const FIRST_DISK = 0x0800

export const MOUNTS: Record<string, Call> = {
  'mount tmpfs': { x64: 165, arm64: 40, args: `my $a = 'none', my $b = '/tmp', my $c = 'tmpfs', 0, 0` },
  'bind mount': { x64: 165, arm64: 40, args: `my $a = '/proc', my $b = '/tmp', 0, 4096, 0` },
  umount: { x64: 166, arm64: 39, args: `my $a = '/home/matrixos/home', 0` },
  pivot_root: { x64: 155, arm64: 41, args: `my $a = '/tmp', my $b = '/tmp'` },
  chroot: { x64: 161, arm64: 51, args: `my $a = '/tmp'` },
}

export const NAMESPACES: Record<string, Call> = {
  'user namespace': { x64: 272, arm64: 97, args: `${NEW_USER_NAMESPACE}` },
  'network namespace': { x64: 272, arm64: 97, args: `${NEW_NETWORK_NAMESPACE}` },
  'mount namespace': { x64: 272, arm64: 97, args: `${NEW_MOUNT_NAMESPACE}` },
}

export const DEVICES: Record<string, Call> = {
  'mknod of a disk': { x64: 259, arm64: 33, args: `-100, my $a = '/tmp/disk', ${BLOCK_0600}, ${FIRST_DISK}` },
}

/** `$buffer`: 256 zero bytes. */
export const KERNEL: Record<string, Call> = {
  init_module: { x64: 175, arm64: 105, args: `$buffer, 0, my $a = ''` },
  finit_module: { x64: 313, arm64: 273, args: `${NO_FILE}, my $a = '', 0` },
  kexec_load: { x64: 246, arm64: 104, args: '0, 0, 0, 0' },
  bpf: { x64: 321, arm64: 280, args: '0, $buffer, 64' },
  perf_event_open: { x64: 298, arm64: 241, args: `$buffer, 0, -1, ${NO_FILE}, 0` },
  swapoff: { x64: 168, arm64: 225, args: `my $a = '/dev/nothing'` },
  acct: { x64: 163, arm64: 89, args: `my $a = '/tmp/accounts'` },
  sethostname: { x64: 170, arm64: 161, args: `my $a = 'root', 4` },
  // Without the numbers that make it one: only the permission is asked.
  reboot: { x64: 169, arm64: 142, args: '0, 0, 0, 0' },
}

/** Errors by which a kernel says no, or that it has no such thing: EPERM, EACCES, ENOSYS. */
const REFUSALS = [1, 13, 38]
/** gVisor's answer for what it does not have: ENODEV. */
export const GVISOR_REFUSALS = [19]

/** Joins a user namespace of its own, if it may, and says whether it opens a packet socket there. */
export const SOCKET_IN_NAMESPACE = `syscall(${process.arch === 'arm64' ? 97 : 272}, ${NEW_USER_NAMESPACE});
print socket(my $s, 17, 3, 0) ? 'true' : 'false'`

/** Prints the names of the calls that were not refused, with what came of them, as JSON. */
export function tryCalls(calls: Record<string, Call>, alsoRefusals: readonly number[] = []): string {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64'
  const lines = Object.entries(calls).map(
    ([name, call]) =>
      `$! = 0; $r = syscall(${call[arch]}, ${call.args}); push @open, "${name}: $r, error " . ($! + 0) unless $r < 0 && $refused{$! + 0};`,
  )
  return `my $buffer = "\\0" x 256; my $r; my @open; my %refused = map { $_ => 1 } (${[...REFUSALS, ...alsoRefusals].join(', ')});
{ ${lines.join('\n} {')} }
print '[' . join(',', map { "\\"$_\\"" } @open) . ']';`
}
