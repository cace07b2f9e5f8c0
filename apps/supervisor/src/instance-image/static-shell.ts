/**
 * A shell and core tools that need no library: Debian's bash-static and busybox-static, what terminals can do
 * and what UTF-8 is.
 * They are fetched by apt, which checks its archive's signatures, and kept.
 */
import { randomUUID } from 'node:crypto'
import { access, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { type Environment, environment } from '@matrixos/host/env'
import { cacheDir } from '@matrixos/host/parts'
import { UserError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import { type Entry, link, program } from './rootfs.ts'

export interface StaticShellOptions {
  env?: Environment
  now: Date
  log: (line: string) => void
  /** Also when there is one. */
  isFresh: boolean
}

const DEBIAN_PACKAGES = ['bash-static', 'busybox-static', 'ncurses-base', 'libc-bin']
const FRESH_MS = 30 * 24 * 3_600_000
/** Terminals that programs are told they run in; more would only be more files. */
const TERMINALS = ['ansi', 'dumb', 'linux', 'screen', 'screen-256color', 'tmux', 'tmux-256color', 'vt100']
  .concat(['xterm', 'xterm-256color'])
  .map((name) => `${name[0]}/${name}`)
/** Of busybox's tools: what would only pretend to administer this machine. */
const LEFT_OUT = new Set(['busybox', 'dpkg', 'dpkg-deb', 'linuxrc', 'login', 'passwd', 'rpm', 'su'])

/**
 * Resolves to the files, or to `null` after saying why: a computer whose terminal is the built-in console is better
 * than none, and the next build tries again.
 */
export async function listStaticShell({
  env = environment,
  now,
  log,
  isFresh,
}: StaticShellOptions): Promise<Entry[] | null> {
  const kept = join(cacheDir(env), 'static-shell', process.arch)
  const age = now.getTime() - (await timeOf(kept))
  if (isFresh || age > FRESH_MS) {
    log('Fetching a static shell from Debian’s packages …')
    const problem = await fetchShell({ kept, env, now }).catch(
      (error: unknown) => `it cannot be kept (${error instanceof Error ? error.message : error}).`,
    )
    if (problem !== null && age === Number.POSITIVE_INFINITY) {
      log(`There will be no shell in the image, only the built-in console: ${problem}`)
      return null
    }
    if (problem !== null) log(`The static shell of an earlier build is used: ${problem}`)
  }
  return await listFiles(kept, env)
}

/** When it was fetched, in ms; never: minus infinity. */
const timeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => Number.NEGATIVE_INFINITY,
  )

/** Resolves to what kept it from being there, or `null`. */
async function fetchShell({
  kept,
  env,
  now,
}: {
  kept: string
  env: Environment
  now: Date
}): Promise<string | null> {
  const draft = `${kept}.${randomUUID()}`
  const unpacked = join(draft, 'unpacked')
  await mkdir(unpacked, { recursive: true })
  try {
    const problem = await download(draft, env)
    if (problem !== null) return problem
    for (const name of (await readdir(draft)).filter((each) => each.endsWith('.deb'))) {
      const { code, output } = await runCommand('dpkg-deb', ['-x', join(draft, name), unpacked], { env })
      if (code !== 0) return `dpkg-deb could not unpack ${name}: ${lastLine(output)}`
    }
    // Folders come with the packages' own times.
    await utimes(unpacked, now, now)
    await rm(kept, { recursive: true, force: true })
    // Of two builds at once, one is first; the other's is the same.
    await rename(unpacked, kept).catch(() => undefined)
    return null
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** With apt's own lists; where they are missing or too old, with lists that are fetched for this alone. */
async function download(folder: string, env: Environment): Promise<string | null> {
  const patience = ['http', 'https'].flatMap((way) => ['-o', `Acquire::${way}::Timeout=10`])
  const calm = ['-qq', '-o', 'APT::Sandbox::User=', ...patience]
  const own = ['-o', `Dir::State::lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`]
  const apt = (args: string[]) =>
    runCommand('apt-get', [...calm, ...args], {
      env: { ...env, LC_ALL: 'C' },
      cwd: folder,
      timeoutMs: 90_000,
    })
  const first = await apt(['download', ...DEBIAN_PACKAGES])
  if (first.code === 0) return null
  if (first.code === 127) return 'apt-get, which fetches it, is not on this machine.'
  await apt([...own, 'update'])
  const second = await apt([...own, 'download', ...DEBIAN_PACKAGES])
  return second.code === 0 ? null : `apt-get could not fetch it: ${lastLine(second.output)}`
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''

async function listFiles(root: string, env: Environment): Promise<Entry[]> {
  const busybox = await firstOf(root, ['bin/busybox', 'usr/bin/busybox'])
  const terminals = await Promise.all(
    TERMINALS.map(async (name) => {
      const source = await firstOf(root, [`lib/terminfo/${name}`, `usr/share/terminfo/${name}`])
      return { path: `/lib/terminfo/${name}`, mode: 0o644, owner: 0, source }
    }),
  )
  const locale = await firstOf(root, ['usr/lib/locale/C.utf8'])
  const files = await readdir(locale, { recursive: true, withFileTypes: true })
  const locales = files
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((source) => ({ path: source.slice(root.length), mode: 0o644, owner: 0, source }))
  return [
    // As Debian has it: one folder of programs, under both names.
    link('/bin', 'usr/bin'),
    program('/usr/bin/bash', await firstOf(root, ['bin/bash-static', 'usr/bin/bash-static'])),
    program('/usr/bin/busybox', busybox),
    ...(await toolsOf(busybox, env)).map((name) => link(`/usr/bin/${name}`, 'busybox')),
    ...terminals,
    ...locales,
  ]
}

async function firstOf(root: string, paths: string[]): Promise<string> {
  for (const path of paths.map((each) => join(root, each))) {
    if (await isThere(path)) return path
  }
  throw new UserError(`Debian’s package has no ${paths[0]}. Delete ${root} to fetch it again.`)
}

/** What is for everybody: `sbin` is for whoever administers a machine. */
async function toolsOf(busybox: string, env: Environment): Promise<string[]> {
  const { code, output } = await runCommand(busybox, ['--list-full'], { env })
  if (code !== 0) throw new UserError(`${busybox} does not run: ${lastLine(output)}`)
  const names = [...output.matchAll(/^(?:usr\/)?bin\/(\S+)$/gm)].map(([, name = '']) => name)
  return names.filter((name) => !LEFT_OUT.has(name)).sort()
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )
