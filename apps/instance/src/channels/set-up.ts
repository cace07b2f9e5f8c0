/**
 * Makes true what `config.json` says: tells the platform of channels and schedules, looks whether the services take their
 * tokens, and has them deliver. Whether the owner changed it on the page or by hand is the same.
 */
import { createHash, randomBytes } from 'node:crypto'
import { CHANNEL_KINDS, type ChannelKind, type ChannelsDeclared, HEARTBEAT } from '@matrixos/shared'
import type { Settings } from '../env.ts'
import { PlainError } from '../files/plain-words.ts'
import { describeError, type Log } from '../log.ts'
import type { Channels, Config } from './config.ts'
import type { ConfigFile } from './config-file.ts'
import { newCode } from './people.ts'
import type { ChannelStates, Platform } from './platform.ts'
import { ServiceProblem } from './services/client.ts'
import type { Services } from './services/gateway.ts'
import type { Target } from './services/host-protocol.ts'
import { type ChannelMemory, NO_MEMORY, type StateFile } from './state.ts'

export interface SetUpOptions {
  file: ConfigFile
  state: StateFile
  platform: Platform
  services: Services
  roots: Settings['services']
  now: () => Date
  log: Log
}

export type SetUp = ReturnType<typeof createSetUp>

const SECRET_BYTES = 32

/** Whom to talk to, and with what; `null`: that channel is not there. */
export function targetOf(kind: ChannelKind, channels: Channels, roots: Settings['services']): Target | null {
  const { telegram, slack, discord } = channels
  if (kind === 'telegram') return telegram ? { kind, credentials: telegram, root: roots.telegram } : null
  if (kind === 'slack') return slack ? { kind, credentials: slack, root: roots.slack } : null
  return discord ? { kind, credentials: discord, root: roots.discord } : null
}

const proofsOf = ({ telegram, slack, discord }: Channels): ChannelsDeclared => ({
  channels: {
    ...(telegram?.webhookSecret && { telegram: { proof: telegram.webhookSecret } }),
    ...(slack && { slack: { proof: slack.signingSecret } }),
    ...(discord?.publicKey && { discord: { proof: discord.publicKey } }),
  },
})

const timingsOf = ({ schedules, heartbeat }: Config) => ({
  schedules: [
    ...schedules.map(({ id, cron, timezone }) => ({ id, timing: { cron, timezone } })),
    ...(heartbeat ? [{ id: HEARTBEAT, timing: { everyMinutes: heartbeat.everyMinutes } }] : []),
  ],
})

/** Of what a service is set up with: another one is set up anew. */
const digestOf = ({ credentials }: Target, url: string): string => {
  const { people: _, messagesPerDay: __, ...secrets } = credentials
  return createHash('sha256')
    .update(JSON.stringify([secrets, url]))
    .digest('base64url')
}

export const wordsOf = (error: unknown): string =>
  error instanceof PlainError || error instanceof ServiceProblem
    ? error.message
    : 'Something went wrong inside this computer.'

export function createSetUp({ file, state, platform, services, roots, now, log }: SetUpOptions) {
  const remember = (kind: ChannelKind, change: (memory: ChannelMemory) => ChannelMemory) =>
    state.change(({ channels, ...rest }) => ({
      ...{ ...rest, channels: { ...channels, [kind]: change(channels[kind] ?? NO_MEMORY) } },
    }))
  const trouble = (words: string) => ({ at: now().toISOString(), words })

  /** What can be made up, or asked of the service, is written into the file. */
  async function complete(channels: Channels): Promise<void> {
    const found: Record<string, Record<string, string>> = {}
    if (channels.telegram && !channels.telegram.webhookSecret)
      found.telegram = { webhookSecret: randomBytes(SECRET_BYTES).toString('hex') }
    const discord = targetOf('discord', channels, roots)
    if (discord && !(channels.discord?.publicKey && channels.discord.applicationId)) {
      const outcome = await services.perform(discord, { act: 'check' }).catch(async (error: unknown) => {
        await remember('discord', (memory) => ({ ...memory, trouble: trouble(wordsOf(error)) }))
        return null
      })
      if (outcome && 'identity' in outcome) found.discord = { ...outcome.identity.found }
    }
    if (Object.keys(found).length === 0) return
    await file.change((raw) => {
      const before = raw.channels
      const all = typeof before === 'object' && before !== null ? { ...before } : {}
      const merged = Object.entries(found).map(([kind, more]) => [
        kind,
        { ...Reflect.get(all, kind), ...more },
      ])
      return { ...raw, channels: { ...all, ...Object.fromEntries(merged) } }
    })
  }

  async function setUpOne(kind: ChannelKind, target: Target, states: ChannelStates): Promise<void> {
    const url = states[kind]?.url
    if (url === undefined) return
    const digest = digestOf(target, url)
    const before = (await state.read()).channels[kind] ?? NO_MEMORY
    if (before.setUp === digest) return
    try {
      const checked = await services.perform(target, { act: 'check' })
      const set = await services.perform(target, { act: 'setUp', url })
      const name = 'identity' in checked ? checked.identity.name : null
      const left = 'left' in set ? set.left : null
      await remember(kind, (memory) => ({
        ...{ ...memory, setUp: digest, name, left, trouble: null },
        code: memory.code || newCode(),
      }))
    } catch (error) {
      await remember(kind, (memory) => ({ ...memory, setUp: null, trouble: trouble(wordsOf(error)) }))
      if (!(error instanceof ServiceProblem)) throw error
      log('a channel could not be set up', { kind, ...describeError(error) })
    }
  }

  /** Of channels that are gone nothing is kept, the codes least of all. */
  const forgetGone = (channels: Channels) =>
    state.change((before) => {
      const kinds = CHANNEL_KINDS.filter((kind) => before.channels[kind] && channels[kind])
      if (kinds.length === Object.keys(before.channels).length) return before
      return { ...before, channels: Object.fromEntries(kinds.map((kind) => [kind, before.channels[kind]])) }
    })

  return {
    remember,

    /** Rejects with a PlainError while the platform cannot be told. Does nothing while the file cannot be read. */
    async settle(): Promise<void> {
      if (!(await file.read()).raw) return
      await complete(file.effective().channels)
      const config = file.effective()
      await forgetGone(config.channels)
      const states = await platform.declareChannels(proofsOf(config.channels))
      await platform.declareSchedules(timingsOf(config))
      for (const kind of CHANNEL_KINDS) {
        const target = targetOf(kind, config.channels, roots)
        if (target) await setUpOne(kind, target, states)
      }
    },
  }
}
