import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import type { Listener } from './database.ts'
import { createNotifications, type Notice } from './notifications.ts'

const [instance, session, user] = [
  newId('ins', systemClock),
  newId('ses', systemClock),
  newId('usr', systemClock),
]

/** A channel between api processes: what one says, all hear, the one that said it included. */
function channel() {
  const listeners: { topic: string; listener: Listener }[] = []
  let isAway = false
  const say = (topic: string, payload: string) => {
    for (const one of listeners) if (one.topic === topic) one.listener.onMessage(payload)
  }
  const database = {
    listen: async (topic: string, listener: Listener) => {
      listeners.push({ topic, listener })
      listener.onConnected()
      return async () => void listeners.splice(0)
    },
    notify: async (topic: string, payload: string) => {
      if (isAway) throw new Error('The database is away.')
      say(topic, payload)
    },
  }
  const warnings: string[] = []
  const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(line) })
  return {
    process: (processId: string) => createNotifications({ database, processId, log }),
    say,
    warnings,
    lose: () => {
      isAway = true
    },
    reconnect: () => {
      for (const { listener } of listeners) listener.onConnected()
    },
  }
}

it('carries a notice to the other processes, by topic, and not to the one that published it', async () => {
  const { process, warnings } = channel()
  const [me, other] = [process('me'), process('other')]
  const heard: { who: string; notice: Notice<'instances' | 'sessions'> }[] = []
  const hear = (who: string) => ({
    onNotice: (notice: Notice<'instances' | 'sessions'>) => void heard.push({ who, notice }),
    onConnected: () => {},
  })
  await me.subscribe('instances', hear('me: instances'))
  await other.subscribe('instances', hear('other: instances'))
  await other.subscribe('sessions', hear('other: sessions'))
  me.publish('instances', { id: instance })
  expect(heard).toEqual([{ who: 'other: instances', notice: { id: instance } }])
  me.publish('sessions', { id: session, userId: user })
  expect(heard.slice(1)).toEqual([{ who: 'other: sessions', notice: { id: session, userId: user } }])
  expect(warnings).toEqual([])
})

it('tells of every gap', async () => {
  const { process, reconnect } = channel()
  let gaps = 0
  await process('me').subscribe('sessions', { onNotice: () => {}, onConnected: () => void gaps++ })
  reconnect()
  expect(gaps).toBe(2)
})

it.each([
  ['another format', `other ${instance}`],
  ['another topic’s content', JSON.stringify({ from: 'other', notice: { id: session, userId: user } })],
  ['no sender', JSON.stringify({ notice: { id: instance } })],
])('passes on nothing that it cannot read: %s', async (_what, payload) => {
  const { process, say, warnings } = channel()
  const heard: unknown[] = []
  await process('me').subscribe('instances', {
    onNotice: (one) => void heard.push(one),
    onConnected: () => {},
  })
  say('instances', payload)
  expect(heard).toEqual([])
  expect(warnings).toHaveLength(1)
})

it('says in the log that a change could not be passed on, and throws nothing', async () => {
  const { process, lose, warnings } = channel()
  lose()
  process('me').publish('instances', { id: instance })
  await expect.poll(() => warnings).toHaveLength(1)
})
