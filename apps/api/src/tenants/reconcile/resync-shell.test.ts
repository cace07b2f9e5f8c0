import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { InstanceId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { createLog } from '../../log.ts'
import type { InstanceAddress, RuntimeInstance } from '../../ports/runtime.ts'
import type { InstanceRow } from '../store.ts'
import { createResync, type ResyncOptions } from './resync.ts'

const id = 'ins_a' as InstanceId

/** One running instance, of which the runtime shows this address. */
function boot(known: InstanceAddress, shown: InstanceAddress) {
  let row = { id, generation: 1, observed: 'running', desired: 'awake', address: known } as InstanceRow
  const written: unknown[] = []
  const seen = { id, generation: 1, status: 'running', address: shown } as RuntimeInstance
  const options = {
    store: {
      observe: async (_row: InstanceRow, change: Partial<InstanceRow>) => {
        written.push(change.address)
        row = { ...row, ...change }
        return row
      },
    },
    cache: {
      get: () => row,
      all: () => [row].values(),
      reload: async () => {},
      publish: (given: unknown) => given,
      onChange: () => () => {},
    },
    runtime: { list: async () => [seen], inspect: async () => seen },
    reconciler: { enqueue: () => {} },
    retireAiTokens: async () => {},
    freeSlot: async () => {},
    supersededSlots: async () => [],
    wentBack: () => {},
    isTrial: async () => false,
    clock: { now: () => 0, monotonic: () => 0 },
    log: createLog({ level: 'silent', part: 'test' }),
  }
  return { resync: createResync(options as unknown as ResyncOptions), written }
}

it('finds an undeclared shell that starts later than the gateway, and then keeps it', async () => {
  const server: Server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  const gateway = { host: '127.0.0.1', gatewayPort: 1, shellPort: null, trust: 'bearer' } as const
  const { resync, written } = boot(gateway, { ...gateway, shellPort: port, shellIsAssumed: true })
  await resync.all()
  await resync.one(id)
  expect(written).toEqual([])
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  await resync.all()
  expect(written).toEqual([{ ...gateway, shellPort: port }])
  server.close()
  await once(server, 'close')
  await resync.all()
  expect(written).toHaveLength(1)
})
