/** Telegram's Bot API. */
import { Api, GrammyError } from 'grammy/web'
import type { Telegram } from '../config.ts'
import { type Reply, refused, type ServiceClient, unreachable } from './client.ts'

const NAME = 'Telegram'
const TIMEOUT_S = 20

/** Groups' topics and replies are numbers there. */
const placeOf = ({ thread, message }: Reply, part: number) => ({
  ...(thread && { message_thread_id: Number(thread) }),
  ...(message &&
    part === 0 && { reply_parameters: { message_id: Number(message), allow_sending_without_reply: true } }),
})

function explained(error: unknown) {
  if (!(error instanceof GrammyError)) return unreachable(NAME, error)
  const { error_code: code, description } = error
  if (code === 401 || code === 404)
    return refused(`${NAME} refuses this token. It may be mistyped or revoked.`)
  if (code === 429) return refused(`${NAME} wants fewer messages.`, { isPassing: true }, error)
  // Of its own faults it does not say whether it was sent.
  if (code >= 500) return unreachable(NAME, error)
  return refused(`${NAME} says: ${description}`, {}, error)
}

const told = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work
  } catch (error) {
    throw explained(error)
  }
}

export function telegramClient({ token, webhookSecret }: Telegram, apiRoot: string | null): ServiceClient {
  const api = new Api(token, { timeoutSeconds: TIMEOUT_S, ...(apiRoot && { apiRoot }) })
  return {
    async check() {
      const { username } = await told(api.getMe())
      return { name: `@${username}` }
    },
    async setUp(url) {
      await told(
        api.setWebhook(url, {
          ...(webhookSecret && { secret_token: webhookSecret }),
          allowed_updates: ['message'],
          // One after the other, so that they come in the order in which they were written.
          max_connections: 1,
        }),
      )
      return null
    },
    takeDown: async () => void (await told(api.deleteWebhook())),
    typing: async (reply) =>
      void (await told(
        api.sendChatAction(reply.chat ?? '', 'typing', placeOf({ thread: reply.thread ?? '' }, 1)),
      )),
    send: async (reply, text, part) =>
      void (await told(api.sendMessage(reply.chat ?? '', text, placeOf(reply, part)))),
    write: async (person, text) => void (await told(api.sendMessage(person, text))),
  }
}
