/**
 * Channels and schedules: what reaches an instance while nobody is at its page, and what it tells the platform of them.
 * Written for `zod/mini`, which an instance can afford.
 */
import * as z from 'zod/mini'

/** Services through which people write to an instance. */
export const CHANNEL_KINDS = ['telegram', 'slack', 'discord'] as const
export type ChannelKind = (typeof CHANNEL_KINDS)[number]

/** At `api.DOMAIN`, followed by the kind and the channel's id: where a service delivers. */
export const CHANNELS_PATH = '/channels'
/** Below `PLATFORM_INTERNAL_URL`: what an instance tells the platform, with its own token. */
export const INSTANCE_API = '/instance'
/** Below an instance's address: what the platform hands over, as `X-Mos-Role: platform`. */
export const PLATFORM_API = '/api/platform'
/** Between the platform's own processes: whose call it is that one passes on to another. */
export const CALLER_HEADER = 'x-mos-instance'

const text = (most: number) => z.string().check(z.minLength(1), z.maxLength(most))

/** A message as an instance is handed it, whatever service it came through. */
export const channelMessage = z.object({
  /** The same however often it is handed over. */
  id: text(120),
  channel: z.enum(CHANNEL_KINDS),
  /** What belongs together, in small letters, digits and hyphens. */
  conversation: text(120),
  from: z.object({ id: text(100), name: z.string().check(z.maxLength(200)) }),
  words: text(40_000),
  /** ISO 8601. */
  at: text(40),
  /** Where the answer goes, as the service names it. */
  reply: z.record(z.string(), z.string().check(z.maxLength(1_000))),
})
export type ChannelMessage = z.infer<typeof channelMessage>

/** A run of a schedule that is due. */
export const scheduledRun = z.object({
  /** The same however often it is handed over. */
  id: text(120),
  schedule: text(60),
  /** When it was due, ISO 8601. */
  dueAt: text(40),
})
export type ScheduledRun = z.infer<typeof scheduledRun>

/**
 * What a service's deliveries are proved with: Telegram's secret token, Slack's signing secret, Discord's public key.
 * Nothing that speaks in the bot's name is among them.
 */
const proofs = {
  telegram: z.string().check(z.regex(/^[A-Za-z0-9_-]{32,256}$/)),
  slack: z.string().check(z.regex(/^[0-9a-f]{32,64}$/i)),
  discord: z.string().check(z.regex(/^[0-9a-f]{64}$/i)),
} satisfies Record<ChannelKind, z.ZodMiniType>

/** `PUT /instance/channels`: all that there are. */
export const channelsDeclared = z.object({
  channels: z.object({
    telegram: z.optional(z.object({ proof: proofs.telegram })),
    slack: z.optional(z.object({ proof: proofs.slack })),
    discord: z.optional(z.object({ proof: proofs.discord })),
  }),
})
export type ChannelsDeclared = z.infer<typeof channelsDeclared>

/** What the platform knows of one channel; times are ISO 8601. */
export const channelState = z.object({
  /** Where the service delivers. */
  url: z.string(),
  lastReceivedAt: z.nullable(z.string()),
  lastDeliveredAt: z.nullable(z.string()),
  waiting: z.number(),
  note: z.nullable(z.object({ at: z.string(), words: z.string() })),
})
export type ChannelState = z.infer<typeof channelState>
export const channelStates = z.object({ channels: z.partialRecord(z.enum(CHANNEL_KINDS), channelState) })

/** The heartbeat's name among the schedules. */
export const HEARTBEAT = 'heartbeat'
export const MOST_SCHEDULES = 20
/** Between two runs of one schedule. */
export const LEAST_SCHEDULE_MINUTES = 5
export const LEAST_HEARTBEAT_MINUTES = 15
export const MOST_HEARTBEAT_MINUTES = 10_080

export const scheduleId = z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/))
const cronLine = { cron: text(100), timezone: text(60) }
const everyMinutes = z.int().check(z.minimum(LEAST_HEARTBEAT_MINUTES), z.maximum(MOST_HEARTBEAT_MINUTES))

/** When something runs. */
export const timing = z.union([z.object({ ...cronLine }), z.object({ everyMinutes })])
export type Timing = z.infer<typeof timing>

/** `PUT /instance/schedules`: all that there are. What they say stays in the instance. */
export const schedulesDeclared = z.object({
  schedules: z
    .array(z.object({ id: scheduleId, timing }))
    // The heartbeat is one more.
    .check(z.maxLength(MOST_SCHEDULES + 1)),
})
export type SchedulesDeclared = z.infer<typeof schedulesDeclared>

/** What the platform knows of a schedule: when it runs next, or why it never does. */
export const scheduleState = z.object({
  id: z.string(),
  nextRunAt: z.nullable(z.string()),
  lastRunAt: z.nullable(z.string()),
  problem: z.nullable(z.string()),
})
export type ScheduleState = z.infer<typeof scheduleState>
export const scheduleStates = z.object({ schedules: z.array(scheduleState) })

/** `POST /instance/schedules/check`: the next runs of what somebody is writing. */
export const timingChecked = z.object({ next: z.array(z.string()), problem: z.nullable(z.string()) })

/** `PUT /instance/errand`: whether it still works on what it was handed. */
export const errandReport = z.object({ isBusy: z.boolean() })
