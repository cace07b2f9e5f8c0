/** Tells the owner, on the devices that they chose, what happened while they were away. */

import type { PushStore } from './file.ts'
import type { Post, PushRequest } from './post.ts'
import type { PushFile, PushMessage, PushOffer, PushSubscriber } from './protocol.ts'

export interface Notifier {
  offer(): Promise<PushOffer>
  subscribe(subscriber: PushSubscriber): Promise<void>
  unsubscribe(endpoint: string): Promise<void>
  /** Resolves to how many devices it was handed to; rejects for nothing but a home that cannot be read. */
  send(message: PushMessage): Promise<number>
}

export interface NotifierOptions {
  store: PushStore
  /** Signs and encrypts (RFC 8291, 8292). */
  seal: (subscriber: PushSubscriber, message: PushMessage, vapid: PushFile['vapid']) => Promise<PushRequest>
  post: Post
  /** Told of what a push service answered when that was no success, without its address: that is a secret. */
  onFailure: (service: string, error: unknown) => void
}

/** A browser that comes back gets a new address now and then: the oldest gives way. */
const MOST_SUBSCRIBERS = 10
/** The push service forgot this subscriber (RFC 8030, 7.3). */
const GONE = [404, 410]

export function createNotifier({ store, seal, post, onFailure }: NotifierOptions): Notifier {
  const without = (endpoints: readonly string[]) =>
    store.update((file) => {
      const subscribers = file.subscribers.filter(({ endpoint }) => !endpoints.includes(endpoint))
      return subscribers.length === file.subscribers.length ? file : { ...file, subscribers }
    })

  /** Resolves to whether it is still worth trying next time, and whether it arrived. */
  const sendTo = async (subscriber: PushSubscriber, message: PushMessage, vapid: PushFile['vapid']) => {
    const service = new URL(subscriber.endpoint).host
    try {
      const status = await post(await seal(subscriber, message, vapid))
      const isSent = status >= 200 && status < 300
      if (!isSent) onFailure(service, new Error(`status ${status}`))
      return { isSent, isGone: GONE.includes(status) }
    } catch (error) {
      onFailure(service, error)
      return { isSent: false, isGone: false }
    }
  }

  return {
    async offer() {
      const { vapid } = await store.update((file) => file)
      return { publicKey: vapid.publicKey }
    },
    async subscribe(subscriber) {
      await store.update((file) => {
        const others = file.subscribers.filter(({ endpoint }) => endpoint !== subscriber.endpoint)
        return { ...file, subscribers: [...others, subscriber].slice(-MOST_SUBSCRIBERS) }
      })
    },
    async unsubscribe(endpoint) {
      await without([endpoint])
    },
    async send(message) {
      const file = await store.read()
      if (!file) return 0
      const sent = await Promise.all(
        file.subscribers.map(async (subscriber) => ({
          endpoint: subscriber.endpoint,
          ...(await sendTo(subscriber, message, file.vapid)),
        })),
      )
      const gone = sent.filter(({ isGone }) => isGone).map(({ endpoint }) => endpoint)
      if (gone.length > 0) await without(gone)
      return sent.filter(({ isSent }) => isSent).length
    },
  }
}
