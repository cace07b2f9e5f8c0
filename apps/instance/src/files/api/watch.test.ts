import { writeFileSync } from 'node:fs'
import { mkdir, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bootFiles } from '../../testing/files.ts'
import { temporaryFolder } from '../../testing/folder.ts'
import type { TestSocket } from '../../testing/instance.ts'
import { openTree } from './tree.ts'
import { createWatcher } from './watch.ts'

async function watching(it: Awaited<ReturnType<typeof bootFiles>>, ...paths: string[]) {
  const socket = await it.open('/ws/files')
  socket.send({ type: 'watch', paths })
  expect(await socket.next()).toEqual({ type: 'watching', refused: [] })
  return socket
}

/** The next that is told of another path than the last. */
const changed = async (socket: TestSocket, path: string) => {
  for (;;) {
    const event = await socket.next()
    if (event.path === path) return event
  }
}

test('tells of what others make, write, rename and remove in a folder', async () => {
  await using it = await bootFiles()
  await it.write('a/one.txt')
  const socket = await watching(it, 'a')
  const steps = [
    () => writeFile(it.at('a/two.txt'), 'x'),
    () => writeFile(it.at('a/one.txt'), 'changed'),
    () => rename(it.at('a/one.txt'), it.at('a/three.txt')),
    () => rm(it.at('a/two.txt')),
    () => mkdir(it.at('a/sub')),
  ]
  for (const step of steps) {
    await step()
    expect(await socket.next()).toEqual({ type: 'changed', path: 'a' })
  }
})

test('tells of one file, whether it is written in place or replaced', async () => {
  await using it = await bootFiles()
  await it.write('a/one.txt')
  await it.write('a/other.txt')
  const socket = await watching(it, 'a/one.txt')
  await writeFile(it.at('a/other.txt'), 'nothing to tell')
  await writeFile(it.at('a/one.txt'), 'in place')
  expect(await socket.next()).toEqual({ type: 'changed', path: 'a/one.txt' })
  await writeFile(it.at('a/.one.txt.swp'), 'replaced')
  await rename(it.at('a/.one.txt.swp'), it.at('a/one.txt'))
  expect(await socket.next()).toEqual({ type: 'changed', path: 'a/one.txt' })
  await rm(it.at('a/one.txt'))
  expect(await socket.next()).toEqual({ type: 'changed', path: 'a/one.txt' })
})

test('misses nothing in what is watched on, while something else is added', async () => {
  await using folder = await temporaryFolder()
  for (const name of ['a', 'b']) await mkdir(join(folder.path, name))
  const told: string[] = []
  const tree = openTree({ root: await realpath(folder.path) })
  const watching = createWatcher({ quietMs: 1 }).join(tree, (path) => void told.push(path))
  await watching.set(['a'])
  const adding = watching.set(['a', 'b'])
  writeFileSync(join(folder.path, 'a/new'), '')
  expect(await adding).toEqual([])
  await expect.poll(() => told).toContain('a')
  watching.close()
})

test('tells everybody who looks, until they leave', async () => {
  await using it = await bootFiles()
  await it.write('a/one.txt')
  const [one, two] = [await watching(it, 'a'), await watching(it, '', 'a')]
  await it.write('a/two.txt')
  await changed(one, 'a')
  await changed(two, 'a')
  two.close()
  await two.closed
  await it.write('a/three.txt')
  await changed(one, 'a')
})

test('goes on with the folder that took another’s place', async () => {
  await using it = await bootFiles()
  await it.write('a/one.txt')
  await it.write('b/two.txt')
  const [socket, other] = [await watching(it, 'a', ''), await watching(it, 'a')]
  await rm(it.at('a/one.txt'))
  // In one step, as programs do that put a whole folder in place.
  await rename(it.at('b'), it.at('a'))
  await changed(socket, 'a')
  await changed(other, 'a')
  await it.write('a/three.txt')
  await changed(socket, 'a')
  await changed(other, 'a')
})

test('watches a folder anew that got the number of one that is gone', async () => {
  await using it = await bootFiles()
  for (let round = 0; round < 5; round++) {
    await it.write('a/one.txt')
    const [old, fresh] = [await watching(it, 'a'), await it.open('/ws/files')]
    await rm(it.at('a'), { recursive: true })
    await changed(old, 'a')
    await it.write('a/one.txt')
    fresh.send({ type: 'watch', paths: ['a'] })
    expect(await fresh.next()).toEqual({ type: 'watching', refused: [] })
    await it.write('a/two.txt')
    await changed(fresh, 'a')
  }
})

test('says what it cannot watch, and closes on what is no message', async () => {
  await using it = await bootFiles()
  const socket = await it.open('/ws/files')
  socket.send({ type: 'ping' })
  expect(await socket.next()).toEqual({ type: 'pong' })
  socket.send({ type: 'watch', paths: ['none', '../..', 'notes'] })
  expect(await socket.next()).toEqual({
    type: 'watching',
    refused: [
      { path: 'none', message: 'none: no such file or folder' },
      { path: '../..', message: 'That is not a path within your home.' },
    ],
  })
  socket.send({ type: 'watch', paths: Array(65).fill('notes') })
  expect((await socket.closed).code).toBe(1008)
})

test('tells many changes as few', async () => {
  await using it = await bootFiles()
  await mkdir(it.at('a'))
  const socket = await watching(it, 'a', '')
  for (let i = 0; i < 500; i++) await writeFile(it.at(`a/${i}`), '')
  await writeFile(it.at('last'), '')
  let told = 0
  for (; (await socket.next()).path !== ''; ) told++
  expect(told).toBeLessThan(100)
})
