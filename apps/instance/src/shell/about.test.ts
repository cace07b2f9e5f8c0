import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { measure } from './about.ts'

test('counts what is in the home and in no other place that a link leads to', async () => {
  await using folder = await temporaryFolder()
  await using elsewhere = await temporaryFolder()
  await writeFile(join(elsewhere.path, 'large'), 'x'.repeat(500_000))
  await symlink(elsewhere.path, join(folder.path, 'link'))
  await mkdir(join(folder.path, 'a/b'), { recursive: true })
  await writeFile(join(folder.path, 'a/b/file'), 'x'.repeat(100_000))
  const { bytes, isWhole } = await measure(folder.path)
  expect(isWhole).toBe(true)
  expect(bytes).toBeGreaterThanOrEqual(100_000)
  expect(bytes).toBeLessThan(200_000)
})

test('ends early in a home with more than it may look at, and says so', async () => {
  await using folder = await temporaryFolder()
  for (const name of ['a', 'b', 'c']) await writeFile(join(folder.path, name), 'x')
  expect(await measure(folder.path, 2)).toMatchObject({ isWhole: false })
})
