/** A runtime without instances: it counts what it is told to do, and one server says for all of them that they are healthy. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { InstanceId } from '@matrixos/shared'
import type { InstanceAddress, Runtime, RuntimeInstance } from '../../apps/api/src/ports/runtime.ts'

type Made = Pick<RuntimeInstance, 'handle' | 'status' | 'aiTokenGeneration'>

export interface FakeRuntime extends AsyncDisposable {
  runtime: Runtime
  /** Whether the image of what is started from now on knows roles. */
  readsRoles: boolean
  /** The same of apps. */
  readsApps: boolean
  /** How often `start` was called for this handle. */
  starts: (handle: string) => number
  /** From now on no start of this handle ends, until what this returns is called. Replaces an earlier one. */
  holdStarts: (handle: string) => () => void
}

export async function openFakeRuntime(): Promise<FakeRuntime> {
  const server = createServer((_request, response) => void response.end('{"status":"ok"}'))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const fake = { readsRoles: true, readsApps: true }
  const addressNow = (): InstanceAddress => ({
    ...{ host: '127.0.0.1', gatewayPort: port, shellPort: null, trust: 'bearer' },
    readsRoles: fake.readsRoles,
    readsApps: fake.readsApps,
  })
  const made = new Map<InstanceId, Made>()
  const starts = new Map<string, number>()
  const holds = new Map<string, Promise<void>>()

  const shown = (id: InstanceId): RuntimeInstance | null => {
    const one = made.get(id)
    if (!one) return null
    const where = one.status === 'running' || one.status === 'paused' ? addressNow() : null
    const fixed = {
      generation: 1,
      isolation: 'none',
      startedAt: null,
      exitCode: null,
      oomKilled: false,
    } as const
    return { ...one, ...fixed, id, address: where }
  }
  const runtime: Runtime = {
    name: 'process',
    isolationOf: () => 'none',
    firewall: () => ({ by: 'nobody', why: null }),
    limitsBandwidth: () => false,
    keepsBandwidth: async () => true,
    foundOpen: () => null,
    takeFoundOpen: () => undefined,
    canClose: () => false,
    ociRuntimes: async () => [],
    slotCount: () => Number.POSITIVE_INFINITY,
    check: async () => undefined,
    verifyIsolation: async () => undefined,
    selfTest: async () => null,
    create: async ({ id, handle }) =>
      void made.set(id, { status: 'created', aiTokenGeneration: null, ...made.get(id), handle }),
    start: async ({ id, handle, aiTokenGeneration }) => {
      starts.set(handle, (starts.get(handle) ?? 0) + 1)
      await holds.get(handle)
      made.set(id, { handle, status: 'running', aiTokenGeneration })
      return addressNow()
    },
    pause: async ({ id }) => {
      const one = made.get(id)
      if (one?.status === 'running') made.set(id, { ...one, status: 'paused' })
    },
    resume: async ({ id }) => {
      const one = made.get(id)
      if (one?.status !== 'paused') return false
      await holds.get(one.handle)
      made.set(id, { ...one, status: 'running' })
      return true
    },
    stop: async (id) => {
      const one = made.get(id)
      if (one) made.set(id, { ...one, status: 'stopped' })
    },
    remove: async (id) => void made.delete(id),
    inspect: async ({ id }) => shown(id),
    update: async () => undefined,
    usage: async () => null,
    list: async () => [...made.keys()].map(shown).filter((one) => one !== null),
    // biome-ignore lint/correctness/useYield: nothing ever happens by itself
    async *events(signal) {
      if (!signal.aborted) await once(signal, 'abort')
    },
    logs: async () => '',
    close: async () => undefined,
  }
  return Object.assign(fake, {
    runtime,
    starts: (handle: string) => starts.get(handle) ?? 0,
    holdStarts: (handle: string) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      holds.set(handle, promise)
      return () => {
        holds.delete(handle)
        resolve()
      }
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  })
}
