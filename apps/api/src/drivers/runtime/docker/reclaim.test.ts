/** Where the kernel is told to give a paused container's memory back. */
import { expect, it } from 'vitest'
import { reclaimFileOf } from './reclaim.ts'

it('finds the file of version 1, where memory may share its hierarchy', () => {
  const membership = '11:cpu,cpuacct:/docker/a1\n7:memory:/docker/a1\n1:name=systemd:/docker/a1\n0::/system\n'
  expect(reclaimFileOf(membership, '/cg')).toEqual({
    path: '/cg/memory/docker/a1/memory.force_empty',
    bytes: '0',
  })
})

it('finds the file of version 2, and asks for all that there is', () => {
  expect(reclaimFileOf('0::/system.slice/docker-a1.scope\n', '/cg')).toEqual({
    path: '/cg/system.slice/docker-a1.scope/memory.reclaim',
    bytes: String(2 ** 40),
  })
})

it('finds none where neither is', () => {
  expect(reclaimFileOf('5:pids:/docker/a1\n', '/cg')).toBe(null)
  expect(reclaimFileOf('', '/cg')).toBe(null)
})
