import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { openEngineProxy } from '../testing/engine-proxy.ts'
import { makeSpec, recordEvents } from '../testing/harness.ts'
import { createDockerRuntime } from './index.ts'

const homes = { give: async () => {}, disarm: async () => {} }

/** An engine of which only the event stream works. */
function fakeEngine(socketPath: string) {
  const streams: ServerResponse[] = []
  const asked: (string | null)[] = []
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://engine').searchParams.get('since'))
    response.writeHead(200).flushHeaders()
    streams.push(response)
  }).listen(socketPath)
  return {
    streams,
    asked,
    send: (action: string, id: string) => {
      const event = { Action: action, timeNano: 5e9, Actor: { Attributes: { 'os.matrix.instance': id } } }
      const text = `${JSON.stringify(event)}\n`
      // In two pieces, as a network may deliver it.
      streams.at(-1)?.write(text.slice(0, 20))
      streams.at(-1)?.write(text.slice(20))
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

it('comes back to an engine that was away, and asks for what it missed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mosr-'))
  const socketPath = join(folder, 'engine.sock')
  const { id } = makeSpec('')
  const runtime = createDockerRuntime({
    stateDir: folder,
    homes,
    platformId: 'test',
    host: socketPath,
    timing: { reconnectMs: [5, 20] },
  })
  // There is no engine yet.
  const recorder = recordEvents(runtime)
  const first = fakeEngine(socketPath)
  await until('the first stream', () => first.streams.length === 1)
  first.send('start', id)
  await recorder.seen({ id, generation: 1 }, 'started')
  first.close()

  const second = fakeEngine(socketPath)
  await until('the second stream', () => second.streams.length === 1)
  expect([first.asked[0], second.asked[0]]).toEqual([null, '5'])
  second.send('die', id)
  await recorder.seen({ id, generation: 1 }, 'stopped')
  await recorder[Symbol.asyncDispose]()
  second.close()
  rmSync(folder, { recursive: true })
})

it('inspects an instance whose handle is known with one call', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mosr-'))
  const spec = makeSpec('')
  const Labels = { 'os.matrix.platform': 'test', 'os.matrix.instance': spec.id }
  const State = { Status: 'exited', ExitCode: 137, OOMKilled: true, StartedAt: '2026-01-01T00:00:00Z' }
  const Config = { Labels }
  await using proxy = await openEngineProxy({
    folder,
    answer: ({ path }) => ({ json: path === '/containers/json' ? [] : { Id: 'c1', State, Config } }),
  })
  const open = (platformId: string) =>
    createDockerRuntime({ stateDir: folder, homes, platformId, host: proxy.host })
  expect(await open('test').inspect(spec)).toMatchObject({ exitCode: 137, oomKilled: true })
  expect(proxy.calls).toEqual([{ method: 'GET', path: `/containers/matrixos-${spec.handle}/json` }])
  // A container of this name that is somebody else's says nothing about the instance.
  expect(await open('other').inspect(spec)).toBeNull()
  rmSync(folder, { recursive: true })
})
