import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { bootInstance } from '../testing/instance.ts'
import { openTerminalPage, type TestPageOptions } from '../testing/terminal.ts'
import { createTerminals } from './gateway.ts'
import type { UnseenEnd } from './session.ts'

const SH = { kind: 'pty', shell: '/bin/sh' } as const
type Instance = Awaited<ReturnType<typeof bootInstance>>
const visit = ({ port }: Pick<Instance, 'port'>, options?: TestPageOptions) =>
  openTerminalPage(`ws://127.0.0.1:${port}`, options)

/** The processes of terminals that this test's process started. */
async function hosts(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(
    pids.map(async (pid) => {
      const [stat, line] = await Promise.all(
        ['stat', 'cmdline'].map((file) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '')),
      )
      const parent = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
      return Number(parent) === process.pid && line?.includes('host-main') ? [Number(pid)] : []
    }),
  )
  return found.flat()
}

test('has no process of terminals before somebody comes, and none after the last one closes', async () => {
  await using instance = await bootInstance({ terminal: SH })
  expect(await hosts()).toEqual([])
  const page = await visit(instance)
  const session = await page.open()
  expect(await hosts()).toHaveLength(1)
  page.send({ type: 'close', session })
  await page.until('no tab', () => page.sessions().length === 0)
  await page[Symbol.asyncDispose]()
  await expect.poll(hosts).toEqual([])
  // And again.
  await using next = await visit(instance)
  await next.open()
  expect(await hosts()).toHaveLength(1)
})

test('stops at once after its terminals have ended by themselves', async () => {
  await using instance = await bootInstance({ terminal: SH })
  const page = await visit(instance)
  await page[Symbol.asyncDispose]()
  await expect.poll(hosts).toEqual([])
  await instance.stop()
  await expect(fetch(instance.url('/health'))).rejects.toThrow()
})

test('gives a shell the owner’s own variables, and nothing of the instance’s', async () => {
  await using instance = await bootInstance({
    terminal: SH,
    authToken: 'the-secret-token',
    shellEnvironment: { ANTHROPIC_API_KEY: 'mosai_own', PATH: '/opt/tools:/usr/bin' },
  })
  await using page = await visit(instance, { headers: { authorization: 'Bearer the-secret-token' } })
  const session = await page.open()
  page.type(session, 'env | sort; echo "<$((6 * 7))>"\n')
  await page.sees('<42>')
  const text = page.text()
  expect(text).toContain('ANTHROPIC_API_KEY=mosai_own')
  expect(text).toContain(`HOME=${instance.home}\n`)
  expect(text.replaceAll('\n', '')).toContain(
    `PATH=${instance.home}/.local/bin:${instance.home}/.npm-global/bin:/opt/tools:/usr/bin:`,
  )
  expect(text).toContain('TERM=xterm-256color')
  expect(text).not.toMatch(/secret|MATRIX_|NODE_|LD_LIBRARY/)
})

test('is for the owner alone, from the computer’s own page, and only where there is a shell', async () => {
  await using instance = await bootInstance({ terminal: SH, externalOrigin: 'https://alice.example.org' })
  const path = '/ws/terminal?page=page-of-a-test'
  const viewer = { 'x-mos-role': 'viewer', 'x-mos-user': 'bob', 'x-mos-permissions': 'notes' }
  await expect(instance.open(path, { headers: viewer })).rejects.toThrow('refused with 404')
  await expect(instance.open(path, { origin: 'https://eve.example.org' })).rejects.toThrow('refused with 403')
  await instance.open(path, { origin: 'https://alice.example.org' })
  await using plain = await bootInstance()
  await expect(plain.open(path)).rejects.toThrow('refused with 404')
})

test('ends everything at a stop, and shows it again at the next start', async () => {
  await using first = await bootInstance({ terminal: SH })
  const page = await visit(first)
  const session = await page.open()
  page.type(session, 'echo $$ > pid; echo "<$((6 * 7))>"; sleep 1000\n')
  await page.sees('<42>')
  const pid = (await readFile(join(first.home, 'pid'), 'utf8')).trim()
  await first.stop()
  expect(await page.closed).toEqual({ code: 1001, reason: 'asleep' })
  expect(existsSync(`/proc/${pid}`)).toBe(false)
  expect(await hosts()).toEqual([])
  await using second = await bootInstance({ terminal: SH, home: first.home })
  await using again = await visit(second)
  await again.attach(session)
  await again.sees('I slept')
  expect(again.text()).toContain('<42>')
})

test('starts anew when the process of terminals was killed, and says nothing of what it had', async () => {
  await using instance = await bootInstance({ terminal: SH })
  const page = await visit(instance)
  await page.open()
  const [host = 0] = await hosts()
  process.kill(host, 'SIGKILL')
  expect((await page.closed).code).toBe(1006)
  await expect
    .poll(() => instance.logged)
    .toContainEqual({ msg: 'terminals ended', code: null, signal: 'SIGKILL' })
  await using next = await visit(instance)
  await next.open()
  expect(next.sessions()).toHaveLength(1)
})

test.each([
  ['there is no such program', '/no/such/program'],
  ['the system refuses at once', ''],
])('tries again after the process of terminals could not be started: %s', async (_why, program) => {
  await using instance = await bootInstance({ terminal: SH })
  const { execPath } = process
  process.execPath = program
  try {
    const page = await visit(instance)
    expect((await page.closed).code).toBe(1006)
  } finally {
    process.execPath = execPath
  }
  await using next = await visit(instance)
  await next.open()
  expect(next.sessions()).toHaveLength(1)
})

test('hears from the process of terminals what ended while nobody looked', async () => {
  await using folder = await temporaryFolder()
  const ended = Promise.withResolvers<UnseenEnd>()
  const terminals = createTerminals({
    ...{ home: folder.path, shell: '/bin/sh', environment: { PATH: '/usr/bin:/bin' }, longMs: 0 },
    onStart: () => undefined,
    onUnseenEnd: ended.resolve,
    log: () => undefined,
  })
  const server = createServer().on('upgrade', terminals.upgrade)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const page = await visit({ port })
  const session = await page.open()
  // One process, so that every look finds it in front: between two of a loop's programs that is the shell.
  page.type(session, 'sh -c "until [ -e go ]; do sleep 0.05; done"\n')
  await page.until('a program in front', () => page.sessions()[0]?.program)
  await page[Symbol.asyncDispose]()
  await writeFile(join(folder.path, 'go'), '')
  expect(await ended.promise).toMatchObject({ session, program: 'sh', place: '~' })
  await terminals.stop()
  server.close()
})
