/** What the settings ask of channels and schedules, and what they are told. Only types: `requests.ts` checks what arrives. */
import type { ChannelKind } from '@matrixos/shared'
import type { ConfigProblem } from './config.ts'

export const CHANNELS_API = '/api/channels'
export const SCHEDULES_API = '/api/schedules'

export interface ChannelView {
  kind: ChannelKind
  /** What the bot is called; `null`: its service has not said so yet. */
  name: string | null
  /** Discord's: what invites the bot. */
  applicationId: string | null
  /** Where its service delivers; `null`: the platform has not said so yet. */
  url: string | null
  /** Its service took everything that this computer could set up. */
  isSetUp: boolean
  /** What its owner still has to do at the service. */
  left: string | null
  /** What somebody writes to it to be let in. */
  code: string
  people: { id: string; name: string }[]
  messagesPerDay: number
  answeredToday: number
  /** ISO 8601. */
  lastMessageAt: string | null
  /** Messages that the platform still has. */
  waiting: number
  trouble: { at: string; words: string } | null
}

export interface ChannelsView {
  /** `false`: nobody could deliver anything here. */
  hasPlatform: boolean
  /** Why nothing is known of the platform's side; `null`: it is known. */
  platformTrouble: string | null
  channels: ChannelView[]
  problems: ConfigProblem[]
}

export interface ScheduleView {
  id: string
  cron: string
  timezone: string
  words: string
  channel: ChannelKind | null
  /** ISO 8601; `null`: never, or the platform has not said so yet. */
  nextRunAt: string | null
  /** Why it never runs. */
  problem: string | null
  last: { at: string; words: string; hasFailed: boolean } | null
}

export interface HeartbeatView extends Omit<ScheduleView, 'id' | 'cron' | 'timezone'> {
  everyMinutes: number
}

export interface SchedulesView {
  platformTrouble: string | null
  schedules: ScheduleView[]
  heartbeat: HeartbeatView | null
  /** Channels that results can go to: connected, and with somebody who may talk. */
  channels: ChannelKind[]
}
