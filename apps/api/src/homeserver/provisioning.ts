/**
 * Brings the homeserver to what the rows say: an account for each person and each AI, none for those who left. Nobody
 * waits for it. What a kill or an outage broke off, the next round finds in the rows again.
 */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Homeserver, HomeserverError } from '../ports/homeserver.ts'
import type { Seal } from '../seal.ts'
import type { AccountRow, AccountStore } from './accounts-store.ts'
import { createEndDevice } from './end-device.ts'
import type { LoginStore } from './logins-store.ts'
import type { NameStore } from './names-store.ts'

/** In one round, which then follows another at once. */
const BATCH = 50
/** After a refusal, which no hurry mends. */
const REFUSED_MS = 600_000

export interface ProvisioningOptions {
  homeserver: Pick<Homeserver, 'make' | 'rename' | 'deactivate' | 'signIn' | 'signOut'>
  store: Pick<AccountStore, 'plan' | 'markLeaving' | 'due' | 'settle' | 'giveUp' | 'postpone' | 'loginsToEnd'>
  names: NameStore
  logins: Pick<LoginStore, 'forget'>
  open: Seal['open']
  /** Whether this process is the one that does it, from now on for a while. */
  hold: () => Promise<boolean>
  clock: Pick<Clock, 'now'>
  log: Log
}

export function createProvisioning(options: ProvisioningOptions) {
  const { homeserver, store, names, logins, open, hold, clock, log } = options
  const endDevice = createEndDevice({ homeserver, open, log })

  async function bringAbout(row: AccountRow): Promise<void> {
    if (row.state === 'leaving') {
      await homeserver.deactivate(row.localpart)
      return store.settle(row, 'gone')
    }
    const outcome = await homeserver.make(row.localpart, row.displayName)
    if (outcome === 'made') return store.settle(row, 'made')
    await store.giveUp(row)
  }

  async function tryOne(row: AccountRow, act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (!(error instanceof HomeserverError) || error.kind === 'away') throw error
      log.warn({ err: error, instance: row.instanceId, kind: row.kind }, 'the homeserver refused an account')
      await store.postpone(row, error.message, new Date(clock.now() + REFUSED_MS))
    }
  }

  async function rename(row: AccountRow, name: string): Promise<void> {
    await homeserver.rename(row.localpart, name)
    await names.keepName(row, name)
  }

  async function endLogins(): Promise<void> {
    for (const { login, localpart } of await store.loginsToEnd()) {
      const { deviceId, userId } = login
      try {
        if (localpart !== null) await endDevice({ localpart, deviceId, token: login, owner: deviceId })
        await logins.forget(userId, deviceId)
      } catch (error) {
        // The next round asks again, and everybody else's end all the same.
        if (!(error instanceof HomeserverError) || error.kind === 'away') throw error
        log.warn({ err: error, device: deviceId }, 'the homeserver refused to end a client')
      }
    }
  }

  /** Rejects with a HomeserverError once it is away. */
  return async function round(): Promise<void> {
    for (;;) {
      if (!(await hold())) return
      await store.markLeaving()
      const isMore = await store.plan(BATCH)
      const rows = await store.due(new Date(clock.now()), BATCH)
      for (const row of rows) {
        if (!(await hold())) return
        await tryOne(row, () => bringAbout(row))
      }
      const renamed = await names.renamed(new Date(clock.now()), BATCH)
      for (const { row, name } of renamed) {
        if (!(await hold())) return
        await tryOne(row, () => rename(row, name))
      }
      if (!isMore && rows.length < BATCH && renamed.length < BATCH) break
    }
    await endLogins()
  }
}
