import { mkdir, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bootFiles } from '../../testing/files.ts'
import { temporaryFolder } from '../../testing/folder.ts'
import { findLeftovers, removeLeftovers } from './staging.ts'
import { openTree } from './tree.ts'

test('removes what a kill left over, and nothing that came into being since', async () => {
  await using folder = await temporaryFolder()
  const tree = openTree({ root: await realpath(folder.path) })
  expect(await findLeftovers(tree)).toEqual([])
  const unfinished = '00000000-0000-0000-0000-000000000000'
  for (const name of ['save-1', 'copy-1/deep', 'gone-1', 'app-1', unfinished])
    await mkdir(join(folder.path, '.uploads', name), { recursive: true })
  const found = await findLeftovers(tree)
  await mkdir(join(folder.path, '.uploads/save-2'))
  await removeLeftovers(tree, found)
  expect((await readdir(join(folder.path, '.uploads'))).sort()).toEqual([unfinished, 'app-1', 'save-2'])
  expect(await findLeftovers(tree, ['app'])).toEqual(['app-1'])
})

test('looks for leftovers before its first request, and removes them', async () => {
  await using it = await bootFiles()
  for (const name of ['save-old', 'copy-old/deep', 'gone-old']) await it.write(`.uploads/${name}/x`)
  const saved = await Promise.all(
    Array.from({ length: 8 }, (_, i) => it.put(`new-${i}.txt`, 'new', { 'if-none-match': '*' })),
  )
  expect(saved.map(({ status }) => status)).toEqual(saved.map(() => 201))
  await expect.poll(() => readdir(it.at('.uploads'))).toEqual([])
})
