import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@matrixos/testing/until'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EngineAnswer, type EngineCall, openEngineProxy } from '../testing/engine-proxy.ts'
import { makeSpec, recordEvents } from '../testing/harness.ts'
import { createDockerRuntime } from './index.ts'

const homes = { give: async () => {}, disarm: async () => {} }

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mosr-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const spec = makeSpec('image')
const name = `/containers/matrixos-${spec.handle}/json`
const labels = { 'os.matrix.platform': 'test', 'os.matrix.instance': spec.id }
const row = { Id: 'c1', State: 'running', Status: 'Up', Labels: labels }

async function boot(answer: (call: EngineCall) => EngineAnswer) {
  const proxy = await openEngineProxy({ folder, answer })
  const runtime = createDockerRuntime({
    stateDir: join(folder, 'runtime'),
    homes,
    platformId: 'test',
    host: proxy.host,
    timing: { callTimeoutMs: 150, reconnectMs: [5, 20] },
  })
  return { proxy, runtime }
}

const downError = { code: 'engine_down', message: expect.stringContaining('not responding') }

describe.each(['silent', 'stalled'] as const)('an engine that is %s', (how) => {
  it('fails every verb with engine_down instead of holding it', async () => {
    const { proxy, runtime } = await boot(() => how)
    await using _ = proxy
    const calls = [
      runtime.check('image'),
      runtime.create(spec),
      runtime.start(spec),
      runtime.stop(spec.id),
      runtime.remove(spec.id),
      runtime.inspect(spec),
      runtime.list(),
      runtime.logs(spec, 1),
    ]
    await Promise.all(calls.map((call) => expect(call).rejects.toMatchObject(downError)))
  })

  it('gets its connection closed with the deadline', async () => {
    const { proxy, runtime } = await boot(() => how)
    await using _ = proxy
    await expect(runtime.inspect(spec)).rejects.toMatchObject(downError)
    await until('the call is given up', () => proxy.abandoned() === 1)
  })

  it.each([
    ['stop', /\/stop$/],
    ['removal', /^\/containers\/c1$/],
  ])('at the %s alone fails that verb', async (verb, path) => {
    const inspected = { Id: 'c1', Name: name, State: { Status: 'running' }, Config: { Labels: labels } }
    const { proxy, runtime } = await boot((call) => {
      if (path.test(call.path)) return how
      return { json: call.path === '/containers/json' ? [row] : inspected }
    })
    await using _ = proxy
    const call = verb === 'stop' ? runtime.stop(spec.id, { graceS: 0 }) : runtime.remove(spec.id)
    await expect(call).rejects.toMatchObject(downError)
  })
})

it('asks for the event stream again when the engine accepts the call and says nothing', async () => {
  const { proxy, runtime } = await boot(() => 'silent')
  await using _ = proxy
  await using _recorder = recordEvents(runtime)
  await until('the third call', () => proxy.count('GET', /^\/events$/) >= 3)
})

it('gives a stop the grace on top of the deadline', async () => {
  const { proxy, runtime } = await boot((call) =>
    call.path === '/containers/json' ? { json: [row] } : 'silent',
  )
  await using _ = proxy
  let settled = false
  const stopped = runtime.stop(spec.id, { graceS: 1 }).finally(() => {
    settled = true
  })
  void stopped.catch(() => undefined)
  // The same deadline without a grace, several times over.
  for (let i = 0; i < 3; i++) await expect(runtime.inspect(spec)).rejects.toMatchObject(downError)
  expect(settled).toBe(false)
  await expect(stopped).rejects.toMatchObject(downError)
})
