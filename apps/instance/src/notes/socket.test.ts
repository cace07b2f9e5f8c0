import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bootInstance } from '../testing/instance.ts'
import { versionOf } from './pad.ts'

const asPad = (text: string) => ({ type: 'pad', version: versionOf(text), text })

async function openPad(instance: Awaited<ReturnType<typeof bootInstance>>) {
  const tab = await instance.open('/ws/notes')
  expect(await tab.next()).toEqual(asPad(''))
  return tab
}

test('brings an outside change to all tabs when one joins after it', async () => {
  await using instance = await bootInstance()
  const first = await openPad(instance)
  await writeFile(join(instance.home, 'notes/pad.md'), 'changed by another program')
  const second = await instance.open('/ws/notes')
  expect(await second.next()).toEqual(asPad('changed by another program'))
  // Asked after the join was answered: without the change, the pong would be next.
  first.send({ type: 'ping' })
  expect(await first.next()).toEqual(asPad('changed by another program'))
})

test('sends a save that equals an outside change to a tab that knows neither', async () => {
  await using instance = await bootInstance()
  const [first, second] = [await openPad(instance), await openPad(instance)]
  await writeFile(join(instance.home, 'notes/pad.md'), 'same')
  second.send({ type: 'save', id: 1, base: versionOf(''), text: 'same' })
  expect(await second.next()).toMatchObject({ type: 'saved', keptCopy: null })
  expect(await first.next()).toEqual(asPad('same'))
})

test('tells tabs of saves in the order they were written, whoever joins meanwhile', async () => {
  await using instance = await bootInstance()
  const writer = await openPad(instance)
  const joining = instance.open('/ws/notes')
  let text = ''
  for (let id = 1; id <= 20; id++) {
    writer.send({ type: 'save', id, base: versionOf(text), text: `draft ${id}` })
    text = `draft ${id}`
  }
  const reader = await joining
  let last = -1
  while (last < 20) {
    const seen = String((await reader.next()).text)
    const number = seen === '' ? 0 : Number(seen.replace('draft ', ''))
    expect(number).toBeGreaterThan(last)
    last = number
  }
})

test('does not tell a tab again what it knows already', async () => {
  await using instance = await bootInstance()
  const [first, second] = [await openPad(instance), await openPad(instance)]
  first.send({ type: 'save', id: 1, base: versionOf(''), text: 'once' })
  expect(await second.next()).toEqual(asPad('once'))
  const third = await instance.open('/ws/notes')
  expect(await third.next()).toEqual(asPad('once'))
  second.send({ type: 'ping' })
  expect(await second.next()).toEqual({ type: 'pong' })
})

test('tells a joining tab of an unreadable file, and of the next change', async () => {
  await using instance = await bootInstance()
  const first = await openPad(instance)
  await writeFile(join(instance.home, 'notes/pad.md'), 'x'.repeat(2_000_001))
  const second = await instance.open('/ws/notes')
  expect(await second.next()).toMatchObject({ type: 'failed', id: 0 })
  await rm(join(instance.home, 'notes/pad.md'))
  first.send({ type: 'save', id: 1, base: versionOf(''), text: 'short again' })
  expect(await second.next()).toEqual(asPad('short again'))
})
