import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { createKeptStore } from './kept.ts'

const kept = (id: string, more: object = {}) => ({
  ...{
    id,
    name: null,
    title: '',
    folder: '/home/matrixos',
    columns: 80,
    rows: 24,
    generation: 1,
    screen: '$ ',
  },
  ...more,
})

test('loses no terminal because another one cannot be read', async () => {
  await using home = await temporaryFolder()
  const store = createKeptStore(home.path)
  await store.write([kept('one'), kept('two', { folder: `/${'x'.repeat(5_000)}` }), kept('three')])
  expect((await store.read()).map(({ id }) => id)).toEqual(['one', 'three'])
})

test.each(['', '{', '{}', '[null, 1]'])('begins anew where the file says %j', async (text) => {
  await using home = await temporaryFolder()
  await mkdir(join(home.path, '.local/state/matrixos'), { recursive: true })
  await writeFile(join(home.path, '.local/state/matrixos/terminals.json'), text)
  expect(await createKeptStore(home.path).read()).toEqual([])
})
