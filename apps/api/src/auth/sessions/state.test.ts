import { stat } from 'node:fs/promises'
import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { Subscriber } from '../../db/notifications.ts'
import { COOKIES } from '../../http/cookies.ts'
import { createSessionEnds } from './ends.ts'
import { createSessionState, type SessionStateOptions } from './state.ts'
import type { SessionRow } from './store.ts'
import { createSessionStreams } from './streams.ts'

const GRACE_MS = 60_000
const userId = newId('usr', systemClock)
const sessionId = () => newId('ses', systemClock)
const away = () => Promise.reject(Object.assign(new Error('away'), { code: 'ECONNREFUSED' }))

/** A database that has the given sessions, answers as `answer` says, and a clock that stands still until moved. */
function setUp(ids: ReturnType<typeof sessionId>[], onEnd: SessionStateOptions['onEnd'] = () => {}) {
  const there = new Set(ids)
  const told: [id: string, userId: string][] = []
  let monotonic = 1
  let answer = (row: SessionRow | null): Promise<SessionRow | null> => Promise.resolve(row)
  const expiresAt = new Date(Date.now() + 3_600_000)
  const state = createSessionState({
    store: {
      sessionRow: (id) => answer(there.has(id) ? ({ id, userId, expiresAt } as SessionRow) : null),
      existing: async (asked) => asked.filter((id) => there.has(id)),
    },
    now: Date.now,
    monotonic: () => monotonic,
    graceMs: GRACE_MS,
    onEnd: (id, whose) => {
      told.push([id, whose])
      onEnd(id, whose)
    },
  })
  return {
    state,
    there,
    told,
    pass: (ms: number) => {
      monotonic += ms
    },
    answers: (next: typeof answer) => {
      answer = next
    },
  }
}

it('keeps a session out that ended while the database was answering', async () => {
  const id = sessionId()
  const { state, answers } = setUp([id])
  const slow = Promise.withResolvers<void>()
  answers(async (row) => {
    await slow.promise
    return row
  })
  const asked = state.isAlive(id)
  state.end(id, userId)
  slow.resolve()
  await expect(asked).resolves.toBe(false)
  await expect(state.mayEnter(id)).resolves.toBe(false)
})

it('keeps a session out that the database once did not have, also while it is away', async () => {
  const id = sessionId()
  const { state, answers, pass } = setUp([])
  await expect(state.mayEnter(id)).resolves.toBe(false)
  answers(away)
  pass(GRACE_MS / 2)
  await expect(state.mayEnter(id)).resolves.toBe(false)
})

it('lets in without the database only who was confirmed a moment ago', async () => {
  const [known, unknown] = [sessionId(), sessionId()]
  const { state, answers, pass } = setUp([known, unknown])
  await expect(state.mayEnter(known)).resolves.toBe(true)
  answers(away)
  pass(GRACE_MS)
  await expect(state.mayEnter(known)).resolves.toBe(true)
  // The pages add when to try again: said here too, it would be said twice.
  const message = expect.not.stringMatching(/again/i)
  const refusal = { code: 'database_unavailable', message, retryAfterS: 5 }
  await expect(state.mayEnter(unknown)).rejects.toMatchObject(refusal)
  pass(3_000)
  await expect(state.mayEnter(known)).rejects.toMatchObject({ code: 'database_unavailable' })
})

it('takes a pause of this very process for no silence of the database', async () => {
  const id = sessionId()
  const { state, answers } = setUp([id])
  answers(async (row) => {
    await stat('/')
    return row
  })
  const asked = state.mayEnter(id)
  const until = performance.now() + 1_200
  while (performance.now() < until);
  await expect(asked).resolves.toBe(true)
})

it('waits a moment for a database that does not answer, and then for no request that follows', async () => {
  const [known, unknown] = [sessionId(), sessionId()]
  const { state, answers, pass } = setUp([known, unknown])
  await state.isAlive(known)
  pass(3_000)
  let asked = 0
  answers(() => {
    asked++
    return new Promise(() => undefined)
  })
  await expect(state.mayEnter(known)).resolves.toBe(true)
  await expect(state.mayEnter(unknown)).rejects.toMatchObject({ code: 'database_unavailable' })
  expect(asked).toBe(1)
})

