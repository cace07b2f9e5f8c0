/**
 * Delivers notices by mail. Each is tried until the mail server has taken it, a day long; an api process that dies in
 * between may hand one in again, under the same id, by which mail programs know it.
 */
import type { UserId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Mailer } from '../../ports/mailer.ts'
import type { DueNotice, NoticeStore } from './store.ts'
import { archiveMail, deletionMail } from './texts.ts'

const BATCH = 20
const GIVEN_UP_MS = 86_400_000
const MAILS = { archive: archiveMail, deletion: deletionMail }

export interface NoticeDeliveryOptions {
  store: Pick<NoticeStore, 'claim' | 'finish'>
  /** `null`: this platform sends no mail. */
  mailer: Pick<Mailer, 'send'> | null
  /** `null`: they confirmed none. */
  addressOf: (userId: UserId) => Promise<string | null>
  urlOf: (handle: string) => string
  appOrigin: string
  clock: Pick<Clock, 'now'>
  log: Log
}

export function createNoticeDelivery(options: NoticeDeliveryOptions) {
  const { store, mailer, addressOf, urlOf, appOrigin, clock, log } = options

  async function deliver(notice: DueNotice): Promise<void> {
    const { id, kind, handle, dueAt, lastUsedAt } = notice
    try {
      const to = mailer && (await addressOf(notice.userId))
      const messageId = `<notice.${notice.instanceId}.${id}@${new URL(appOrigin).hostname}>`
      if (to)
        await mailer.send(
          MAILS[kind]({ to, handle, dueAt, lastUsedAt, url: urlOf(handle), appOrigin, messageId }),
        )
      await store.finish(id)
    } catch (error) {
      const isGivenUp = clock.now() - notice.at.getTime() > GIVEN_UP_MS
      log.warn({ err: error, notice: id, isGivenUp }, 'a notice was not taken')
      if (isGivenUp) await store.finish(id)
    }
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
