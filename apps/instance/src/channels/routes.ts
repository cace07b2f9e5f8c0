/** What the settings ask about channels. */
import { CHANNEL_KINDS, type ChannelKind } from '@matrixos/shared'
import * as z from 'zod/mini'
import { readJson } from '../http/json-body.ts'
import { RequestProblem } from '../http/problem.ts'
import { type Ask, answering, type Route } from '../http/routes.ts'
import { channelSchemas } from './config.ts'
import type { ConfigFile } from './config-file.ts'
import { newCode } from './people.ts'
import type { ChannelStates, Platform } from './platform.ts'
import { CHANNELS_API, type ChannelsView, type ChannelView } from './protocol.ts'
import { ServiceProblem } from './services/client.ts'
import type { Act } from './services/host-protocol.ts'
import { type SetUp, wordsOf } from './set-up.ts'
import { NO_MEMORY, type StateFile } from './state.ts'

export interface ChannelRoutesOptions {
  file: ConfigFile
  state: StateFile
  platform: Pick<Platform, 'channels'>
  settle: () => Promise<void>
  perform: (kind: ChannelKind, act: Act) => Promise<unknown>
  remember: SetUp['remember']
  hasPlatform: boolean
  now: () => Date
}

/** What its owner types of each; the rest is found out. */
const typed = {
  telegram: z.pick(channelSchemas.telegram, { token: true }),
  slack: z.pick(channelSchemas.slack, { botToken: true, signingSecret: true }),
  discord: z.pick(channelSchemas.discord, { botToken: true }),
} satisfies Record<ChannelKind, z.ZodMiniType>

const changes = z.partial(z.pick(channelSchemas.telegram, { people: true, messagesPerDay: true }))
const anything = z.record(z.string(), z.unknown())

function kindOf({ id }: Ask): ChannelKind {
  const kind = CHANNEL_KINDS.find((one) => one === id)
  if (!kind) throw new RequestProblem(404, 'There is no such channel.')
  return kind
}

/** Throws what is wrong, and with which of them. */
function checkedTokens(kind: ChannelKind, body: Record<string, unknown>): Record<string, string> {
  const trimmed = Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === 'string' ? value.trim() : value]),
  )
  const parsed = typed[kind].safeParse(trimmed)
  if (parsed.success) return { ...parsed.data }
  const [issue] = parsed.error.issues
  throw new RequestProblem(400, `This doesn’t look right: ${issue?.message}.`, {
    field: String(issue?.path[0] ?? ''),
  })
}

/** With a change to what the file says of one channel; `null`: it goes. */
const withChannel =
  (kind: ChannelKind, change: ((before: object) => object) | null) => (raw: Record<string, unknown>) => {
    const { [kind]: before, ...others } = Object(raw.channels)
    return { ...raw, channels: { ...others, ...(change && { [kind]: change(Object(before)) }) } }
  }

export function channelRoutes(options: ChannelRoutesOptions): Route[] {
  const { file, state, platform, settle, perform, remember, hasPlatform, now } = options
  const path = `${CHANNELS_API}/:id`
  const owner = { who: 'owner' } as const

  const asked = async (): Promise<{ states: ChannelStates; trouble: string | null }> => {
    if (!hasPlatform) return { states: {}, trouble: null }
    try {
      return { states: await platform.channels(), trouble: null }
    } catch (error) {
      return { states: {}, trouble: wordsOf(error) }
    }
  }

  async function view(): Promise<ChannelsView> {
    const [{ config, problems, raw }, { channels: memories }, { states, trouble }] = await Promise.all([
      file.read(),
      state.read(),
      asked(),
    ])
    // A slip of the pen in the file silences nobody.
    const effective = raw ? config : file.effective()
    const today = now().toISOString().slice(0, 10)
    const channels = CHANNEL_KINDS.flatMap((kind): ChannelView[] => {
      const channel = effective.channels[kind]
      if (!channel) return []
      const { name, setUp, left, code, day, answered, lastMessageAt, trouble } = memories[kind] ?? NO_MEMORY
      const seen = states[kind]
      const applicationId = (kind === 'discord' && effective.channels.discord?.applicationId) || null
      const note = seen?.note ? { at: seen.note.at, words: seen.note.words } : null
      return [
        {
          ...{ kind, name, applicationId, left, code, lastMessageAt, people: channel.people },
          ...{ messagesPerDay: channel.messagesPerDay, answeredToday: day === today ? answered : 0 },
          ...{ url: seen?.url ?? null, isSetUp: setUp !== null, waiting: seen?.waiting ?? 0 },
          trouble: trouble ?? note,
        },
      ]
    })
    return { hasPlatform, platformTrouble: trouble, channels, problems }
  }

  async function connect(ask: Ask): Promise<ChannelsView> {
    const kind = kindOf(ask)
    const tokens = checkedTokens(kind, await readJson(ask.request, anything))
    if (!hasPlatform)
      throw new RequestProblem(
        409,
        'There is no platform around this computer that messages could come through.',
      )
    const { raw } = await file.read()
    const before = Object(raw?.channels)[kind]
    // Others' words for who it is, as for another bot, count no more.
    const connected = ({ people, messagesPerDay }: Record<string, unknown>) => ({
      ...tokens,
      people,
      messagesPerDay,
    })
    await file.change(withChannel(kind, (known) => connected({ ...known })))
    await remember(kind, (memory) => ({ ...memory, setUp: null, trouble: null, left: null }))
    const undo = async () =>
      file.change(withChannel(kind, before === undefined ? null : () => Object(before)))
    try {
      await settle()
    } catch (error) {
      await undo()
      throw new RequestProblem(503, wordsOf(error))
    }
    const memory = (await state.read()).channels[kind] ?? NO_MEMORY
    if (memory.setUp === null) {
      await undo()
      await settle().catch(() => undefined)
      throw new RequestProblem(400, memory.trouble?.words ?? 'The service did not take it.')
    }
    return view()
  }

  async function disconnect(ask: Ask): Promise<ChannelsView> {
    const kind = kindOf(ask)
    // It may have been revoked already, and the service may be away: gone is gone.
    await perform(kind, { act: 'takeDown' }).catch((error: unknown) => {
      if (!(error instanceof ServiceProblem) && !(error instanceof Error)) throw error
    })
    await file.change(withChannel(kind, null))
    await settle().catch(() => undefined)
    return view()
  }

  return [
    answering({ ...owner, method: 'GET', path: CHANNELS_API }, view),
    answering({ ...owner, method: 'PUT', path }, connect),
    answering({ ...owner, method: 'DELETE', path }, disconnect),
    answering({ ...owner, method: 'PUT', path: `${path}/people` }, async (ask) => {
      const kind = kindOf(ask)
      const change = await readJson(ask.request, changes)
      await file.change(withChannel(kind, (known) => ({ ...known, ...change })))
      return view()
    }),
    answering({ ...owner, method: 'POST', path: `${path}/code` }, async (ask) => {
      await remember(kindOf(ask), (memory) => ({ ...memory, code: newCode() }))
      return view()
    }),
    // Once more, from the beginning: the owner has done something at the service.
    answering({ ...owner, method: 'POST', path: `${path}/check` }, async (ask) => {
      await remember(kindOf(ask), (memory) => ({ ...memory, setUp: null, trouble: null }))
      await settle().catch((error: unknown) => {
        throw new RequestProblem(503, wordsOf(error))
      })
      return view()
    }),
  ]
}
