/** One call of the platform by this computer itself, and what is said where that does not answer. */
import { INSTANCE_API } from '@matrixos/shared'
import { PlainError } from '../files/plain-words.ts'
import { type AiAccess, sendToProxy } from './request.ts'

const ANSWER_WITHIN_MS = 15_000
export const UNREACHABLE = 'The platform can’t be reached right now. Try again in a moment.'

export interface PlatformCall {
  method?: 'PUT' | 'POST'
  body?: unknown
}

export interface PlatformAnswer {
  status: number
  /** `undefined`: it is not JSON. */
  body: unknown
}

export interface PlatformCallerOptions {
  /** `null`: there is no platform around this computer. */
  access: AiAccess | null
  longestBytes: number
  /** What is thrown where the platform does not answer. */
  unreachable: () => Error
}

/** Rejects with a PlainError where there is no platform. */
export const createPlatformCaller =
  ({ access, longestBytes, unreachable }: PlatformCallerOptions) =>
  async (path: string, sent: PlatformCall = {}): Promise<PlatformAnswer> => {
    if (!access) throw new PlainError('There is no platform around this computer.')
    const { status, text } = await sendToProxy(access, `${INSTANCE_API}${path}`, {
      ...{ ...sent, withinMs: ANSWER_WITHIN_MS, longest: longestBytes },
    }).catch(() => {
      throw unreachable()
    })
    return { status, body: parseJson(text) }
  }

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
