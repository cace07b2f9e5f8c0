/** What conversations ask the platform. */
import {
  INSTANCE_API,
  type MatrixAccess,
  type MatrixPerson,
  matrixAccess,
  matrixPerson,
} from '@matrixos/shared'
import * as z from 'zod/mini'
import { type AiAccess, sendToProxy } from '../ai/request.ts'
import { PlainError } from '../files/plain-words.ts'
import { RequestProblem } from '../http/problem.ts'

const ANSWER_WITHIN_MS = 15_000
const LONGEST_ANSWER = 65_536
const UNREACHABLE = 'The platform can’t be reached right now. Try again in a moment.'

export interface ConversationsPlatform {
  matrix(): Promise<MatrixAccess>
  /** The keys of the devices before are lost. */
  newDevice(): Promise<MatrixAccess>
  /** `null`: there is nobody called so, for this computer's owner. */
  person(handle: string): Promise<MatrixPerson | null>
  report(isBusy: boolean): Promise<void>
}

/** Rejects with a PlainError when the platform does not answer, or refuses. `null`: there is none. */
export function createConversationsPlatform(access: AiAccess | null): ConversationsPlatform {
  async function call<T extends z.ZodMiniType>(
    path: string,
    schema: T,
    sent: { method?: 'PUT' | 'POST'; body?: unknown } = {},
  ): Promise<z.output<T> | null> {
    if (!access) throw new PlainError('There is no platform around this computer.')
    const answer = await sendToProxy(access, `${INSTANCE_API}${path}`, {
      ...{ ...sent, withinMs: ANSWER_WITHIN_MS, longest: LONGEST_ANSWER },
    }).catch(() => {
      throw new RequestProblem(503, UNREACHABLE)
    })
    if (answer.status === 404) return null
    const parsed = schema.safeParse(parseJson(answer.text))
    if (answer.status !== 200 || !parsed.success) throw new RequestProblem(503, UNREACHABLE)
    return parsed.data
  }
  const off: MatrixAccess = { state: 'off' }
  return {
    matrix: async () => (access ? await call('/matrix', matrixAccess) : null) ?? off,
    newDevice: async () =>
      (access ? await call('/matrix/device', matrixAccess, { method: 'POST', body: {} }) : null) ?? off,
    person: (handle) => call('/matrix/person', matrixPerson, { method: 'POST', body: { handle } }),
    report: async (isBusy) => void (await call('/errand', z.object({}), { method: 'PUT', body: { isBusy } })),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
