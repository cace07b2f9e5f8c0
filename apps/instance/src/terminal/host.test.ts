import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { bootTerminals } from '../testing/terminal-host.ts'
import { MOST_SESSIONS } from './protocol.ts'
import type { UnseenEnd } from './session.ts'

test('runs a shell in the owner’s home, and what is typed', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit()
  const session = await page.open()
  page.type(session, 'echo "<$((6 * 7))>"; pwd\n')
  await page.sees('<42>')
  await page.sees(terminals.home)
  expect(await page.event('typed')).toEqual({ type: 'typed', session, number: 1 })
})

test('shows a page that comes later the lines, the screen and the cursor as the first one has them', async () => {
  await using terminals = await bootTerminals()
  await using one = await terminals.visit()
  const session = await one.open()
  one.type(session, 'i=0; while [ $i -lt 300 ]; do i=$((i+1)); echo "line $i \u00e4\u4f60\u{1f600}"; done\n')
  await one.sees('line 300')
  // Not by its letters, which are seen as soon as they are typed.
  one.type(session, 'printf "\\033[5;10H\\150ere\\033[31;1m"; read wait\n')
  await one.sees('here')
  await using two = await terminals.visit({ page: 'another-page' })
  await two.attach(session)
  await two.sees('here')
  expect(two.text()).toBe(one.text())
  const cursor = ({ screen }: typeof one) => [screen.buffer.active.cursorX, screen.buffer.active.cursorY]
  expect(cursor(two)).toEqual(cursor(one))
  // And from then on both see the same.
  two.type(session, '\nclear; echo "<$((6 * 7))>"\n')
  await Promise.all([one.sees('<42>'), two.sees('<42>')])
  expect(two.text()).toBe(one.text())
})

test('shows a page that comes later a program’s own screen, and the one below it when that ends', async () => {
  await using terminals = await bootTerminals()
  await using one = await terminals.visit()
  const session = await one.open()
  one.type(
    session,
    'echo before; printf "\\033[?1049h\\033[?25l\\033[?1006h\\033[2J\\033[HEDITOR"; read wait\n',
  )
  await one.until('the other screen', () => one.screen.buffer.active.type === 'alternate')
  await one.sees('EDITOR')
  await using two = await terminals.visit({ page: 'another-page' })
  await two.attach(session)
  await two.sees('EDITOR')
  expect(two.screen.buffer.active.type).toBe('alternate')
  two.type(session, '\nprintf "\\033[?1049l"; echo after\n')
  await Promise.all([one.sees('\nafter'), two.sees('\nafter')])
  expect(two.text()).toContain('\nbefore')
  expect(two.text()).toBe(one.text())
})

test('types once what a page sends again after its link broke', async () => {
  await using terminals = await bootTerminals()
  await using one = await terminals.visit()
  const session = await one.open()
  one.type(session, 'echo first', { number: 1 })
  await one.event('typed')
  await using again = await terminals.visit()
  expect(await again.attach(session)).toMatchObject({ typed: 1 })
  again.type(session, 'echo first', { number: 1 })
  again.type(session, '; echo "[$?]"\n', { number: 2 })
  await again.sees('[0]')
  expect(again.text()).not.toContain('echo firstecho first')
})

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

test('tells by number what killed a shell', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit()
  const session = await page.open()
  page.type(session, 'kill -9 $$\n')
  await page.until('the end', () => page.sessions()[0]?.exitCode === 137)
})

test('has the size of the view in which somebody works, and tells the others', async () => {
  await using terminals = await bootTerminals()
  await using one = await terminals.visit({ columns: 100, rows: 30 })
  const session = await one.open()
  await using two = await terminals.visit({ page: 'another-page', columns: 40, rows: 10 })
  expect(await two.attach(session)).toMatchObject({ columns: 100, rows: 30 })
  two.send({ type: 'resize', view: 7, columns: 40, rows: 10 })
  expect(await one.event('size')).toMatchObject({ columns: 40, rows: 10 })
  two.type(session, 'stty size\n')
  await one.sees('10 40')
})

