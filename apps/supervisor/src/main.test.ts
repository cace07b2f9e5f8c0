/** The real supervisor with stub parts: a copy of it in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { isAlive } from '@matrixos/host/processes'
import { ROOT } from '@matrixos/host/root'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { bundleOf, PROGRAM_NAMES } from './build/programs.ts'
import { readPlatform } from './platform-file.ts'

const STUB = `
console.log(JSON.stringify({ level: 30, msg: 'token ' + process.env.EDGE_TOKEN_FILE }))
process.on('SIGTERM', () => process.exit(0))
process.on('disconnect', () => process.exit(0))
process.send({ type: 'ready' })
`
const CADDY = `#!${process.execPath}
if (process.argv[2] === 'version') console.log('v2.11.4')
else {
  const { createServer } = await import('node:http')
  const socket = process.argv[4].replace('caddy.json', 'caddy-admin.sock')
  const { rmSync } = await import('node:fs')
  rmSync(socket, { force: true })
  createServer((_, answer) => answer.end()).listen(socket)
}
`
const PARTS = PROGRAM_NAMES.map(bundleOf)

const COPIED = ['apps/supervisor', 'packages/host', 'packages/shared']

/** The installed modules, but the platform's own packages as they were copied: they find the root by their place. */
function linkModules(modules: string): void {
  mkdirSync(join(modules, '@matrixos'), { recursive: true })
  const names = readdirSync(join(ROOT, 'node_modules')).filter((name) => name !== '@matrixos')
  for (const name of names) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name))
  for (const folder of COPIED)
    symlinkSync(join(modules, '..', folder), join(modules, '@matrixos', basename(folder)))
}

let root = ''
let port = 0
const started: ChildProcess[] = []

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'mos-platform-'))
  for (const folder of COPIED) cpSync(join(ROOT, folder), join(root, folder), { recursive: true })
  linkModules(join(root, 'node_modules'))
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  writeFileSync(join(root, 'caddy'), CADDY, { mode: 0o755 })
  for (const part of PARTS) {
    mkdirSync(dirname(join(root, part)), { recursive: true })
    writeFileSync(join(root, part), STUB)
  }
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  port = typeof address === 'object' && address ? address.port : 0
  server.close()
  await once(server, 'close')
})

afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  rmSync(root, { recursive: true })
})

const start = (...flags: string[]) => startWith({}, ...flags)

function startWith(env: Record<string, string>, ...flags: string[]) {
  const args = [join(root, 'apps/supervisor/src/main.ts'), '--port', String(port), ...flags]
  const child = spawn(process.execPath, args, {
    // Stubs are not built.
    env: { PATH: process.env.PATH, MATRIXOS_PREBUILT: '1', CADDY_BIN: join(root, 'caddy'), ...env },
  })
  started.push(child)
  const state = { text: '' }
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (state.text += String(chunk)))
  const says = (text: string) => expect.poll(() => state.text, { timeout: 10_000 }).toContain(text)
  return { child, says, state }
}

const pids = () => Object.values(readPlatform(join(root, 'data/run'))?.parts ?? {})

test('restarts a crashed part, refuses a second start, and leaves nothing behind after SIGTERM', async () => {
  const { child, says, state } = start()
  await says(`is up: http://localhost:${port}`)
  expect(state.text).toContain(`token ${join(root, 'data/secrets/edge-token')}`)
  const before = readPlatform(join(root, 'data/run'))
  expect(before).toMatchObject({ pid: child.pid, publicUrl: `http://localhost:${port}`, runtime: 'process' })

  process.kill(before?.parts.api ?? 0, 'SIGKILL')
  await says('api exited (SIGKILL); restarting in 0.5 s')
  await says('api is back')
  expect(readPlatform(join(root, 'data/run'))?.parts.api).not.toBe(before?.parts.api)

  const second = start()
  expect((await once(second.child, 'close'))[0]).toBe(1)
  expect(second.state.text).toContain(`already running on ${join(root, 'data')} (process ${child.pid})`)

  const all = pids()
  expect(all).toHaveLength(5)
  child.kill('SIGTERM')
  expect((await once(child, 'exit'))[0]).toBe(0)
  expect(all.filter(isAlive)).toEqual([])
  expect(readPlatform(join(root, 'data/run'))).toBeNull()
})

test('lets parts stop by themselves when the supervisor is killed, and starts again', async () => {
  const { child, says } = start('--caddy')
  await says('is up')
  const all = pids()
  expect(all).toHaveLength(6)
  child.kill('SIGKILL')
  await once(child, 'exit')
  const next = start('--caddy')
  await next.says('is up')
  await expect.poll(() => all.filter(isAlive), { timeout: 15_000 }).toEqual([])
})

test('exits with code 1 when a part cannot start', async () => {
  writeFileSync(join(root, bundleOf('spa')), 'console.error("SPA_LISTEN is wrong"); process.exit(1)')
  const { child, state } = start()
  expect((await once(child, 'close'))[0]).toBe(1)
  expect(state.text).toContain('SPA_LISTEN is wrong')
  expect(state.text).toContain('spa exited (exit code 1) while starting')
})

test.runIf(process.platform === 'linux')(
  "shows a provider's key to the proxy alone, and prints it nowhere",
  async () => {
    const MARKER = 'sk-marker-of-a-key'
    const { says, state } = startWith({ ANTHROPIC_API_KEY: MARKER, SMTP_URL: 'smtp://u:marker@h' }, '--caddy')
    await says('is up')
    const parts = Object.entries(readPlatform(join(root, 'data/run'))?.parts ?? {})
    const shows = (pid: number, text: string) =>
      ['environ', 'cmdline'].some((file) => readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(text))
    const holders = (text: string) => parts.filter(([, pid]) => shows(pid, text)).map(([name]) => name)
    expect(parts.map(([name]) => name)).toEqual(['caddy', 'api', 'ai', 'spa', 'edge'])
    expect(holders(MARKER)).toEqual(['ai'])
    expect(holders('u:marker')).toEqual(['api'])
    expect(state.text).not.toContain(MARKER)
    expect(readFileSync(join(root, 'data/run/platform.json'), 'utf8')).not.toContain(MARKER)
  },
)

test('says which key file cannot be read, and starts nothing', async () => {
  const { child, state } = startWith({ ANTHROPIC_API_KEY_FILE: '/nowhere/key' })
  expect((await once(child, 'close'))[0]).toBe(1)
  expect(state.text).toContain('ANTHROPIC_API_KEY_FILE names /nowhere/key, which cannot be read')
})
