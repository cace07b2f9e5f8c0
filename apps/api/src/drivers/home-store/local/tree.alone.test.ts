import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { deleteTree, disarmTree, giveTree } from './tree.ts'

vi.mock('node:child_process', async (original) => {
  const real = await original<typeof import('node:child_process')>()
  return { ...real, spawn: vi.fn(real.spawn) }
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mos-tree-'))
  writeFileSync(join(folder, 'file'), '')
  vi.mocked(spawn).mockClear()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

it.each([
  ['deletion', deleteTree],
  ['disarming', disarmTree],
  ['change of owner', (path: string) => giveTree(path, owner)],
])('joins a %s that an earlier caller gave up waiting for', async (_, work) => {
  await Promise.all([work(folder), work(folder), work(folder)])
  expect(spawn).toHaveBeenCalledTimes(1)
  await work(folder)
  expect(spawn).toHaveBeenCalledTimes(2)
})

it('tells all who joined that it failed', async () => {
  const missing = join(folder, 'missing')
  const outcomes = await Promise.allSettled([disarmTree(missing), disarmTree(missing)])
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  expect(spawn).toHaveBeenCalledTimes(1)
})
