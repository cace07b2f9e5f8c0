/** Wires webhooks: what their owners do, the queue, and what sends deliveries. */
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Env } from '../env.ts'
import { startLoop } from '../jobs/loop.ts'
import { createWorker } from '../jobs/worker.ts'
import type { Limits } from '../limits/module.ts'
import type { Log } from '../log.ts'
import { createSeal } from '../seal.ts'
import type { Alongside } from '../tenants/events/store.ts'
import { computerEvent } from './computer-event.ts'
import { createDeliveryQueue, type DueDelivery } from './queue.ts'
import { createSender, type SendResult } from './sender.ts'
import { createWebhooks, ownerOf } from './service.ts'
import { createWebhookStore } from './store.ts'

/** Between two looks at what is due. */
const LOOK_MS = 2_000
/** Deliveries on their way at once. */
const AT_ONCE = 16

const UNSIGNED: SendResult = {
  status: null,
  problem: 'The secret of this webhook can no longer be read. Remove the webhook and make it again.',
  isFinal: true,
}

export interface WebhooksModuleOptions {
  env: Pick<Env, 'PLATFORM_SECRET' | 'WEBHOOKS_PER_ACCOUNT' | 'WEBHOOKS_TO_PRIVATE_NETWORKS'>
  database: Database
  processId: string
  limits: Pick<Limits, 'webhooks'>
  audit: Audit
  clock: Clock
  log: Log
}

export async function createWebhooksModule(options: WebhooksModuleOptions) {
  const { env, database, processId, limits, audit, clock, log } = options
  const { db } = database
  const toPrivate = env.WEBHOOKS_TO_PRIVATE_NETWORKS === '1'
  const queue = createDeliveryQueue({ db, processId, clock })
  if (database.exclusive) await queue.freeAll()
  const seal = createSeal({ platformSecret: env.PLATFORM_SECRET, purpose: 'webhook' })
  const sender = createSender({ now: clock.now, toPrivate })
  /** `null`: it was sealed with another platform secret, or altered, and no later attempt reads it. */
  function openSecret(row: DueDelivery): string | null {
    try {
      return seal.open(row, ownerOf(row.webhookId))
    } catch (error) {
      log.error({ err: error, webhook: row.webhookId }, 'the secret of a webhook cannot be read')
      return null
    }
  }
  const worker = createWorker<DueDelivery>({
    ...{ name: 'webhooks', keyOf: ({ id }) => String(id), most: AT_ONCE, log },
    ...{ claim: queue.claim, renew: queue.renew },
    async perform(row, signal) {
      const secret = openSecret(row)
      const sent = secret === null ? UNSIGNED : await sender.send({ ...row, secret }, signal)
      await queue.settle(row, sent)
    },
  })
  const loop = startLoop('webhooks', LOOK_MS, log, worker.run)
  const look = () =>
    void worker
      .run()
      .catch((error: unknown) => log.warn({ err: error }, 'deliveries were not looked for; the loop will'))
  return {
    webhooks: createWebhooks({
      ...{ store: createWebhookStore(database), queue, seal: seal.seal, toPrivate, look, audit, clock },
      ...{ mostWebhooks: env.WEBHOOKS_PER_ACCOUNT, asked: limits.webhooks },
    }),
    /** Whoever makes something happen calls it in the same transaction. */
    enqueue: queue.enqueue,
    onComputerEvents: ((tx, events) => queue.enqueue(tx, events.map(computerEvent))) satisfies Alongside,
    deleteOld: queue.deleteOld,
    async close(): Promise<void> {
      await loop.close()
      await worker.close()
      await sender.close()
      await queue
        .release()
        .catch((error: unknown) => log.warn({ err: error }, 'leases run out by themselves'))
    },
  }
}