it('keeps an ended session out for as long as its cookie could live, whatever the database says then', async () => {
  const id = sessionId()
  const { state, answers, pass } = setUp([id])
  state.end(id, userId)
  answers(async () => ({ id, userId, expiresAt: new Date(Date.now() + 1e9) }) as SessionRow)
  pass(1000 * Math.max(COOKIES.app.maxAge, COOKIES.session.maxAge))
  await expect(state.mayEnter(id)).resolves.toBe(false)
})

it('believes no answer for longer than 2 s, so that an end nobody told of counts within the promised 5', async () => {
  const id = sessionId()
  const { state, there, pass } = setUp([id])
  await expect(state.mayEnter(id)).resolves.toBe(true)
  there.delete(id)
  pass(2_001)
  await expect(state.mayEnter(id)).resolves.toBe(false)
})

it('asks once for many requests of one session', async () => {
  const id = sessionId()
  const { state, answers } = setUp([id])
  let asked = 0
  answers(async (row) => {
    asked++
    return row
  })
  await Promise.all(Array.from({ length: 50 }, () => state.mayEnter(id)))
  expect(asked).toBe(1)
})

it('tells of an end once, also where a request found it out before anybody said so', async () => {
  const id = sessionId()
  const { state, there, told, pass } = setUp([id])
  await state.mayEnter(id)
  there.delete(id)
  pass(3_000)
  await expect(state.mayEnter(id)).resolves.toBe(false)
  state.end(id, userId)
  expect(told).toEqual([[id, userId]])
})

it('tells of an end as soon as it is known whose session that was', async () => {
  const id = sessionId()
  const { state, told } = setUp([])
  await expect(state.mayEnter(id)).resolves.toBe(false)
  expect(told).toEqual([])
  state.end(id, userId)
  expect(told).toEqual([[id, userId]])
})

/** One api process with a stream of that session open. */
async function processWith(id: ReturnType<typeof sessionId>) {
  const { state, there, pass } = setUp([id], (...end) => streams.close(...end))
  const streams = createSessionStreams({ mostStreams: 50, isAlive: state.isAlive })
  const closed: string[] = []
  streams.onClosed((whose) => closed.push(whose))
  const heard: Subscriber<'sessions'>[] = []
  const said: unknown[] = []
  const ends = await createSessionEnds({
    notifications: {
      subscribe: async (topic, subscriber) => {
        if (topic === 'sessions') heard.push(subscriber as Subscriber<'sessions'>)
        return async () => {}
      },
      publish: (_topic, notice) => void said.push(notice),
    },
    state,
    log: pino({ level: 'silent' }),
  })
  await state.isAlive(id)
  const stream = streams.open(id, new AbortController().signal)
  return { state, there, pass, closed, ends, stream, said, listener: heard[0] }
}

it('ends at once what another process says has ended', async () => {
  const id = sessionId()
  const { state, stream, listener } = await processWith(id)
  listener?.onNotice({ id, userId })
  expect(stream.aborted).toBe(true)
  await expect(state.mayEnter(id)).resolves.toBe(false)
})

it('finds out what ended while it could not hear', async () => {
  const id = sessionId()
  const { there, stream, listener } = await processWith(id)
  listener?.onConnected()
  there.delete(id)
  listener?.onConnected()
  await expect.poll(() => stream.aborted).toBe(true)
})

it('ends what is open once a question finds that the session has ended, without anybody having said so', async () => {
  const id = sessionId()
  const { state, there, closed, stream, pass } = await processWith(id)
  there.delete(id)
  pass(3_000)
  await expect(state.mayEnter(id)).resolves.toBe(false)
  expect([stream.aborted, closed]).toEqual([true, [userId]])
})

it('finds ends by itself of which the word was lost', async () => {
  const id = sessionId()
  const { there, closed, ends } = await processWith(id)
  await ends.catchUp()
  expect(closed).toEqual([])
  there.delete(id)
  await ends.catchUp()
  expect(closed).toEqual([userId])
})

it('tells other processes of an end', async () => {
  const id = sessionId()
  const { ends, stream, said } = await processWith(id)
  ends.announce(id, userId)
  expect([said, stream.aborted]).toEqual([[{ id, userId }], true])
})
