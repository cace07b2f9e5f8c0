/**
 * LISTEN and NOTIFY over one connection of its own. A connection that listens says nothing for hours, so each process
 * sends itself a heartbeat: when it does not arrive, the connection is replaced, and listeners are told of the gap.
 */
import type postgres from 'postgres'
import type { Listener } from '../../../db/database.ts'

/** All topics share one channel, and so one connection. */
const CHANNEL = 'matrixos'
const HEARTBEAT_TOPIC = 'heartbeat'
/** Heartbeats that may fail to arrive before the connection is replaced. */
const MISSED_HEARTBEATS = 3

export interface NotificationsOptions {
  connect: () => postgres.Sql
  /** Sends by the pool. Rejects when the database is away. */
  send: (channel: string, payload: string) => Promise<void>
  heartbeatMs: number
}

export interface Notifications {
  listen: (topic: string, listener: Listener) => () => void
  notify: (topic: string, payload: string) => Promise<void>
  close: () => Promise<void>
}

/** Listens from the first listener on. */
export function createNotifications({ connect, send, heartbeatMs }: NotificationsOptions): Notifications {
  const listeners = new Map<Listener, string>()
  let client: postgres.Sql | null = null
  let isConnected = false
  let heardAt = 0
  let beating: NodeJS.Timeout | undefined

  function hear(message: string): void {
    heardAt = performance.now()
    const end = message.indexOf(' ')
    const topic = message.slice(0, end)
    for (const [listener, wanted] of [...listeners])
      if (wanted === topic) listener.onMessage(message.slice(end + 1))
  }

  function open(): void {
    const own = connect()
    client = own
    heardAt = performance.now()
    isConnected = false
    const onConnected = () => {
      if (client !== own) return
      heardAt = performance.now()
      isConnected = true
      for (const listener of [...listeners.keys()]) listener.onConnected()
    }
    // It tries again by itself; where it does not, the missing heartbeat opens another.
    own
      .listen(CHANNEL, (message) => void (client === own && hear(message)), onConnected)
      .catch(() => undefined)
  }

  function beat(): void {
    // What has arrived is read before it counts as missing.
    setImmediate(() => {
      if (!client || performance.now() - heardAt < MISSED_HEARTBEATS * heartbeatMs) return
      void client.end({ timeout: 0 })
      open()
    })
    notify(HEARTBEAT_TOPIC, '').catch(() => undefined)
  }

  const notify = (topic: string, payload: string) => send(CHANNEL, `${topic} ${payload}`)

  return {
    listen(topic, listener) {
      listeners.set(listener, topic)
      if (!client) {
        open()
        beating = setInterval(beat, heartbeatMs).unref()
      } else if (isConnected) listener.onConnected()
      return () => listeners.delete(listener)
    },
    notify,
    async close() {
      clearInterval(beating)
      const last = client
      client = null
      await last?.end({ timeout: 1 })
    },
  }
}
