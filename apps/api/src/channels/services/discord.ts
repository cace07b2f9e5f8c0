/**
 * Discord: https://docs.discord.com/developers/interactions/receiving-and-responding. It tries endpoints with wrong
 * signatures, and lets go of those that do not answer 401.
 */
import { InteractionResponseType, InteractionType, verifyKey } from 'discord-interactions'
import { z } from 'zod'
import { isRecent, plain, type Service } from './service.ts'

const person = z.object({
  id: z.string().max(40),
  username: z.string(),
  global_name: z.string().nullish(),
})

const interaction = z.object({
  // A snowflake has 64 bits: https://docs.discord.com/developers/reference#snowflakes.
  id: z.string().regex(/^\d{1,19}$/),
  application_id: z.string().max(40),
  type: z.int(),
  token: z.string().max(1_000),
  channel_id: z.string().max(40).optional(),
  user: person.optional(),
  member: z.object({ user: person }).optional(),
  data: z
    .object({
      name: z.string().optional(),
      options: z.array(z.object({ name: z.string(), value: z.unknown() })).optional(),
    })
    .optional(),
})

/** The one command that the instance registers. */
const COMMAND = 'ask'
const UNKNOWN = 'I only know /ask.'
/** Milliseconds since 1970 of its ids' first. */
const EPOCH_MS = 1_420_070_400_000

export const discord: Service = {
  isGenuine: async ({ headers, body }, proof, now) => {
    const [signature, time] = [headers.get('x-signature-ed25519'), headers.get('x-signature-timestamp')]
    if (!/^[0-9a-f]{128}$/i.test(signature ?? '') || !/^\d{1,12}$/.test(time ?? '')) return false
    return (await verifyKey(body, signature ?? '', time ?? '', proof)) && isRecent(time, now)
  },
  /** "Thinking…", until the instance fills it in: there are three seconds for this, and fifteen minutes for that. */
  taken: { type: InteractionResponseType.DEFERRED_CHANNEL_MESSAGE_WITH_SOURCE },
  refusal: 401,
  // Whose key everybody knows (RFC 8032, 7.1): what it proves is that of no channel.
  nobodysProof: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',

  read(body) {
    const parsed = interaction.safeParse(body)
    if (!parsed.success) return null
    const { id, type, token, application_id, channel_id = '', data, ...rest } = parsed.data
    if (type === InteractionType.PING) return { kind: 'answer', body: { type: InteractionResponseType.PONG } }
    const from = rest.member?.user ?? rest.user
    const words = data?.options?.find(({ name }) => name === 'words')?.value
    if (
      type !== InteractionType.APPLICATION_COMMAND ||
      data?.name !== COMMAND ||
      !from ||
      typeof words !== 'string'
    ) {
      const say = { type: InteractionResponseType.CHANNEL_MESSAGE_WITH_SOURCE, data: { content: UNKNOWN } }
      return { kind: 'answer', body: say }
    }
    return {
      kind: 'message',
      told: {
        eventId: id,
        conversation: `discord-${plain(channel_id || from.id)}`,
        from: { id: from.id, name: from.global_name ?? from.username },
        words,
        at: new Date(Number(BigInt(id) >> 22n) + EPOCH_MS).toISOString(),
        reply: { application: application_id, token, channel: channel_id },
      },
    }
  },
}
