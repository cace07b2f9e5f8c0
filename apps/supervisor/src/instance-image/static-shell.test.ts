import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { listStaticShell } from './static-shell.ts'

let folder = ''
let said: string[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mosr-'))
  said = []
  mkdirSync(join(folder, 'bin'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const NOW = new Date('2026-03-01T12:00:00Z')
const TERMINALS = 'ansi dumb linux screen screen-256color tmux tmux-256color vt100 xterm xterm-256color'

/** A machine whose apt is the script's lines, and whose packages hold what Debian's do. */
function machine(apt: string | null): void {
  const install = (name: string, script: string) => {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`)
    chmodSync(join(folder, 'bin', name), 0o755)
  }
  if (apt === null) return
  install('apt-get', `echo "$*" >> ${folder}/calls\n${apt}`)
  install(
    'dpkg-deb',
    `mkdir -p "$3/bin" "$3/usr/lib/locale/C.utf8/LC_MESSAGES"
     echo shell > "$3/bin/bash-static"; echo messages > "$3/usr/lib/locale/C.utf8/LC_MESSAGES/SYS_LC_MESSAGES"
     printf '#!/bin/sh\\nprintf "bin/ls\\\\nusr/bin/su\\\\nsbin/halt\\\\nusr/bin/[\\\\n"\\n' > "$3/bin/busybox"; chmod +x "$3/bin/busybox"
     for t in ${TERMINALS}; do d=$(echo $t | cut -c1); mkdir -p "$3/lib/terminfo/$d"; echo $t > "$3/lib/terminfo/$d/$t"; done
     touch -d 2001-01-01 "$3"`,
  )
}
const WORKS = 'case "$*" in *download*) touch one.deb ;; esac'

const list = (options: { now?: Date; isFresh?: boolean } = {}) =>
  listStaticShell({
    env: { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') },
    now: NOW,
    isFresh: false,
    log: (line) => said.push(line),
    ...options,
  })
const calls = () => {
  const file = join(folder, 'calls')
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []
}
const later = (days: number) => new Date(NOW.getTime() + days * 86_400_000)

it('lists the shell, the tools that are for everybody, terminals and UTF-8', async () => {
  machine(WORKS)
  const files = (await list()) ?? []
  const at = (path: string) => files.find((entry) => entry.path === path)
  expect(at('/bin')).toMatchObject({ link: 'usr/bin' })
  expect(at('/usr/bin/bash')).toMatchObject({ mode: 0o755, owner: 0 })
  expect(at('/usr/bin/ls')).toMatchObject({ link: 'busybox' })
  expect(at('/usr/bin/[')).toMatchObject({ link: 'busybox' })
  expect([at('/usr/bin/halt'), at('/usr/bin/su')]).toEqual([undefined, undefined])
  expect(readFileSync(at('/lib/terminfo/x/xterm-256color')?.source ?? '', 'utf8')).toBe('xterm-256color\n')
  expect(at('/usr/lib/locale/C.utf8/LC_MESSAGES/SYS_LC_MESSAGES')).toMatchObject({ mode: 0o644 })
})

it('fetches once, again after a month, and when it is told to', async () => {
  machine(WORKS)
  await list()
  const first = await list({ now: later(29) })
  expect(calls()).toHaveLength(1)
  expect(await list({ now: later(31) })).toEqual(first)
  expect(calls()).toHaveLength(2)
  await list({ now: later(32), isFresh: true })
  expect(calls()).toHaveLength(3)
})

it('fetches lists of its own where those of the machine lack the packages', async () => {
  machine(
    `case "$*" in *lists*download*) touch one.deb ;; *download*) echo 'E: Unable to locate' ; exit 100 ;; esac`,
  )
  expect(await list()).not.toBeNull()
  expect(calls().map((call) => /(update|download)/.exec(call)?.[1])).toEqual([
    'download',
    'update',
    'download',
  ])
})

it.each([
  ['is not there', null, /only the built-in console: apt-get, which fetches it, is not on this machine/],
  [
    'reaches no mirror',
    'echo "E: Could not resolve deb.debian.org"; exit 100',
    /only the built-in console: .*Could not resolve/,
  ],
])('goes on without a shell where apt %s, and says why', async (_how, apt, reason) => {
  machine(apt)
  expect(await list()).toBeNull()
  expect(said.join('\n')).toMatch(reason)
})

it('goes on without a shell where nothing can be kept', async () => {
  machine(WORKS)
  writeFileSync(join(folder, 'cache'), '')
  expect(await list()).toBeNull()
  expect(said.join('\n')).toMatch(/only the built-in console: it cannot be kept/)
})

it('keeps an old shell where no newer one can be had', async () => {
  machine(WORKS)
  const first = await list()
  machine('exit 100')
  expect(await list({ now: later(40) })).toEqual(first)
  expect(said.at(-1)).toMatch(/^The static shell of an earlier build is used/)
})
