/**
 * Packs and unpacks homes by the system's tar, in a child process: it goes from folder to folder by handles, keeps
 * links as links, and neither memory nor time is the api's. It runs as the home's own user where the api is root, so
 * that whatever a home or an archive holds, nothing is read or written that this user could not.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, lstat, mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Writable } from 'node:stream'
import { HOME_FOLDER, MANIFEST_FILE } from '@matrixos/shared'
import type { HomeOwner } from '../../../ports/home-store.ts'
import type { Bytes } from '../../../ports/home-transfer.ts'

const PATH = '/usr/bin:/bin:/usr/sbin:/sbin'
const IS_LINUX = process.platform === 'linux'
const MOST_COMPLAINT = 2_000
const MOST_MANIFEST_BYTES = 65_536
/** Of tar: a file changed while it was read, as files of a running computer do. */
const CHANGED = 1

/** Passes by what cannot be read. */
const UNREADABLE = '--ignore-failed-read'

/** What programs note about files beside their contents; nothing that the system keeps there. */
const NOTED = ['--xattrs', '--xattrs-include=user.*']

/** Times to the nanosecond and names of any length; what only this machine understands is left out. */
const PACK = [
  ...['--create', '--file=-', '--format=pax'],
  ...(IS_LINUX
    ? [
        ...['--sparse', ...NOTED, UNREADABLE, '--one-file-system', '--no-wildcards'],
        '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
      ]
    : []),
]
const UNPACK = [
  ...['--extract', '--file=-', '--preserve-permissions', '--no-same-owner'],
  ...(IS_LINUX ? ['--no-overwrite-dir', ...NOTED, '--warning=no-timestamp'] : []),
]
/** Gives folders their modes at the very end: GNU tar 1.34 compares each with all before it, minutes for 200,000 of them. */
const LATE_MODES = IS_LINUX ? ['--delay-directory-restore'] : []

/**
 * What one tar may take. A header may say that it is as long as the archive may be, and tar keeps all of it in memory; it
 * needs some 280 bytes for a link, and less for everything else. Where the shell cannot limit it (macOS), nothing does.
 */
const MOST_MEMORY_KIB = 524_288
/** Nobody's home takes that: 20 GB are read in a minute or two. */
const MOST_CPU_S = 1_800
const LIMITED = `ulimit -v ${MOST_MEMORY_KIB} 2>/dev/null; ulimit -t ${MOST_CPU_S} 2>/dev/null; exec tar "$@"`

interface Tar {
  args: readonly string[]
  cwd: string
  owner: HomeOwner
}

function runTar({ args, cwd, owner }: Tar) {
  const isRoot = process.getuid?.() === 0
  const child = spawn('sh', ['-c', LIMITED, 'tar', ...args], {
    cwd,
    env: { PATH, LC_ALL: 'C' },
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(isRoot && { uid: owner.uid, gid: owner.gid }),
  })
  let complaint = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (complaint.length < MOST_COMPLAINT) complaint += text.slice(0, MOST_COMPLAINT)
  })
  const ended = Promise.race([
    once(child, 'close').then(([code]) => code),
    once(child, 'error').then(([error]) => {
      throw error
    }),
  ])
  // Whoever never asks for it must not be the end of the api.
  ended.catch(() => undefined)
  const fail = (code: unknown) => new Error(`tar ended with ${String(code)}: ${complaint.trim()}`)
  return { child, ended, fail }
}

/**
 * Of `folder/matrixos`, or `folder/WITHIN/matrixos`, with a manifest before it. Ends with an error where tar could not read
 * the whole. `isWhole`: of a home that nothing uses, and that is to go: files that its own user may not read are in it as well.
 */
