/** `/.app/ai`: the AI, on its owner's credits. Whoever else is at the app may use it as far as the platform says. */
import type { ServerResponse } from 'node:http'
import { formatUsd } from '@matrixos/shared'
import type { AiAccess } from '../../ai/request.ts'
import { describeError, type Log } from '../../log.ts'
import { type AppAsk, type AppRoom, notHere, notSo, sendJson } from '../api/ask.ts'
import { readBody } from '../api/body.ts'
import { createRate, createRates } from '../api/rate.ts'
import type { Books, Purse } from './books.ts'
import type { Consent } from './consent.ts'
import { costUnanswered, passOnCall } from './pass-on.ts'
import { AI_BODY_BYTES, readAiRequest } from './request.ts'

export interface AiRoomOptions {
  ai: AiAccess | null
  books: Books
  consent: Consent
  clock: () => number
  stopping: AbortSignal
  onSpent: () => void
  log: Log
}

const PER_MINUTE = { perSecond: 0.5, atOnce: 30 }

type Refusal = { status: number; type: string; message: string }

/** As the provider says it, so that its clients understand. */
const refuse = (response: ServerResponse, { status, type, message }: Refusal) =>
  sendJson(response, { type: 'error', error: { type, message } }, status)

const no = (message: string): Refusal => ({ status: 403, type: 'permission_error', message })
const OVER = (whose: string): Refusal => ({
  status: 402,
  type: 'billing_error',
  message: `This app has spent what it may spend on ${whose} this month.`,
})

export interface AiRoom {
  serve: AppRoom
  /** Resolves when the books know of every call. */
  settled(): Promise<void>
}

export function createAiRoom(options: AiRoomOptions): AiRoom {
  const { ai, books, consent, clock, stopping, onSpent, log } = options
  const mayCall = createRates<string>(() => createRate(PER_MINUTE.perSecond, PER_MINUTE.atOnce, clock))

  /** Whose money it is; a refusal where it is nobody's. */
  const purseOf = async ({
    app,
    guest,
    response,
  }: AppAsk): Promise<{ purse: Purse; limit: bigint } | Refusal> => {
    if (guest.role !== 'owner') {
      if ((await books.of(app)).consent === 'denied')
        return no('The owner of this app does not let it use the AI.')
      if (guest.aiNano === 0n) return no('Only the owner of this app can use its AI.')
      return { purse: 'visitors', limit: guest.aiNano }
    }
    const gone = new AbortController()
    response.once('close', () => gone.abort())
    if (!(await consent.ask(app, AbortSignal.any([gone.signal, stopping])))) {
      return no('You have not allowed this app to use the AI. You can in your computer, at the app’s menu.')
    }
    return { purse: 'own', limit: (await books.of(app)).limitNano }
  }

  const call = async (ask: AppAsk, access: AiAccess): Promise<void> => {
    const { app, request, response } = ask
    const body = readAiRequest(await readBody(request, AI_BODY_BYTES))
    if (body === null) {
      const message = 'This is not a request that an app can make: see /.app/sdk.js for those it can.'
      return refuse(response, { status: 400, type: 'invalid_request_error', message })
    }
    const found = await purseOf(ask)
    if ('status' in found) return refuse(response, found)
    const { purse, limit } = found
    const busy = { status: 429, type: 'rate_limit_error', message: 'This app asks too much at once.' }
    if (!mayCall(`${purse} ${app}`)) return refuse(response, busy)
    const hold = await books.hold(app, purse, limit)
    if (hold.capNano === 0n) {
      const { spent } = await books.of(app)
      return refuse(response, spent[purse] >= limit ? OVER(purse === 'own' ? 'you' : 'visitors') : busy)
    }
    const { capNano } = hold
    const cost = await passOnCall({ ai: access, body, capNano, response, stopping }).catch((error) => {
      log('an app’s AI call failed', { app, ...describeError(error) })
      if (response.headersSent) response.destroy()
      else refuse(response, UNREACHABLE)
      return costUnanswered(error, capNano)
    })
    await hold.settle(cost)
    onSpent()
  }

  const underWay = new Set<Promise<void>>()

  const serve: AppRoom = async (ask) => {
    const { app, guest, method, path, response } = ask
    if (path === '' && method === 'GET') {
      const { consent: decided, limitNano, spent } = await books.of(app)
      const isOwner = guest.role === 'owner'
      const isAvailable = ai !== null && decided !== 'denied' && (isOwner || guest.aiNano > spent.visitors)
      const figures = { consent: decided, limitUsd: formatUsd(limitNano), spentUsd: formatUsd(spent.own) }
      return sendJson(response, { isAvailable, ...(isOwner && figures) })
    }
    if (path !== 'messages') throw notHere()
    if (method !== 'POST') throw notSo()
    if (!ai) return refuse(response, NO_AI)
    const calling = call(ask, ai)
    underWay.add(calling)
    await calling.finally(() => underWay.delete(calling))
  }
  return {
    serve,
    settled: async () => {
      await Promise.allSettled(underWay)
    },
  }
}

const NO_AI: Refusal = { status: 503, type: 'api_error', message: 'There is no AI on this computer.' }
const UNREACHABLE: Refusal = {
  status: 502,
  type: 'api_error',
  message: 'The AI did not answer. Try again in a moment.',
}
