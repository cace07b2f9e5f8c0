import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { initTRPC } from '@trpc/server'
import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { errorCodeOf } from './errors.ts'
import { createStepUp } from './step-up.ts'
import { stepUpLink } from './step-up-link.ts'

const ORIGIN = 'http://app.localhost'
const t = initTRPC.create()
const change = t.procedure.input((raw) => raw as { name: string }).mutation(() => '')
const router = t.router({ rename: change, remove: change })

const seen: unknown[] = []
const api = { isProved: false }
const refused = {
  error: {
    message: 'Confirm that it is you.',
    code: -32003,
    data: {
      code: 'FORBIDDEN',
      httpStatus: 403,
      error: { code: 'step_up_required', message: 'Confirm that it is you.' },
    },
  },
}

const server = setupServer(
  http.post(`${ORIGIN}/trpc/:paths`, async ({ params, request }) => {
    const inputs = Object.values((await request.json()) as Record<string, unknown>)
    const paths = String(params.paths).split(',')
    for (const [index, path] of paths.entries()) seen.push([path, inputs[index]])
    return HttpResponse.json(paths.map((path) => (api.isProved ? { result: { data: path } } : refused)))
  }),
)
beforeAll(() => server.listen({ onUnhandledFrame: 'error' }))
afterAll(() => server.close())
afterEach(() => server.resetHandlers())
beforeEach(() => {
  seen.length = 0
  api.isProved = false
})

/** A tab whose person answers each question as told. */
function tab(answer: () => boolean) {
  const stepUp = createStepUp()
  let questions = 0
  stepUp.subscribe(() => {
    if (!stepUp.isAsked()) return
    questions++
    setTimeout(() => {
      api.isProved = answer()
      stepUp.settle(api.isProved)
    }, 20)
  })
  const client = createTRPCClient<typeof router>({
    links: [stepUpLink(stepUp.ask), httpBatchLink({ url: `${ORIGIN}/trpc` })],
  })
  return { client, stepUp, questions: () => questions }
}
const failure = (call: Promise<unknown>) => call.catch((error: unknown) => error)

test('repeats the very call once it was proved', async () => {
  const { client, questions } = tab(() => true)
  expect(await client.rename.mutate({ name: 'ada' })).toBe('rename')
  expect(seen).toEqual([
    ['rename', { name: 'ada' }],
    ['rename', { name: 'ada' }],
  ])
  expect(questions()).toBe(1)
})

test('asks once for all calls that wait', async () => {
  const { client, questions } = tab(() => true)
  const calls = [client.rename.mutate({ name: 'a' }), client.remove.mutate({ name: 'b' })]
  expect(await Promise.all(calls)).toEqual(['rename', 'remove'])
  expect(questions()).toBe(1)
})

test('asks anew for a later call', async () => {
  const { client, questions } = tab(() => true)
  await client.rename.mutate({ name: 'a' })
  api.isProved = false
  await client.rename.mutate({ name: 'b' })
  expect(questions()).toBe(2)
})

test('rejects with the call’s own refusal when the person would rather not', async () => {
  const { client, stepUp } = tab(() => false)
  expect(errorCodeOf(await failure(client.remove.mutate({ name: 'a' })))).toBe('step_up_required')
  expect(seen).toHaveLength(1)
  expect(stepUp.isAsked()).toBe(false)
})

test('asks no second time for a call that is refused after the proof', async () => {
  const { client, stepUp, questions } = tab(() => true)
  server.use(http.post(`${ORIGIN}/trpc/remove`, () => HttpResponse.json([refused])))
  expect(errorCodeOf(await failure(client.remove.mutate({ name: 'a' })))).toBe('step_up_required')
  expect(questions()).toBe(1)
  expect(stepUp.isAsked()).toBe(false)
})

test('rejects at once where there is no dialog', async () => {
  const client = createTRPCClient<typeof router>({
    links: [stepUpLink(createStepUp().ask), httpBatchLink({ url: `${ORIGIN}/trpc` })],
  })
  expect(errorCodeOf(await failure(client.remove.mutate({ name: 'a' })))).toBe('step_up_required')
})
