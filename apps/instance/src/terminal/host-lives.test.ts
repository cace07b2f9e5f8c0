import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { bootTerminals } from '../testing/terminal-host.ts'

test('gives nothing that was typed for one shell to the next', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit()
  const session = await page.open()
  page.type(session, 'exit 3\n')
  await page.until('the end', () => page.sessions()[0]?.state === 'ended')
  expect(page.sessions()[0]).toMatchObject({ exitCode: 3 })
  page.send({ type: 'restart', session })
  await page.until('the next shell', () => page.sessions()[0]?.generation === 2)
  page.type(session, 'rm everything\n', { generation: 1, number: 7 })
  expect(await page.event('untyped')).toEqual({ type: 'untyped', session, number: 7 })
  page.type(session, 'echo "<$((1 + 1))>"\n', { generation: 2, number: 8 })
  await page.sees('<2>')
  expect(page.text()).not.toContain('everything')
  // The lines of the first shell are still there.
  expect(page.text()).toContain('exit 3')
})

test('gives nothing that was typed for a shell to the one after a kill, which kept no count of it', async () => {
  await using folder = await temporaryFolder()
  const session = await sleptIn(folder.path)
  // Two lives of the computer after that sleep: of the first, nothing is left.
  await using killed = await bootTerminals({ home: folder.path })
  await using before = await killed.visit()
  const { generation } = await before.attach(session)
  await using next = await bootTerminals({ home: folder.path })
  await using page = await next.visit()
  await page.attach(session)
  page.type(session, 'rm everything\n', { generation, number: 7 })
  expect(await page.event('untyped')).toEqual({ type: 'untyped', session, number: 7 })
})

/** A terminal that was kept over a sleep. */
async function sleptIn(home: string): Promise<string> {
  await using terminals = await bootTerminals({ home })
  await using page = await terminals.visit()
  return await page.open()
}

test('shows after a sleep what was there, says so in one line, and starts a shell in the same folder', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'work'))
  {
    await using terminals = await bootTerminals({ home: folder.path })
    await using page = await terminals.visit()
    const session = await page.open('work')
    page.send({ type: 'rename', session, name: 'mine' })
    page.type(session, 'echo "<$((6 * 7))>"; sleep 1000\n')
    await page.sees('<42>')
    await terminals.host.stop()
    expect(await page.closed).toEqual({ code: 1001, reason: 'asleep' })
  }
  const kept = join(folder.path, '.local/state/matrixos/terminals.json')
  expect((await stat(join(kept, '..'))).mode & 0o777).toBe(0o700)
  for (const round of [1, 2]) {
    await using terminals = await bootTerminals({ home: folder.path })
    await using page = await terminals.visit()
    const [tab] = page.sessions()
    expect(tab).toMatchObject({ name: 'mine', state: 'slept', place: '~/work' })
    await page.attach(tab?.id ?? '')
    await page.sees('I slept')
    expect(page.text()).toContain('<42>')
    expect(page.text().match(/I slept/g)).toHaveLength(round)
    page.type(tab?.id ?? '', 'pwd\n', { number: round })
    await page.sees(join(folder.path, 'work'))
  }
})

test('starts one shell for several who look at the same time', async () => {
  await using terminals = await bootTerminals()
  await using one = await terminals.visit()
  await using two = await terminals.visit({ page: 'another-page' })
  one.send({ type: 'open', request: 1, columns: 80, rows: 24 })
  const { session } = await one.event('opened')
  const both = await Promise.all([one.attach(session), two.attach(session)])
  expect(both.map(({ generation }) => generation)).toEqual([1, 1])
  one.type(session, 'echo "<$((6 * 7))>"\n')
  await Promise.all([one.sees('<42>'), two.sees('<42>')])
  expect(one.sessions()[0]?.generation).toBe(1)
})

test('starts a shell in the size that its terminal was given meanwhile', async () => {
  const blocked = Promise.withResolvers<number>()
  const rooms = [async () => 100, () => blocked.promise]
  const limits = { look: async () => [], room: () => rooms.shift()?.() ?? Promise.resolve(100) }
  await using terminals = await bootTerminals({ limits })
  await using page = await terminals.visit()
  const session = await page.open()
  page.type(session, 'exit\n')
  await page.until('the end', () => page.sessions()[0]?.state === 'ended')
  page.send({ type: 'restart', session })
  await page.until('the next shell', () => page.sessions()[0]?.state === 'running')
  page.send({ type: 'resize', view: 7, columns: 100, rows: 30 })
  await page.event('size')
  blocked.resolve(100)
  page.type(session, 'stty size\n', { generation: 2 })
  await page.sees('30 100')
})

test('says so when there is no room for a shell, and starts it in the same view once there is', async () => {
  let room = 5
  const limits = { look: async () => [], room: async () => room }
  await using terminals = await bootTerminals({ limits })
  await using page = await terminals.visit()
  page.send({ type: 'open', request: 1, columns: 80, rows: 24 })
  const { session } = await page.event('opened')
  await page.attach(session)
  expect((await page.event('refused')).message).toMatch(/^I could not start a shell/)
  await page.until('no shell', () => page.sessions()[0]?.state === 'ended')
  expect(page.sessions()[0]).toMatchObject({ exitCode: null })
  room = 6
  page.send({ type: 'restart', session })
  await page.sees('A new shell.')
  page.type(session, 'echo "<$((6 * 7))>"\n', { generation: 2 })
  await page.sees('<42>')
})

/** Shells that this test's process started. */
async function shells(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return stats.filter((stat) => {
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return stat.includes('(sh)') && state !== 'Z' && Number(parent) === process.pid
  })
}

test('leaves no shell behind of a terminal that was closed before it started', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit()
  page.send({ type: 'open', request: 1, columns: 80, rows: 24 })
  const { session } = await page.event('opened')
  page.send({ type: 'attach', view: 7, session })
  page.send({ type: 'close', session })
  await page.until('no tab', () => page.sessions().length === 0)
  // By the time that another terminal has its prompt, the first one's shell would have been there.
  const other = await page.open()
  page.send({ type: 'close', session: other })
  await page.until('no tab', () => page.sessions().length === 0)
  await expect.poll(shells).toEqual([])
})

test('shows after a sleep the words of a program’s own screen', async () => {
  await using folder = await temporaryFolder()
  {
    await using terminals = await bootTerminals({ home: folder.path })
    await using page = await terminals.visit()
    const session = await page.open()
    page.type(session, 'echo before; printf "\\033[?1049h\\033[2J\\033[Hunsaved words"; read wait\n')
    await page.until('the other screen', () => page.screen.buffer.active.type === 'alternate')
    await page.sees('unsaved words')
  }
  await using terminals = await bootTerminals({ home: folder.path })
  await using page = await terminals.visit()
  await page.attach(page.sessions()[0]?.id ?? '')
  await page.sees('I slept')
  expect(page.screen.buffer.active.type).toBe('normal')
  expect(page.text()).toMatch(/before.*unsaved words.*I slept/s)
})

test('starts with nothing kept where the file says something else', async () => {
  await using folder = await temporaryFolder()
  {
    await using terminals = await bootTerminals({ home: folder.path })
    await using page = await terminals.visit()
    await page.open()
  }
  await writeFile(join(folder.path, '.local/state/matrixos/terminals.json'), '[{"id":1}]')
  await using terminals = await bootTerminals({ home: folder.path })
  await using page = await terminals.visit()
  expect(page.sessions()).toEqual([])
})
