/** What a refused call said. */
import type { ErrorBody } from '@matrixos/shared'
import { TRPCClientError } from '@trpc/client'

/** The error body of a call that must fail; fails itself when the call succeeds. */
export async function refusal(call: Promise<unknown>): Promise<ErrorBody & { status: number }> {
  const outcome = await call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('value' in outcome) throw new Error(`Expected a refusal, got ${JSON.stringify(outcome.value)}`)
  const { error } = outcome
  if (!(error instanceof TRPCClientError)) throw error
  const data: unknown = error.data ?? error.meta?.responseJSON
  if (!isErrorData(data)) throw error
  return { ...data.error, status: data.httpStatus ?? 0 }
}

const isErrorData = (data: unknown): data is { error: ErrorBody; httpStatus?: number } =>
  typeof data === 'object' && data !== null && 'error' in data