test('tells its title, its folder and the program in front', async () => {
  await using terminals = await bootTerminals()
  await mkdir(join(terminals.home, 'work'))
  await using page = await terminals.visit()
  const session = await page.open('work')
  const first = () => page.sessions()[0]
  expect(first()).toMatchObject({ place: '~/work', program: null, state: 'running' })
  page.type(session, 'cd ..; printf "\\033]2;my title\\007"; sleep 1000\n')
  await page.until('its title', () => first()?.title === 'my title')
  await page.until('its program', () => first()?.program === 'sleep' && first()?.place === '~')
  page.type(session, '\u0003')
  await page.until('the shell again', () => first()?.program === null)
  page.type(session, 'printf "\\033]7;file://host/tmp/a%%20b\\007"; sleep 1000\n')
  await page.until('the folder that it tells', () =>
    page.events.some((event) => event.type === 'sessions' && event.sessions[0]?.folder === '/tmp/a b'),
  )
})

test('answers what a program asks of its terminal once, however many look', async () => {
  await using terminals = await bootTerminals()
  await using one = await terminals.visit()
  const session = await one.open()
  await using two = await terminals.visit({ page: 'another-page' })
  await two.attach(session)
  one.type(
    session,
    'stty -icanon -echo; printf "\\033[6n\\033]11;?\\033\\\\"; dd bs=1 count=32 2>/dev/null | od -c\n',
  )
  // The cursor's place, then the colour.
  await one.sees('R 033   ]   1   1')
})

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

test('keeps tabs in order, with the names they are given', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit()
  const [a, b, c] = [await page.open(), await page.open(), await page.open()]
  page.send({ type: 'move', session: c, to: 0 })
  page.send({ type: 'rename', session: a, name: '  build ' })
  await page.until('the name', () => page.sessions().some(({ name }) => name === 'build'))
  expect(page.sessions().map(({ id }) => id)).toEqual([c, a, b])
})

test('ends shells that do nothing when the last window closes, and lets programs go on', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit()
  const [busy, waiting] = [await page.open(), await page.open()]
  page.type(busy, 'sleep 1000\n', { generation: 1 })
  await page.until('a program', () => page.sessions().some(({ program }) => program === 'sleep'))
  page.send({ type: 'leave' })
  await page.until('one tab', () => page.sessions().length === 1)
  expect(page.sessions()[0]?.id).toBe(busy)
  expect(waiting).not.toBe(busy)
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

test('shows nothing to a view that was closed while its shell still started', async () => {
  await using terminals = await bootTerminals()
  await using one = await terminals.visit()
  await using two = await terminals.visit({ page: 'another-page' })
  one.send({ type: 'open', request: 1, columns: 80, rows: 24 })
  const { session } = await one.event('opened')
  one.send({ type: 'attach', view: 7, session })
  one.send({ type: 'detach', view: 7 })
  await two.attach(session)
  two.type(session, 'echo "<$((6 * 7))>"\n')
  await two.sees('<42>')
  one.send({ type: 'ping' })
  await one.event('pong')
  expect(one.received()).toBe(0)
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
  page.type(session, 'until [ -e go ]; do sleep 0.05; done\n')
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

test('does not complain of what a page still says of a terminal that has just been closed', async () => {
  await using terminals = await bootTerminals()
  await using page = await terminals.visit()
  const session = await page.open()
  page.send({ type: 'close', session })
  page.send({ type: 'acknowledge', view: 7, bytes: 10 })
  page.send({ type: 'resize', view: 7, columns: 90, rows: 30 })
  page.send({ type: 'detach', view: 7 })
  page.send({ type: 'ping' })
  await page.event('pong')
  expect(page.events.filter(({ type }) => type === 'refused')).toEqual([])
  expect(terminals.logged).toEqual([])
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
