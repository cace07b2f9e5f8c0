import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { TEMPLATE } from '../testing/instance.ts'
import { firstBoot } from './first-boot.ts'

const words = { handle: 'alice', displayName: 'Alice "A" Liddell', now: '2025-03-01T12:00:00.000Z' }
const listed = async (home: string) => (await readdir(home, { recursive: true })).sort()
const COMPLETE = [
  'README.md',
  'apps',
  'apps/README.md',
  'config.json',
  'notes',
  'notes/pad.md',
  'system',
  'system/first-boot.json',
  'system/soul.md',
]

test('fills an empty home, addressed to its owner', async () => {
  await using folder = await temporaryFolder()
  expect(await firstBoot({ home: folder.path, template: TEMPLATE, words })).toBe(true)
  expect(await listed(folder.path)).toEqual(COMPLETE)
  expect(await readFile(join(folder.path, 'system/soul.md'), 'utf8')).toContain('Hello Alice "A" Liddell.')
  expect(JSON.parse(await readFile(join(folder.path, 'system/first-boot.json'), 'utf8'))).toMatchObject({
    handle: 'alice',
    greeting: 'Welcome, alice',
    firstBootAt: words.now,
  })
  const config = JSON.parse(await readFile(join(folder.path, 'config.json'), 'utf8'))
  expect(config).toEqual({ channels: {}, schedules: [] })
})

test('fills it once: what the owner changed or removed stays so', async () => {
  await using folder = await temporaryFolder()
  await firstBoot({ home: folder.path, template: TEMPLATE, words })
  await writeFile(join(folder.path, 'system/soul.md'), 'mine')
  await rm(join(folder.path, 'notes'), { recursive: true })
  expect(await firstBoot({ home: folder.path, template: TEMPLATE, words })).toBe(false)
  expect(await readFile(join(folder.path, 'system/soul.md'), 'utf8')).toBe('mine')
  expect(await listed(folder.path)).not.toContain('notes')
})

test.each(['staged', 'moved README.md', 'moved apps', 'moved config.json', 'moved notes', 'complete'])(
  'completes a first boot that was killed after "%s"',
  async (killedAfter) => {
    await using folder = await temporaryFolder()
    const onStep = (step: string) => {
      if (step === killedAfter) throw new Error('killed')
    }
    const options = { home: folder.path, template: TEMPLATE, words }
    await expect(firstBoot({ ...options, onStep })).rejects.toThrow('killed')
    const complete = killedAfter === 'complete'
    expect((await listed(folder.path)).includes('system')).toBe(complete)
    expect(await firstBoot(options)).toBe(!complete)
    expect((await listed(folder.path)).filter((name) => !name.startsWith('.'))).toEqual(COMPLETE)
  },
)

test('keeps existing files, and does not take an empty system folder for a finished boot', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'system'))
  await mkdir(join(folder.path, 'lost+found'))
  await writeFile(join(folder.path, 'config.json'), '{"mine":true}')
  expect(await firstBoot({ home: folder.path, template: TEMPLATE, words })).toBe(true)
  expect(await readFile(join(folder.path, 'config.json'), 'utf8')).toBe('{"mine":true}')
  expect(await listed(folder.path)).toEqual([...COMPLETE, 'lost+found'].sort())
})

test('creates a home that does not exist yet', async () => {
  await using folder = await temporaryFolder()
  const home = join(folder.path, 'a/b')
  expect(await firstBoot({ home, template: TEMPLATE, words })).toBe(true)
  expect(await listed(home)).toEqual(COMPLETE)
})
