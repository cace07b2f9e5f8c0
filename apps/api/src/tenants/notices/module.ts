/** Wires what tells owners in time that their computer is packed away or deleted. */
import type { Hosts, UserId } from '@matrixos/shared'
import type { Clock } from '../../clock.ts'
import type { Database } from '../../db/database.ts'
import { startLoop } from '../../jobs/loop.ts'
import type { Log } from '../../log.ts'
import type { Mailer } from '../../ports/mailer.ts'
import type { Policies } from '../policy.ts'
import { createNoticeDelivery } from './delivery.ts'
import { createNoticeStore } from './store.ts'

const LOOK_MS = 60_000

export interface NoticesModuleOptions {
  hosts: Pick<Hosts, 'appOrigin' | 'instanceOrigin'>
  database: Pick<Database, 'db'>
  policies: Policies
  mailer: Mailer | null
  addressOf: (userId: UserId) => Promise<string | null>
  clock: Pick<Clock, 'now'>
  log: Log
}

export function createNoticesModule(options: NoticesModuleOptions) {
  const { hosts, database, policies, log } = options
  const store = createNoticeStore(database)
  const delivery = createNoticeDelivery({
    ...{ ...options, store, appOrigin: hosts.appOrigin, urlOf: hosts.instanceOrigin },
  })
  return startLoop('notices', LOOK_MS, log, async () => {
    await store.noteDeletions()
    await store.noteArchives(policies.descents)
    await delivery.run()
    await store.deleteOld()
  })
}
