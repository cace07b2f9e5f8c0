import type { SolvedPuzzle } from '@matrixos/shared'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { errorCodeOf } from './errors.ts'
import { createProving } from './proof-of-work.ts'
import { proofOfWorkLink } from './proof-of-work-link.ts'

const ORIGIN = 'http://app.localhost'
const t = initTRPC.create()
const router = t.router({ signUp: t.procedure.input((raw) => raw as { handle: string }).mutation(() => '') })

const proof: SolvedPuzzle = {
  puzzle: {
    parameters: {
      ...{ algorithm: 'PBKDF2/SHA-256', nonce: 'aa', salt: 'bb', cost: 1 },
      ...{ keyLength: 32, keyPrefix: '00', expiresAt: 1 },
    },
    signature: 'cc',
  },
  solution: { counter: 7, derivedKey: '00' },
}
const seen: unknown[] = []
const api = { accepts: true }
const refused = {
  error: {
    message: 'Solve a puzzle first.',
    code: -32003,
    data: {
      ...{ code: 'FORBIDDEN', httpStatus: 403 },
      error: { code: 'proof_of_work_required', message: 'Solve a puzzle first.' },
    },
  },
}
const server = setupServer(
  http.post(`${ORIGIN}/trpc/signUp`, async ({ request }) => {
    const body = (await request.json()) as Record<string, { proofOfWork?: unknown }>
    seen.push(body[0])
    const isProved = api.accepts && body[0]?.proofOfWork !== undefined
    return HttpResponse.json([isProved ? { result: { data: 'welcome' } } : refused])
  }),
)
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterAll(() => server.close())
beforeEach(() => {
  seen.length = 0
  api.accepts = true
})

const clientWith = (prove: () => Promise<SolvedPuzzle>) =>
  createTRPCClient<typeof router>({
    links: [proofOfWorkLink(prove), httpBatchLink({ url: `${ORIGIN}/trpc` })],
  })
const failure = (call: Promise<unknown>) => call.catch((error: unknown) => error)

test('repeats a sign-up with the proof beside what it said before, and says while it works', async () => {
  const proving = createProving()
  const states: boolean[] = []
  proving.subscribe(() => states.push(proving.isBusy()))
  const client = clientWith(() => proving.during(async () => proof))
  expect(await client.signUp.mutate({ handle: 'ada' })).toBe('welcome')
  expect(seen).toEqual([{ handle: 'ada' }, { handle: 'ada', proofOfWork: proof }])
  expect(states).toEqual([true, false])
})

test('works once: a proof that is refused is the end of it', async () => {
  api.accepts = false
  const error = await failure(clientWith(async () => proof).signUp.mutate({ handle: 'ada' }))
  expect(errorCodeOf(error)).toBe('proof_of_work_required')
  expect(seen).toHaveLength(2)
})

test('fails when there is no solution, and is busy no more', async () => {
  const proving = createProving()
  const prove = () => proving.during(() => Promise.reject(new Error('No solution.')))
  expect(await failure(clientWith(prove).signUp.mutate({ handle: 'ada' }))).toBeInstanceOf(Error)
  expect(proving.isBusy()).toBe(false)
})
