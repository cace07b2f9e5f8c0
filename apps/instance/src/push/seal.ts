/** Signs and encrypts push messages. The library loads at the first one: an idle computer does not carry it. */

import type { NotifierOptions } from './notifier.ts'
import type { PushFile } from './protocol.ts'

/** How long a push service keeps a message for a device that is off. */
const KEPT_S = 24 * 60 * 60

const library = async () => (await import('web-push')).default

export async function newVapidKeys(): Promise<PushFile['vapid']> {
  return (await library()).generateVAPIDKeys()
}

/** `contact`: whom a push service may write to, an `https:` or `mailto:` URL (RFC 8292, 2.1). */
export const createSeal =
  (contact: string): NotifierOptions['seal'] =>
  async (subscriber, message, vapid) => {
    const webPush = await library()
    const { endpoint, headers, body } = webPush.generateRequestDetails(subscriber, JSON.stringify(message), {
      vapidDetails: { subject: contact, ...vapid },
      TTL: KEPT_S,
      contentEncoding: 'aes128gcm',
      topic: topicOf(message.tag),
    })
    return { endpoint, headers: Object.fromEntries(Object.entries(headers)), body }
  }

/** A push service keeps the newest of a topic: at most 32 letters of base64url (RFC 8030, 5.4). */
const topicOf = (tag: string): string => Buffer.from(tag).toString('base64url').slice(0, 32)
