/** Webhooks: addresses that are told what happens to what is somebody's. Times are ISO 8601, UTC. */
import { z } from 'zod'
import { idSchema } from './ids.ts'

/** What a webhook can be told of, as the page that makes it says it. */
export const WEBHOOK_GROUPS = {
  computer: 'Your computer: it woke, fell asleep, crashed, was upgraded, …',
  feed: 'Your feed: you or your AI posted something; somebody liked or commented on it, mentioned you or followed you',
} as const
export type WebhookGroup = keyof typeof WEBHOOK_GROUPS
export const webhookGroupSchema = z.enum(Object.keys(WEBHOOK_GROUPS) as [WebhookGroup, ...WebhookGroup[]])

export const newWebhookSchema = z.object({
  url: z
    .url({ protocol: /^https?$/, error: 'Enter a whole address, such as https://example.org/hook.' })
    .max(500, 'Use at most 500 characters.')
    // Asked as well of what is no address.
    .refine((text) => {
      if (!URL.canParse(text)) return true
      const { username, password } = new URL(text)
      return username === '' && password === ''
    }, 'An address with a password in it would be shown here. Deliveries are signed instead.'),
  groups: z
    .array(webhookGroupSchema)
    .min(1, 'Choose at least one.')
    .max(2)
    .refine((groups) => new Set(groups).size === groups.length, 'Choose each once.'),
})
export type NewWebhook = z.output<typeof newWebhookSchema>

export const webhookViewSchema = z.object({
  id: idSchema('whk'),
  url: z.string(),
  groups: z.array(webhookGroupSchema),
  createdAt: z.iso.datetime(),
  /** Its last delivery that is over; `null`: none yet. */
  last: z.object({ state: z.enum(['delivered', 'failed']), at: z.iso.datetime() }).nullable(),
})
export type WebhookView = z.infer<typeof webhookViewSchema>

/** The one answer that holds the secret which deliveries are signed with. */
export const createdWebhookSchema = z.object({ secret: z.string(), view: webhookViewSchema })

/** `waiting`: not tried yet, or tried again later. `failed`: given up. */
export const deliveryStateSchema = z.enum(['waiting', 'delivered', 'failed'])

export const deliveryViewSchema = z.object({
  id: z.number().int(),
  /** What receivers know it by, however often it comes. */
  eventId: z.string(),
  /** Such as `computer.woke`. */
  type: z.string(),
  createdAt: z.iso.datetime(),
  state: deliveryStateSchema,
  attempts: z.number().int(),
  lastAttemptAt: z.iso.datetime().nullable(),
  /** While it waits. */
  nextAttemptAt: z.iso.datetime().nullable(),
  /** HTTP status of the last answer; `null`: there was none. */
  status: z.number().int().nullable(),
  /** What went wrong, in a sentence. */
  problem: z.string().nullable(),
  /** What is sent, as JSON. */
  body: z.string(),
})
export type DeliveryView = z.infer<typeof deliveryViewSchema>

export const deliveriesQuerySchema = z.object({
  webhookId: idSchema('whk'),
  cursor: z.number().int().positive().optional(),
  limit: z.number().int().min(1).max(100).default(20),
})

export const deliveryPageSchema = z.object({
  deliveries: z.array(deliveryViewSchema),
  nextCursor: z.number().int().nullable(),
})
export type DeliveryPage = z.infer<typeof deliveryPageSchema>
