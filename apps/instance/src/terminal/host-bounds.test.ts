/** What terminals cost, and what they say of the computer’s limits. */
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bootTerminals } from '../testing/terminal-host.ts'
import { MOST_SESSIONS } from './protocol.ts'
import type { UnseenEnd } from './session.ts'

test('ends all that was started in a terminal that closes, what ignores the hang-up too', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit()
  const session = await page.open()
  page.type(
    session,
    'sh -c \'trap "" HUP; echo $$ > stubborn; while :; do sleep 0.1; done\' & sleep 1000 & echo $! > mild\n',
  )
  const pidIn = async (name: string) =>
    (await readFile(join(terminals.home, name), 'utf8').catch(() => '')).trim()
  await expect.poll(() => pidIn('stubborn')).toMatch(/^\d+$/)
  await expect.poll(() => pidIn('mild')).toMatch(/^\d+$/)
  const pids = await Promise.all(['stubborn', 'mild'].map(pidIn))
  page.send({ type: 'close', session })
  await page.until('no tab', () => page.sessions().length === 0)
  await expect.poll(() => pids.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([])
})

test('holds a program up while a page shows nothing, and lets go of a page that never will', async () => {
  await using terminals = await bootTerminals({ stallMs: 300 })
  await using page = await terminals.visit({ isBlind: true })
  const session = await page.open()
  const dead = await terminals.visit({ page: 'a-dead-page', isDead: true })
  await dead.attach(session)
  page.type(session, 'head -c 3000000 /dev/zero | tr "\\0" "x"; echo; echo "<$((40 + 2))>"\n')
  expect(await dead.closed).toEqual({ code: 4008, reason: 'too slow' })
  expect(dead.received()).toBeLessThan(600_000)
  await page.endsWith('<42>')
  expect(page.received()).toBeGreaterThan(3_000_000)
})

test('passes 20 MB on without growing by them', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit({ isBlind: true })
  const session = await page.open()
  const before = process.memoryUsage.rss()
  page.type(
    session,
    'yes "0123456789 the quick brown fox jumps over the lazy dog" | head -c 20000000; echo "<$((40 + 2))>"\n',
  )
  await page.endsWith('<42>')
  expect(page.received()).toBeGreaterThan(20_000_000)
  // The mirror keeps 5,000 lines, and that is all.
  expect(process.memoryUsage.rss() - before).toBeLessThan(120_000_000)
}, 120_000)

test('has its limits: terminals, the size of a message, and what is no message', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit()
  for (let count = 0; count < MOST_SESSIONS; count++)
    page.send({ type: 'open', request: count, columns: 80, rows: 24 })
  await page.until('all of them', () => page.sessions().length === MOST_SESSIONS)
  page.send({ type: 'open', request: 99, columns: 80, rows: 24 })
  expect(await page.event('refused')).toMatchObject({
    request: 99,
    message: expect.stringContaining('10 terminals'),
  })
  const session = page.sessions()[0]?.id ?? ''
  page.send({ type: 'input', session, generation: 1, number: 1, data: 'x'.repeat(16_385) })
  expect((await page.closed).code).toBe(1008)
  await using other = await terminals.visit()
  other.send({ type: 'input', session, generation: 1, number: 1, data: 'x'.repeat(300_000) })
  expect((await other.closed).code).toBe(1009)
  await using nameless = await terminals.visit({ page: '../..' })
  expect((await nameless.closed).code).toBe(1008)
})

test('is idle once nobody looks and nothing runs', async () => {
  await using terminals = await bootTerminals()
  const page = await terminals.visit()
  const session = await page.open()
  page.send({ type: 'close', session })
  await page.until('no tab', () => page.sessions().length === 0)
  await page[Symbol.asyncDispose]()
  await terminals.idle
})

test('tells whoever looks, or comes next, what the computer’s limits did to programs', async () => {
  const happened: string[] = []
  const limits = { look: async () => happened.splice(0), room: async () => 100 }
  await using terminals = await bootTerminals({ limits })
  const page = await terminals.visit()
  const session = await page.open()
  happened.push('I ran out of memory.')
  page.type(session, 'echo\n')
  expect(await page.event('notice')).toEqual({ type: 'notice', message: 'I ran out of memory.' })
  // One process, so that every look finds it in front: between two of a loop's programs that is the shell.
  page.type(session, 'sh -c "until [ -e go ]; do sleep 0.05; done"\n')
  await page.until('a program in front', () => page.sessions()[0]?.program)
  await page[Symbol.asyncDispose]()
  happened.push('I ran out of memory again.')
  await writeFile(join(terminals.home, 'go'), '')
  await expect.poll(() => happened).toEqual([])
  await using next = await terminals.visit()
  expect((await next.event('notice')).message).toBe('I ran out of memory again.')
  await using other = await terminals.visit({ page: 'another-page' })
  other.send({ type: 'ping' })
  await other.event('pong')
  expect(other.events.filter(({ type }) => type === 'notice')).toEqual([])
})

test('takes a terminal for idle again when what an earlier shell left behind has ended', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit()
  const session = await page.open()
  page.type(session, 'sleep 1000 & echo $! > pid; exit\n')
  await page.until('the end', () => page.sessions()[0]?.state === 'ended')
  const pid = Number(await readFile(join(terminals.home, 'pid'), 'utf8'))
  page.send({ type: 'restart', session })
  await page.until('the next shell', () => page.sessions()[0]?.generation === 2)
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false)
  page.send({ type: 'leave' })
  await page.until('no tab', () => page.sessions().length === 0)
})

test('tells of a program that ran for long and ended while nobody looked, and of no other', async () => {
  const ended = Promise.withResolvers<UnseenEnd>()
  await using terminals = await bootTerminals({ longMs: 300, onUnseenEnd: ended.resolve })
  await using other = await terminals.visit({ page: 'another-page' })
  const page = await terminals.visit()
  const session = await page.open()
  // It goes on when whoever saw it begin has left, and waits for a file.
  page.type(session, 'sh -c "until [ -e go ]; do sleep 0.05; done; exec sleep 0.4"\n')
  await other.until('a program in front', () => other.sessions()[0]?.program)
  await page[Symbol.asyncDispose]()
  await writeFile(join(terminals.home, 'go'), '')
  const { ranMs, ...run } = await ended.promise
  expect(run).toEqual({ session, program: expect.stringMatching(/^(sh|sleep)$/), place: '~' })
  expect(ranMs).toBeGreaterThanOrEqual(300)
})

test('says nothing of a program whose end somebody saw, or that ended with its terminal', async () => {
  await using terminals = await bootTerminals({ longMs: 0 })
  await using page = await terminals.visit()
  const session = await page.open()
  page.type(session, 'cat\n')
  await page.until('a program in front', () => page.sessions()[0]?.program === 'cat')
  page.type(session, '\x04')
  await page.until('the shell in front', () => page.sessions()[0]?.program === null)
  page.type(session, 'cat\n')
  await page.until('a program in front', () => page.sessions()[0]?.program === 'cat')
  page.send({ type: 'detach', view: 7 })
  page.send({ type: 'close', session })
  await page.until('no tab', () => page.sessions().length === 0)
  await terminals.host.stop()
  expect(terminals.unseen).toEqual([])
})

test('goes on after a title without an end, which would take all of its memory', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit()
  const session = await page.open()
  page.type(
    session,
    'printf "\\033]0;"; head -c 3000000 /dev/zero | tr "\\0" x; printf "\\007<$((6 * 7))>"\n',
  )
  await page.sees('<42>')
  expect(page.received()).toBeLessThan(100_000)
})