export async function packHome(
  folder: string,
  manifest: string,
  signal: AbortSignal,
  { isWhole = false, within = '' } = {},
): Promise<Bytes> {
  signal.throwIfAborted()
  const { uid, gid } = await lstat(join(folder, within, HOME_FOLDER))
  const beside = await mkdtemp(join(folder, '.manifest-'))
  await writeFile(join(beside, MANIFEST_FILE), manifest)
  // For the home's own user, whatever the umask.
  await chmod(join(beside, MANIFEST_FILE), 0o644)
  await chmod(beside, 0o755)
  const args = [
    ...(isWhole ? PACK.filter((arg) => arg !== UNREADABLE) : PACK),
    ...membersOf(basename(beside), within),
  ]
  const owner = isWhole ? { uid: 0, gid: 0 } : { uid, gid }
  const tar = runTar({ args, cwd: folder, owner })
  tar.child.stdin.end()
  return outputOf(tar, { signal, beside, isWhole })
}

/**
 * By their paths from the instance's folder, which the home's user may pass through and not read. The manifest loses the
 * name of its own folder; names and targets of links in the home stay as they are, but for the folder that it is within,
 * which hard links name as well.
 */
function membersOf(beside: string, within: string): string[] {
  if (!IS_LINUX) return ['-C', beside, MANIFEST_FILE, '-C', '..', HOME_FOLDER]
  const without = (folder: string, flags: string) =>
    `--transform=s,^${folder.replaceAll('.', '\\.')}/,,${flags}`
  return [
    without(beside, 'SH'),
    ...(within === '' ? [] : [without(within, 'S')]),
    ...[`${beside}/${MANIFEST_FILE}`, join(within, HOME_FOLDER)],
  ]
}

/** An output that ends is no proof that its program did well. */
async function* outputOf(
  { child, ended, fail }: ReturnType<typeof runTar>,
  { signal, beside, isWhole }: { signal: AbortSignal; beside: string; isWhole: boolean },
) {
  const stop = () => child.kill('SIGKILL')
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    yield* child.stdout
    const code = await ended
    if (code !== 0 && (code !== CHANGED || isWhole)) throw fail(code)
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
    await rm(beside, { recursive: true, force: true })
  }
}

/**
 * Into `staging`, an empty folder of `owner`. Answers the manifest; throws where the archive is not a whole one.
 * `hasLateModes`: also files that have another name in a folder which its owner may not enter, however long it takes.
 */
export async function unpackHome(options: {
  staging: string
  owner: HomeOwner
  archive: Bytes
  hasLateModes?: boolean
}): Promise<string> {
  const { staging, owner, archive, hasLateModes = false } = options
  const args = hasLateModes ? [...UNPACK, ...LATE_MODES] : UNPACK
  const { child, ended, fail } = runTar({ args, cwd: staging, owner })
  child.stdout.resume()
  const [feeding, code] = await Promise.allSettled([feed(archive, child.stdin), ended])
  if (code.status === 'rejected') throw code.reason
  if (feeding.status === 'rejected') throw feeding.reason
  if (code.value !== 0) throw fail(code.value)
  const home = await lstat(join(staging, HOME_FOLDER)).catch(() => null)
  if (!home?.isDirectory()) throw new Error('There is no home in this archive.')
  return await readManifest(join(staging, MANIFEST_FILE))
}

/**
 * tar ends at the archive's own end, or where it cannot go on: what follows is read all the same, since only its end
 * proves that the file is whole. How tar fared, its code tells.
 */
async function feed(archive: Bytes, stdin: Writable): Promise<void> {
  stdin.on('error', () => undefined)
  try {
    for await (const piece of archive) if (!stdin.destroyed && !stdin.write(piece)) await drained(stdin)
  } finally {
    stdin.end()
  }
}

async function drained(stdin: Writable): Promise<void> {
  const over = new AbortController()
  const either = ['drain', 'close'].map((event) => once(stdin, event, { signal: over.signal }))
  await Promise.race(either).catch(() => undefined)
  over.abort()
  await Promise.allSettled(either)
}

async function readManifest(path: string): Promise<string> {
  const found = await lstat(path).catch(() => null)
  if (!found?.isFile() || found.size > MOST_MANIFEST_BYTES)
    throw new Error('There is no manifest in this archive.')
  const file = await open(path)
  return await file.readFile('utf8').finally(() => file.close())
}
