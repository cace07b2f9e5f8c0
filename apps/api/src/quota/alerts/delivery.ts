/**
 * Delivers alerts by mail and webhook. Each channel is tried until it has taken the alert, a day long; an api process
 * that dies in between may deliver one again, under the same id.
 */
import { alertThresholdSchema } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Mailer } from '../../ports/mailer.ts'
import type { AddressStore } from './address-store.ts'
import type { AlertRow, AlertStore } from './store.ts'
import { alertMail } from './texts.ts'
import { alertId, type PostAlert } from './webhook.ts'

const BATCH = 20
const GIVEN_UP_MS = 86_400_000

export interface DeliveryOptions {
  store: AlertStore
  addresses: Pick<AddressStore, 'of'>
  mailer: Mailer | null
  post: PostAlert | null
  appOrigin: string
  clock: Pick<Clock, 'now'>
  log: Log
}

export function createDelivery({ store, addresses, mailer, post, appOrigin, clock, log }: DeliveryOptions) {
  const now = () => new Date(clock.now())
  const domain = new URL(appOrigin).hostname

  async function mail(alert: AlertRow, handle: string | null): Promise<void> {
    if (alert.mailedAt || !mailer || handle === null) return
    const address = await addresses.of(alert.userId)
    if (!address?.confirmedAt) return
    await mailer.send(
      alertMail({
        ...{ to: address.email, handle, spent: alert.spent, limit: alert.limit },
        threshold: alertThresholdSchema.parse(alert.threshold),
        page: `${appOrigin}/settings/credits`,
        messageId: `<alert.${alertId(alert)}@${domain}>`,
      }),
    )
    await store.markMailed(alert, now())
  }

  async function tell(alert: AlertRow, handle: string | null): Promise<void> {
    if (alert.postedAt || !post) return
    await post(alert, handle)
    await store.markPosted(alert, now())
  }

  async function deliver(alert: AlertRow): Promise<void> {
    const handle = await store.handleOf(alert.userId)
    const outcomes = await Promise.allSettled([mail(alert, handle), tell(alert, handle)])
    const failures = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []))
    const isLate = clock.now() - alert.at.getTime() > GIVEN_UP_MS
    for (const err of failures)
      log.warn(
        { err, alert: alertId(alert), attempts: alert.attempts, isGivenUp: isLate },
        'an alert was not taken',
      )
    if (failures.length === 0 || isLate) await store.finish(alert)
  }

  return {
    /** Everything that is due. */
    async run(): Promise<void> {
      for (;;) {
        const claimed = await store.claim(BATCH)
        await Promise.all(claimed.map(deliver))
        if (claimed.length < BATCH) return
      }
    },
  }
}
