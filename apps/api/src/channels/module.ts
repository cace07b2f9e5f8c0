/** Wires channels: where services deliver, the queue, and what takes messages to instances. */
import { channelsDeclared, type Hosts } from '@matrixos/shared'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Env } from '../env.ts'
import type { HandOver } from '../errands/hand-over.ts'
import type { InstanceCalls } from '../http/instance-calls.ts'
import { startLoop } from '../jobs/loop.ts'
import { createWorker } from '../jobs/worker.ts'
import type { Limits } from '../limits/module.ts'
import type { Log } from '../log.ts'
import { createSeal } from '../seal.ts'
import { createDeliveries } from './deliveries.ts'
import { createQueue, type QueuedRow } from './queue.ts'
import { createChannels } from './service.ts'
import { createChannelStore } from './store.ts'
import { createWebhooks } from './webhooks.ts'

/** Between two looks at what is due: what was just stored here is not waited for. */
const LOOK_MS = 2_000
/** Instances that are woken for messages at once. */
const AT_ONCE = 16

export interface ChannelsModuleOptions {
  env: Env
  hosts: Hosts
  database: Database
  processId: string
  handOver: HandOver
  limits: Pick<Limits, 'channels'>
  clock: Clock
  log: Log
}

export async function createChannelsModule(options: ChannelsModuleOptions) {
  const { env, hosts, database, processId, handOver, limits, clock, log } = options
  const store = createChannelStore(database)
  const mostWaiting = env.CHANNEL_MESSAGES_WAITING
  const queue = createQueue({ db: database.db, processId, mostWaiting })
  if (database.exclusive) await queue.freeAll()
  const seal = createSeal({ platformSecret: env.PLATFORM_SECRET, purpose: 'channel' })
  const deliver = createDeliveries({ queue, channels: store, open: seal.open, handOver, clock, log })
  const worker = createWorker<QueuedRow>({
    ...{ name: 'channel-messages', keyOf: ({ id }) => String(id), most: AT_ONCE, log },
    ...{ claim: queue.claim, renew: queue.renew },
    perform: async (row, signal) => {
      await deliver(row, signal)
      // The next one of that conversation is due now.
      look()
    },
  })
  const look = coalesced(() =>
    worker
      .run()
      .catch((error: unknown) => log.warn({ err: error }, 'messages were not looked for; the loop will')),
  )
  const loop = startLoop('channel-messages', LOOK_MS, log, worker.run)
  const channels = createChannels({ store, seal: seal.seal, hosts, clock })
  const calls: InstanceCalls = {
    'GET /channels': channels.states,
    'PUT /channels': (instanceId, body) => channels.declare(instanceId, channelsDeclared.parse(body)),
  }
  return {
    webhooks: createWebhooks({
      ...{ channels: store, queue, seal, limits: limits.channels, onStored: look, clock, log },
    }),
    calls,
    deleteOld: queue.deleteOld,
    async close(): Promise<void> {
      await loop.close()
      await worker.close()
      await queue
        .release()
        .catch((error: unknown) => log.warn({ err: error }, 'leases run out by themselves'))
    },
  }
}

/** Runs once at a time, and once more for all that asked meanwhile. */
function coalesced(run: () => Promise<void>): () => void {
  let isRunning = false
  let isAsked = false
  const look = () => {
    isAsked = true
    if (isRunning) return
    isRunning = true
    isAsked = false
    void run().finally(() => {
      isRunning = false
      if (isAsked) look()
    })
  }
  return look
}
