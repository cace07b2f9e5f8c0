/** What conversations ask the platform. */
import { type MatrixAccess, type MatrixPerson, matrixAccess, matrixPerson } from '@matrixos/shared'
import * as z from 'zod/mini'
import { createPlatformCaller, type PlatformCall, UNREACHABLE } from '../ai/ask-platform.ts'
import type { AiAccess } from '../ai/request.ts'
import { RequestProblem } from '../http/problem.ts'

const LONGEST_ANSWER = 65_536

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
  const ask = createPlatformCaller({
    ...{ access, longestBytes: LONGEST_ANSWER },
    unreachable: () => new RequestProblem(503, UNREACHABLE),
  })
  async function call<T extends z.ZodMiniType>(
    path: string,
    schema: T,
    sent: PlatformCall = {},
  ): Promise<z.output<T> | null> {
    const { status, body } = await ask(path, sent)
    if (status === 404) return null
    const parsed = schema.safeParse(body)
    if (status !== 200 || !parsed.success) throw new RequestProblem(503, UNREACHABLE)
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
