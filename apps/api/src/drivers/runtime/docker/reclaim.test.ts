/** Where the kernel is told to give a paused container's memory back. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { giveBack, reclaimFileOf } from './reclaim.ts'

it('finds the file of version 1, where memory may share its hierarchy', () => {
  const membership = '11:cpu,cpuacct:/docker/a1\n7:memory:/docker/a1\n1:name=systemd:/docker/a1\n0::/system\n'
  expect(reclaimFileOf(membership, '/cg')).toEqual({
    path: '/cg/memory/docker/a1/memory.force_empty',
    bytes: '0',
    swapLimitPath: null,
  })
})

it('finds the file of version 2, and asks for all that there is', () => {
  expect(reclaimFileOf('0::/system.slice/docker-a1.scope\n', '/cg')).toEqual({
    path: '/cg/system.slice/docker-a1.scope/memory.reclaim',
    bytes: String(2 ** 40),
    swapLimitPath: '/cg/system.slice/docker-a1.scope/memory.swap.max',
  })
})

it('finds none where neither is', () => {
  expect(reclaimFileOf('5:pids:/docker/a1\n', '/cg')).toBe(null)
  expect(reclaimFileOf('', '/cg')).toBe(null)
})

it('leaves the limit of swap as it was', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mos-reclaim-'))
  const [path, swapLimitPath] = [join(folder, 'memory.reclaim'), join(folder, 'memory.swap.max')]
  await writeFile(path, '')
  await writeFile(swapLimitPath, '0\n')
  await giveBack({ path, bytes: '7', swapLimitPath })
  expect([await readFile(path, 'utf8'), await readFile(swapLimitPath, 'utf8')]).toEqual(['7', '0'])
  await rm(folder, { recursive: true })
})
