/** The trash while several things happen to it at once. */
import { readdirSync } from 'node:fs'
import { mkdir, readdir, realpath, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bootFiles } from '../../testing/files.ts'
import { temporaryFolder } from '../../testing/folder.ts'
import { createGate } from './gate.ts'
import { trashContents, trashed } from './protocol.ts'
import { createTrash } from './trash.ts'
import { openTree, type Tree } from './tree.ts'

type Booted = Awaited<ReturnType<typeof bootFiles>>
const put = async (it: Booted, ...paths: string[]) => (await it.post('trash', { paths })).as(trashed).id
const contents = async (it: Booted) => (await it.get('trash')).as(trashContents).items

/** The home at `root`, which does something more at the `count`th look at an entry. */
function lookingIn(root: string, count: number, doSomething: () => void): Tree {
  const real = openTree({ root })
  let looks = 0
  const look = () => {
    if (++looks === count) doSomething()
  }
  return {
    ...real,
    async spot(path) {
      const spot = await real.spot(path)
      look()
      // Enough for whatever does not wait its turn.
      for (let turn = 0; looks >= count && turn < 50; turn++) await stat(root)
      return spot
    },
  }
}

test.each(['', 'the one'])('empties the trash of %s what goes in meanwhile as a whole', async (which) => {
  await using folder = await temporaryFolder()
  const root = await realpath(folder.path)
  for (const name of ['one', 'two', 'three']) await writeFile(join(root, name), name)
  const removals: Promise<void>[] = []
  // Each is looked at once before anything moves, and once when it does.
  const tree = lookingIn(root, 5, () => {
    const id = readdirSync(join(root, '.trash'))[0]
    removals.push(which === '' ? trash.remove() : trash.remove(id))
  })
  const trash = createTrash({ tree, now: () => new Date(0), oneAtATime: createGate() })
  await trash.put(['one', 'two', 'three'])
  expect(removals).toHaveLength(1)
  await Promise.all(removals)
  expect(await trash.list()).toEqual({ items: [] })
  expect(await readdir(join(root, '.uploads'))).toEqual([])
  expect((await readdir(root)).sort()).toEqual(['.trash', '.uploads'])
})

test('lets come back what is on its way when the trash is emptied', async () => {
  await using folder = await temporaryFolder()
  const root = await realpath(folder.path)
  for (const name of ['one', 'two', 'three']) await mkdir(join(root, 'box', name), { recursive: true })
  const removals: Promise<void>[] = []
  let isComingBack = false
  const real = openTree({ root })
  const tree: Tree = {
    ...real,
    async pin(path) {
      const pin = await real.pin(path)
      if (!isComingBack || path !== 'box') return pin
      if (removals.length === 0) removals.push(trash.remove())
      for (let turn = 0; turn < 50; turn++) await stat(root)
      return pin
    },
  }
  const trash = createTrash({ tree, now: () => new Date(0), oneAtATime: createGate() })
  const id = await trash.put(['box/one', 'box/two', 'box/three'])
  isComingBack = true
  expect((await trash.restore(id)).entries).toHaveLength(3)
  await Promise.all(removals)
  expect((await readdir(join(root, 'box'))).sort()).toEqual(['one', 'three', 'two'])
})

test('tells what is in it while some of that goes', async () => {
  await using it = await bootFiles()
  for (let number = 0; number < 20; number++) {
    await it.write(`${number}.txt`)
    await put(it, `${number}.txt`)
  }
  const items = await contents(it)
  const [lists] = await Promise.all([
    Promise.all(items.map(() => it.get('trash'))),
    Promise.all(items.map(({ id }) => it.remove(`trash/${id}`))),
    it.remove('trash'),
  ])
  expect(lists.map(({ status }) => status)).toEqual(lists.map(() => 200))
})
