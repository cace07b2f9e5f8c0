/**
 * `~/config.json`: channels, schedules and the heartbeat. Each is read by itself, so that one with a mistake leaves the
 * others as they are, and each mistake is told with its place.
 */
import {
  CHANNEL_KINDS,
  type ChannelKind,
  HEARTBEAT,
  MOST_SCHEDULES,
  scheduleId,
  timing,
} from '@matrixos/shared'
import * as z from 'zod/mini'

/** Answers to one channel's people in a day, unless they say otherwise. */
const MESSAGES_PER_DAY = 200
const LONGEST_WORDS = 20_000

const filled = (expected: string, pattern: RegExp) =>
  z.string(`expected ${expected}`).check(z.regex(pattern, `expected ${expected}`))

const common = {
  /** Who may talk to it; their ids are the service's own. */
  people: z._default(
    z
      .array(
        z.object({
          id: filled('the person’s id at the service', /^\w{1,100}$/),
          name: z._default(z.string().check(z.maxLength(200)), ''),
        }),
        'expected a list of people, such as [{ "id": "12345", "name": "Ada" }]',
      )
      .check(z.maxLength(200)),
    [],
  ),
  messagesPerDay: z._default(
    z
      .int('expected a whole number')
      .check(z.minimum(1, 'expected at least 1'), z.maximum(10_000, 'expected at most 10000')),
    MESSAGES_PER_DAY,
  ),
}

/** What Discord and Telegram say of themselves may be left out: it is filled in. */
export const channelSchemas = {
  telegram: z.object({
    token: filled('the token of a bot, such as 123456:ABC-DEF', /^\d{3,20}:[\w-]{20,100}$/),
    webhookSecret: z.optional(
      filled('32 to 256 letters, digits, hyphens and underscores', /^[\w-]{32,256}$/),
    ),
    ...common,
  }),
  slack: z.object({
    botToken: filled('the token of a bot user, which begins with xoxb-', /^xoxb-[\w-]{10,250}$/),
    signingSecret: filled('the signing secret: 32 digits and letters from a to f', /^[0-9a-f]{32,64}$/i),
    ...common,
  }),
  discord: z.object({
    botToken: filled('the token of a bot', /^[\w.-]{40,200}$/),
    applicationId: z.optional(filled('the application’s id', /^\d{10,30}$/)),
    publicKey: z.optional(filled('the public key: 64 digits and letters from a to f', /^[0-9a-f]{64}$/i)),
    ...common,
  }),
} satisfies Record<ChannelKind, z.ZodMiniType>

export type Telegram = z.infer<(typeof channelSchemas)['telegram']>
export type Slack = z.infer<(typeof channelSchemas)['slack']>
export type Discord = z.infer<(typeof channelSchemas)['discord']>
export type Channels = Partial<{ telegram: Telegram; slack: Slack; discord: Discord }>

const words = z
  .string('expected what is to be done, in words')
  .check(z.minLength(1, 'expected what is to be done, in words'), z.maxLength(LONGEST_WORDS, 'too long'))
const channel = z.optional(z.enum(CHANNEL_KINDS, `expected one of ${CHANNEL_KINDS.join(', ')}, or nothing`))

export const schedule = z.object({
  id: scheduleId.check(z.refine((id) => id !== HEARTBEAT, 'expected another name: that is the heartbeat’s')),
  cron: z.string('expected five fields, such as 0 9 * * 1').check(z.minLength(1), z.maxLength(100)),
  timezone: z._default(z.string().check(z.minLength(1), z.maxLength(60)), 'UTC'),
  words,
  channel,
})
export type Schedule = z.infer<typeof schedule>

const [, repeats] = timing.def.options
export const heartbeat = z.object({ everyMinutes: repeats.shape.everyMinutes, words, channel })
export type Heartbeat = z.infer<typeof heartbeat>

export interface Config {
  channels: Channels
  schedules: Schedule[]
  heartbeat: Heartbeat | null
}

