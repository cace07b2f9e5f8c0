import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { createLimits } from './limits.ts'

const VERSIONS = [
  {
    name: 'first',
    memory: {
      limit: 'memory/memory.limit_in_bytes',
      events: 'memory/memory.oom_control',
      text: (count: number) => `oom_kill_disable 0\nunder_oom 0\noom_kill ${count}\n`,
    },
    pids: { limit: 'pids/pids.max', events: 'pids/pids.events' },
  },
  {
    name: 'second',
    memory: {
      limit: 'memory.max',
      events: 'memory.events',
      text: (count: number) => `low 0\nhigh 7\nmax 9\noom 3\noom_kill ${count}\noom_group_kill 0\n`,
    },
    pids: { limit: 'pids.max', events: 'pids.events' },
  },
]

test.each(VERSIONS)('tells what was ended and refused in control groups, $name version', async (version) => {
  const { memory, pids } = version
  await using folder = await temporaryFolder()
  const write = async (name: string, text: string) => {
    const path = join(folder.path, name)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
  }
  await write(memory.limit, '536870912\n')
  await write(memory.events, memory.text(2))
  await write(pids.limit, '256\n')
  await write(pids.events, 'max 5\n')
  await write(pids.events.replace('events', 'current'), '250\n')
  const limits = await createLimits(folder.path)
  // What was before the first terminal is old.
  expect(await limits.look()).toEqual([])
  await write(memory.events, memory.text(3))
  expect(await limits.look()).toEqual([expect.stringMatching(/out of memory.*512 MB/)])
  expect(await limits.look()).toEqual([])
  await write(pids.events, 'max 300\n')
  await write(memory.events, memory.text(4))
  expect(await limits.look()).toEqual([
    expect.stringContaining('out of memory'),
    expect.stringContaining('256 at once'),
  ])
  expect(await limits.room()).toBe(6)
})

test('says nothing where there is no limit: what is counted there is others’ doing', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'memory'))
  await writeFile(join(folder.path, 'memory/memory.limit_in_bytes'), '9223372036854771712\n')
  await writeFile(join(folder.path, 'memory/memory.oom_control'), 'oom_kill 1\n')
  await writeFile(join(folder.path, 'pids.max'), 'max\n')
  await writeFile(join(folder.path, 'pids.events'), 'max 1\n')
  const limits = await createLimits(folder.path)
  await writeFile(join(folder.path, 'memory/memory.oom_control'), 'oom_kill 2\n')
  await writeFile(join(folder.path, 'pids.events'), 'max 2\n')
  expect(await limits.look()).toEqual([])
  expect(await limits.room()).toBe(Number.POSITIVE_INFINITY)
})
