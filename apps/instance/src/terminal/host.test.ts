import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bootTerminals } from '../testing/terminal-host.ts'

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
