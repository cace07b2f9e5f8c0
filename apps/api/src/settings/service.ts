/**
 * Settings that are switched while the platform runs. Every api process has them in memory, since sign-ups ask for them
 * all the time; a change reaches the others by a notification, and by a timed look where that was lost.
 */
import {
  SETTINGS,
  type SettingChange,
  type SettingName,
  type SettingsView,
  type SettingValues,
} from '@matrixos/shared'
import type { Caller } from '../access/principal.ts'
import type { Audit } from '../audit/store.ts'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import type { Notifications } from '../db/notifications.ts'
import type { Log } from '../log.ts'
import type { SettingStore, StoredSetting } from './store.ts'

export interface SettingsOptions {
  db: Database['db']
  store: SettingStore
  /** What counts until somebody sets it. */
  defaults: SettingValues
  notifications: Notifications
  audit: Audit
  clock: Clock
  log: Log
}

export type Settings = Awaited<ReturnType<typeof createSettings>>
export type SettingsAdministration = Pick<Settings, 'view' | 'change'>

export async function createSettings(options: SettingsOptions) {
  const { db, store, defaults, notifications, audit, clock, log } = options
  let values: SettingValues = defaults
  const listeners = new Map<SettingName, Set<() => void>>()

  /** What this version does not understand has its default: a later version may have written it. */
  function settingOf<N extends SettingName>(name: N, rows: StoredSetting[]): SettingValues[N] {
    const row = rows.find((each) => each.name === name)
    if (!row) return defaults[name]
    const read = SETTINGS[name].safeParse(row.value)
    if (read.success) return read.data as SettingValues[N]
    log.warn({ setting: name, value: row.value }, 'not a value of this setting: its default counts')
    return defaults[name]
  }

  async function reload(): Promise<StoredSetting[]> {
    const rows = await store.all()
    const before = values
    values = {
      sign_up: settingOf('sign_up', rows),
      proof_of_work: settingOf('proof_of_work', rows),
      publishing: settingOf('publishing', rows),
    }
    for (const [name, heard] of listeners)
      if (values[name] !== before[name]) for (const listener of heard) listener()
    return rows
  }

  const look = () =>
    void reload().catch((error: unknown) => log.warn({ err: error }, 'failed to read the settings'))
  const stop = await notifications.subscribe('settings', { onNotice: look, onConnected: look })
  await reload()

  async function view(): Promise<SettingsView> {
    const rows = await reload()
    const viewOf = <N extends SettingName>(name: N) => {
      const row = rows.find((each) => each.name === name)
      return {
        value: values[name],
        default: defaults[name],
        updatedAt: row?.updatedAt.toISOString() ?? null,
        updatedBy: row?.updatedBy ?? null,
      }
    }
    return {
      sign_up: viewOf('sign_up'),
      proof_of_work: viewOf('proof_of_work'),
      publishing: viewOf('publishing'),
    }
  }

  return {
    /** As this process knows it, a moment behind the others at most. */
    get: <N extends SettingName>(name: N): SettingValues[N] => values[name],

    /** Hears that this process knows another value. The answer ends that. */
    onSwitched(name: SettingName, listener: () => void): () => void {
      const heard = listeners.get(name) ?? new Set()
      listeners.set(name, heard.add(listener))
      return () => heard.delete(listener)
    },

    /** From the database. */
    view,

    async change({ principal, request }: Caller, { name, value }: SettingChange): Promise<SettingsView> {
      await db.transaction(async (tx) => {
        const change = { value, updatedAt: new Date(clock.now()), updatedBy: principal.userId }
        const before = (await store.set(tx, name, change)) ?? defaults[name]
        const entry = { actor: principal.userId, action: 'setting_changed', target: name } as const
        await audit.record({ ...entry, address: request.address, detail: { from: before, to: value } }, tx)
      })
      notifications.publish('settings', { name })
      return view()
    },

    reload: async (): Promise<void> => void (await reload()),
    close: stop,
  }
}