export interface ConfigProblem {
  /** Such as `channels.telegram.token`; `''`: the file as a whole. */
  place: string
  words: string
  /** Where the text itself is no JSON. */
  line: number | null
}

export interface ReadConfig {
  config: Config
  problems: ConfigProblem[]
  /** Whether it is an object at all: what is in it can be changed without losing anything. */
  raw: Record<string, unknown> | null
}

export const NO_CONFIG: Config = { channels: {}, schedules: [], heartbeat: null }

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Never throws. `null`: there is no such file. */
export function readConfig(text: string | null): ReadConfig {
  if (text === null || text.trim() === '') return { config: NO_CONFIG, problems: [], raw: {} }
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch (error) {
    return { config: NO_CONFIG, problems: [syntaxProblem(error, text)], raw: null }
  }
  if (!isObject(raw)) {
    const problem = { place: '', words: 'expected an object: { … }', line: null }
    return { config: NO_CONFIG, problems: [problem], raw: null }
  }
  const problems: ConfigProblem[] = []
  const config = {
    channels: channelsOf(raw.channels, problems),
    schedules: schedulesOf(raw.schedules, problems),
    heartbeat: raw.heartbeat === undefined ? null : checked(heartbeat, raw.heartbeat, HEARTBEAT, problems),
  }
  return { config, problems, raw }
}

/** `null`, and what is wrong noted, when it is not what it should be. */
function checked<T extends z.ZodMiniType>(
  schema: T,
  value: unknown,
  place: string,
  problems: ConfigProblem[],
): z.output<T> | null {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  for (const { path, message } of parsed.error.issues)
    problems.push({ place: [place, ...path].join('.'), words: message, line: null })
  return null
}

/** Kept, and not used. */
const isOff = (channel: unknown) => isObject(channel) && channel.enabled === false

function channelsOf(raw: unknown, problems: ConfigProblem[]): Channels {
  if (raw === undefined) return {}
  if (!isObject(raw)) {
    problems.push({
      place: 'channels',
      words: 'expected an object with telegram, slack or discord',
      line: null,
    })
    return {}
  }
  const { telegram, slack, discord } = raw
  const read = <T extends z.ZodMiniType>(kind: ChannelKind, schema: T, channel: unknown) =>
    channel === undefined || isOff(channel) ? null : checked(schema, channel, `channels.${kind}`, problems)
  const one = read('telegram', channelSchemas.telegram, telegram)
  const two = read('slack', channelSchemas.slack, slack)
  const three = read('discord', channelSchemas.discord, discord)
  return { ...(one && { telegram: one }), ...(two && { slack: two }), ...(three && { discord: three }) }
}

function schedulesOf(raw: unknown, problems: ConfigProblem[]): Schedule[] {
  if (raw === undefined) return []
  if (!Array.isArray(raw)) {
    problems.push({ place: 'schedules', words: 'expected a list: [ … ]', line: null })
    return []
  }
  const seen = new Set<string>()
  return raw.flatMap((one: unknown, at) => {
    const place = `schedules.${at}`
    const read = checked(schedule, one, place, problems)
    if (!read) return []
    const refusal = seen.has(read.id)
      ? `another schedule is called ${read.id} already`
      : at >= MOST_SCHEDULES && `there can be ${MOST_SCHEDULES} at most`
    if (refusal) {
      problems.push({ place, words: refusal, line: null })
      return []
    }
    seen.add(read.id)
    return [read]
  })
}

/** V8 says where, but quotes the text: nobody's token belongs on a page, or in a log. */
function syntaxProblem(error: unknown, text: string): ConfigProblem {
  const message = error instanceof Error ? error.message : ''
  const position = /at position (\d+)/.exec(message)?.[1]
  const before = position === undefined ? text : text.slice(0, Number(position))
  const line = before.split('\n').length
  const column = before.length - before.lastIndexOf('\n')
  return { place: '', words: `this is not JSON at line ${line}, character ${column}`, line }
}
