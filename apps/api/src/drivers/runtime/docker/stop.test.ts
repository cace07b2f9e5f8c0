import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openEngineProxy } from '../testing/engine-proxy.ts'
import { makeSpec } from '../testing/harness.ts'
import { createDockerRuntime } from './index.ts'

it('removes the files of a container, also of one that was gone by then or was never made', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mosr-'))
  const { id } = makeSpec('image')
  const Labels = { 'os.matrix.platform': 'test', 'os.matrix.instance': id }
  const inspected = { Id: 'c1', Name: '/c1', State: { Status: 'exited' }, Config: { Labels } }
  let isGone = false
  await using proxy = await openEngineProxy({
    folder,
    answer: ({ method, path }) => {
      if (path === '/containers/json')
        return { json: isGone ? [] : [{ Id: 'c1', State: 'exited', Status: 'Exited (0)', Labels }] }
      if (isGone) return { status: 500, json: { message: 'the engine is stopping' } }
      isGone = method === 'DELETE'
      return { json: inspected }
    },
  })
  const stateDir = join(folder, 'runtime')
  const homes = { give: async () => {}, disarm: async () => {} }
  const runtime = createDockerRuntime({ stateDir, homes, platformId: 'test', host: proxy.host })
  const others = makeSpec('image').id
  for (const name of [`${id}.1`, `${id}.2`, `${others}.1`])
    mkdirSync(join(stateDir, name), { recursive: true })
  await expect(runtime.remove(id)).rejects.toThrow()
  await runtime.remove(id, { generation: 2 })
  expect(readdirSync(stateDir).sort()).toEqual([`${id}.1`, `${others}.1`].sort())
  await runtime.remove(id)
  expect(readdirSync(stateDir)).toEqual([`${others}.1`])
  rmSync(folder, { recursive: true })
})
