/** What the homeserver hands over, from its own address on to the rows that wake instances, on a database; for tests. */
import { pino } from 'pino'
import {
  blocks,
  matrixAccounts,
  matrixAlarms,
  matrixCalls,
  matrixEvents,
  matrixMembers,
  matrixRooms,
} from '../../db/schema/index.ts'
import { openSleepers } from '../../tenants/idle/testing/sleepers.ts'
import type { InstanceRow } from '../../tenants/store.ts'
import { createAccountStore } from '../accounts-store.ts'
import { createEventStore } from '../events-store.ts'
import { createIntake } from '../intake.ts'
import { createHomeserverListener } from '../listener.ts'
import { createMemoryHomeserver } from './memory-homeserver.ts'

export const ROOM = '!room:mos.test'
const TOKEN = 'h'.repeat(40)
const TABLES = [blocks, matrixAccounts, matrixAlarms, matrixEvents, matrixMembers, matrixRooms]

export const idOf = (localpart: string) => `@${localpart}:mos.test`

let sent = 0
export const event = (type: string, sender: string, more: object = {}) => ({
  ...{ event_id: `$${++sent}`, room_id: ROOM, type, sender: idOf(sender), content: {}, ...more },
})
export const member = (localpart: string, membership: string) =>
  event('m.room.member', localpart, { state_key: idOf(localpart), content: { membership } })
export const spoke = (by: InstanceRow, more: object = {}) =>
  event('m.room.encrypted', `${by.handle}_ai`, more)

/** The rows that tests read and write. */
export async function openTakingIn() {
  const sleepers = await openSleepers()
  const { db } = sleepers.database
  return {
    ...sleepers,
    calls: async () => {
      const rows = await db.select().from(matrixCalls)
      return rows.map(({ instanceId, forPerson, forAi }) => ({ instanceId, forPerson, forAi }))
    },
    alarms: () => db.$count(matrixAlarms),

    /** Two instances whose accounts are made, and nothing that was handed over. */
    async fresh() {
      await sleepers.empty()
      for (const table of TABLES) await db.delete(table)
      const [ada, bob] = [await sleepers.instance(), await sleepers.instance()]
      const store = createAccountStore(sleepers.database)
      await store.plan(10)
      for (const account of await store.due(new Date(), 10)) await store.settle(account, 'made')
      const encryption = () => event('m.room.encryption', ada.handle, { state_key: '' })
      return {
        ...{ ada, bob, encryption, ...createListener(sleepers.database) },
        bothIn: () => [encryption(), member(`${ada.handle}_ai`, 'join'), member(`${bob.handle}_ai`, 'join')],
      }
    },
  }
}

function createListener(database: Parameters<typeof createEventStore>[0]) {
  const homeserver = createMemoryHomeserver()
  const log = pino({ level: 'silent' })
  const [meetings, announced]: [(readonly string[])[], string[]] = [[], []]
  const found = { looks: 0 }
  const intake = createIntake({
    ...{ store: createEventStore(database), homeserver, log },
    onCall: () => void found.looks++,
    news: {
      async met(_, pair) {
        meetings.push(pair)
        return [`itm_${meetings.length}`]
      },
      announce: (id) => void announced.push(id),
    },
  })
  const listener = createHomeserverListener({ hsToken: TOKEN, intake, log })
  const ask = (method: string, path: string, options: { token?: string | null; body?: unknown } = {}) => {
    const { token = TOKEN, body } = options
    return listener.request(`/_matrix/app/v1/${path}`, {
      method,
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }
  return {
    ...{ homeserver, log, meetings, announced, found, ask },
    hand: async (...events: object[]) => (await ask('PUT', 'transactions/1', { body: { events } })).status,
  }
}
