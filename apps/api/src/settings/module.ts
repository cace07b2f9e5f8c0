/** Wires the settings. */
import type { Hosts } from '@matrixos/shared'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Notifications } from '../db/notifications.ts'
import type { Env } from '../env.ts'
import { startLoop } from '../jobs/loop.ts'
import type { Log } from '../log.ts'
import { publishingDefault } from './publishing-default.ts'
import { createSettings, type Settings } from './service.ts'
import { createSettingStore } from './store.ts'

/** Where a notification was lost, a change still counts everywhere within the promised 5 s. */
const RELOAD_MS = 4_000

export interface SettingsModuleOptions {
  env: Pick<Env, 'SIGN_UP' | 'PROOF_OF_WORK' | 'SINGLE'>
  hosts: Hosts
  database: Database
  notifications: Notifications
  audit: Audit
  clock: Clock
  log: Log
}

export async function createSettingsModule(options: SettingsModuleOptions): Promise<Settings> {
  const { env, hosts, database, log } = options
  const settings = await createSettings({
    ...options,
    db: database.db,
    store: createSettingStore(database),
    defaults: {
      sign_up: env.SIGN_UP,
      proof_of_work: env.PROOF_OF_WORK,
      publishing: publishingDefault(hosts, env),
    },
  })
  const loop = startLoop('settings', RELOAD_MS, log, settings.reload)
  return {
    ...settings,
    async close() {
      await loop.close()
      await settings.close()
    },
  }
}
