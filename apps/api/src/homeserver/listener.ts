/** Where the homeserver hands over what happens: the application-service API, at a listener of its own. */
import { timingSafeEqual } from 'node:crypto'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { sha256 } from '../keys.ts'
import type { Log } from '../log.ts'
import type { Intake } from './intake.ts'

/** A hundred events of 64 kB at most, and what is around them. */
const BODY_BYTES = 16 * 1_048_576
const RETRY_S = '2'

const transaction = z.object({ events: z.array(z.unknown()) })

export interface HomeserverListenerOptions {
  /** What the homeserver calls the platform with. */
  hsToken: string
  intake: Intake
  log: Log
}

const refused = (status: number, errcode: string, error: string, headers = {}): Response =>
  Response.json({ errcode, error }, { status, headers })

export function createHomeserverListener({ hsToken, intake, log }: HomeserverListenerOptions): Hono {
  const expected = Buffer.from(sha256(`Bearer ${hsToken}`))
  const isKnown = (given: string) => timingSafeEqual(Buffer.from(sha256(given)), expected)
  const tooLarge = () => refused(413, 'M_TOO_LARGE', 'This is too large.')
  /** One after the other: their order is that of what happened. */
  let last: Promise<void> = Promise.resolve()
  const inTurn = (events: readonly unknown[]): Promise<void> => {
    const mine = last.then(() => intake(events))
    last = mine.catch(() => undefined)
    return mine
  }

  return (
    new Hono()
      .basePath('/_matrix/app/v1')
      .use(async (context, next) => {
        const given = context.req.header('authorization')
        if (given === undefined) return refused(401, 'M_UNAUTHORIZED', 'Who are you?')
        if (!isKnown(given)) return refused(403, 'M_FORBIDDEN', 'Only the homeserver may call here.')
        return next()
      })
      .put('/transactions/:id', bodyLimit({ maxSize: BODY_BYTES, onError: tooLarge }), async (context) => {
        const found = transaction.safeParse(await context.req.json().catch(() => null))
        if (!found.success) return refused(400, 'M_BAD_JSON', 'This is no transaction.')
        await inTurn(found.data.events)
        return context.json({})
      })
      .post('/ping', (context) => context.json({}))
      // Asked of names that are not there: those that are to be, the platform makes by itself.
      .all('/*', () => refused(404, 'M_NOT_FOUND', 'There is nothing here.'))
      .onError((error) => {
        log.warn({ err: error }, 'events were not taken in; the homeserver tries again')
        return refused(503, 'M_UNKNOWN', 'Try again later.', { 'retry-after': RETRY_S })
      })
  )
}
