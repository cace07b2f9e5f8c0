/** The api of a component test: each procedure answers what the test says, over HTTP as the pages ask. */
import { ERRORS, type ErrorCode } from '@matrixos/shared'
import { delay, HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'

const ORIGIN = 'http://app.localhost'

/** What stands for a procedure: its answer, a function of its input, or a failure. */
export type Answer = unknown
const FAILURE = Symbol('failure')

/** An answer that refuses. */
export const fails = (code: ErrorCode, message: string) => ({ [FAILURE]: { code, message } })
/** No answer at all, as without a network. */
export const OFFLINE = Symbol('offline')
/** An answer that never comes. */
export const SILENT = Symbol('silent')

export interface Call {
  procedure: string
  input: unknown
}

export function createTestApi(answers: Record<string, Answer>) {
  const calls: Call[] = []
  const current = new Map(Object.entries(answers))

  function answer(procedure: string, input: unknown): unknown {
    calls.push({ procedure, input })
    const given = current.get(procedure)
    const value = typeof given === 'function' ? given(input) : given
    if (typeof value === 'symbol') return value
    if (value === undefined) return failure('not_found', `Nothing stands for ${procedure}.`)
    if (typeof value === 'object' && value !== null && FAILURE in value) {
      const { code, message } = value[FAILURE] as { code: ErrorCode; message: string }
      return failure(code, message)
    }
    return { result: { data: value } }
  }

  const server = setupServer(
    http.all(`${ORIGIN}/trpc/:procedures`, async ({ request, params }) => {
      const procedures = String(params.procedures).split(',')
      const text =
        request.method === 'GET' ? new URL(request.url).searchParams.get('input') : await request.text()
      const inputs: Record<string, unknown> = text ? JSON.parse(text) : {}
      const all = procedures.map((procedure, index) => answer(procedure, inputs[index]))
      if (all.includes(OFFLINE)) return HttpResponse.error()
      if (all.includes(SILENT)) await delay('infinite')
      return HttpResponse.json(all)
    }),
  )
  return {
    server,
    calls,
    inputsOf: (procedure: string) =>
      calls.filter((call) => call.procedure === procedure).map(({ input }) => input),
    set: (procedure: string, next: Answer) => void current.set(procedure, next),
  }
}

const failure = (code: ErrorCode, message: string) => ({
  error: { message, code: -32000, data: { httpStatus: ERRORS[code].http, error: { code, message } } },
})
