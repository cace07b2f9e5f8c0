import { cp, mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { bootInstance } from '../testing/instance.ts'
import { beginRun } from './run.ts'

test('knows whether the run before it had time to end', async () => {
  await using folder = await temporaryFolder()
  const root = folder.path
  // Where there is no place for its mark, it says nothing.
  expect((await beginRun(root)).isAfterCrash).toBe(false)
  await mkdir(join(root, 'system'))
  const first = await beginRun(root)
  expect(first.isAfterCrash).toBe(false)
  await first.end()
  const second = await beginRun(root)
  expect(second).toMatchObject({ isAfterCrash: false, id: expect.not.stringMatching(first.id) })
  const third = await beginRun(root)
  expect(third.isAfterCrash).toBe(true)
  await third.end()
  expect((await beginRun(root)).isAfterCrash).toBe(false)
})

test('takes a home that was copied while it ran for no crash, and knows one of its own from then on', async () => {
  await using folder = await temporaryFolder()
  const [root, copy] = [join(folder.path, 'one'), join(folder.path, 'copy')]
  await mkdir(join(root, 'system'), { recursive: true })
  await beginRun(root)
  await cp(root, copy, { recursive: true })
  expect((await beginRun(copy)).isAfterCrash).toBe(false)
  expect((await beginRun(copy)).isAfterCrash).toBe(true)
})

test('tells every page which run it is at, and forgets nothing at a stop', async () => {
  await using first = await bootInstance()
  await first.booted
  const [one, other] = [await first.open('/ws/shell'), await first.open('/ws/shell')]
  const told = await one.next()
  expect(told).toMatchObject({ type: 'hello', isAfterCrash: false })
  expect(await other.next()).toEqual(told)
  expect(await readdir(join(first.home, 'system'))).toContain('.running')
  await first.stop()
  await using second = await bootInstance({ home: first.home })
  const next = await (await second.open('/ws/shell')).next()
  expect(next).toMatchObject({ isAfterCrash: false })
  expect(next.run).not.toBe(told.run)
})
