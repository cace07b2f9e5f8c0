/**
 * `POST api.DOMAIN/channels/KIND/ID`: where services deliver. A delivery is answered once its message is stored. What is
 * not genuine, and what is for a channel that nobody has, gets the same answer after the same work.
 */
import { CHANNEL_KINDS, type ChannelKind, NOTHING_HERE } from '@matrixos/shared'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Clock } from '../clock.ts'
import { AppError, toAppError } from '../errors.ts'
import { errorAnswer } from '../http/error-response.ts'
import { networkOf } from '../http/network.ts'
import { requestInfo } from '../http/request.ts'
import type { AttemptLimit } from '../limits/attempt-limit.ts'
import type { Log } from '../log.ts'
import type { Seal } from '../seal.ts'
import type { Sealable } from './deliveries.ts'
import type { Queue } from './queue.ts'
import { SERVICES } from './services/index.ts'
import type { Told } from './services/service.ts'
import type { ChannelRow, ChannelStore } from './store.ts'

/** No service's messages come near it. */
const BODY_BYTES = 256 * 1024
const ID = /^[A-Za-z0-9_-]{22}$/
const FULL_RETRY_S = 60

export interface WebhooksOptions {
  channels: Pick<ChannelStore, 'find'>
  queue: Pick<Queue, 'put'>
  seal: Seal
  limits: { perNetwork: AttemptLimit; perChannel: AttemptLimit }
  /** Something was stored. */
  onStored: () => void
  clock: Pick<Clock, 'now' | 'random'>
  log: Log
}

const kindOf = (text: string): ChannelKind | undefined => CHANNEL_KINDS.find((kind) => kind === text)

const parseJson = (body: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return undefined
  }
}

const errorResponse = (error: AppError): Response => {
  const { status, headers, body } = errorAnswer(error)
  return new Response(body, { status, headers })
}

export function createWebhooks(options: WebhooksOptions): Hono {
  const { channels, queue, seal, limits, onStored, clock, log } = options

  async function store(channel: ChannelRow, { eventId, ...told }: Told): Promise<void> {
    const { id, kind } = channel
    const content: Sealable = { channel: kind, ...told }
    const sealed = seal.seal(JSON.stringify(content), id, clock.random)
    const outcome = await queue.put({ channelId: id, eventId, conversation: told.conversation, ...sealed })
    if (outcome === 'full')
      throw new AppError('too_many_requests', 'Too many messages wait in this channel.', {
        retryAfterS: FULL_RETRY_S,
      })
    if (outcome === 'stored') onStored()
  }

  async function deliver(context: Context): Promise<Response> {
    const kind = kindOf(context.req.param('kind') ?? '')
    const id = context.req.param('id') ?? ''
    if (!kind) throw new AppError('not_found', NOTHING_HERE)
    const service = SERVICES[kind]
    const { headers } = context.req.raw
    const { address } = requestInfo(headers, () => undefined)
    await limits.perNetwork.take(networkOf(address))
    const body = new Uint8Array(await context.req.arrayBuffer())
    const channel = await channels.find(kind, ID.test(id) ? id : '')
    const proof = channel ? seal.open(channel, channel.id) : service.nobodysProof
    const isGenuine = await service.isGenuine({ headers, body }, proof, clock.now())
    if (!channel || !isGenuine) {
      const code = service.refusal === 401 ? 'unauthorized' : 'not_found'
      throw new AppError(code, NOTHING_HERE)
    }
    await limits.perChannel.take(channel.id)
    const reading = service.read(parseJson(body))
    if (!reading) throw new AppError('invalid_input', 'This is not what the service sends.')
    if (reading.kind === 'message') await store(channel, reading.told)
    return context.json(reading.kind === 'answer' ? reading.body : service.taken)
  }

  const tooLarge = () => errorResponse(new AppError('invalid_input', 'This delivery is too large.'))
  return new Hono()
    .post('/:kind/:id', bodyLimit({ maxSize: BODY_BYTES, onError: tooLarge }), deliver)
    .onError((error) => {
      const known = toAppError(error)
      if (known.httpStatus >= 500) log.error({ err: error }, 'a delivery failed; the service tries again')
      return errorResponse(known)
    })
}
