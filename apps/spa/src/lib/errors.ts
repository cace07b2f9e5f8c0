/** Turns whatever a call threw into a message for people. */

import { ERRORS, type ErrorBody, type ErrorCode, errorBodySchema } from '@matrixos/shared'
import { z } from 'zod'
import { NOT_ANSWERING, OFFLINE } from './texts.ts'
import { inWords } from './time.ts'

const withBodySchema = z.object({ data: z.object({ error: errorBodySchema }) })
/** What tRPC's client adds to an answer of a server; without it, no answer arrived. */
const answeredSchema = z.object({ data: z.looseObject({}) })

/** The api's own description of an error, or `null` when the error is not the api's. */
function errorBodyOf(error: unknown): ErrorBody | null {
  const parsed = withBodySchema.safeParse(error)
  return parsed.success ? parsed.data.data.error : null
}

export const errorCodeOf = (error: unknown): ErrorCode | null => errorBodyOf(error)?.code ?? null

/** The session ended and cannot be renewed without the person. */
export const isSignedOut = (error: unknown): boolean => errorCodeOf(error) === 'unauthorized'

/** A sensitive call whose person would rather not prove who they are: they know, so nobody tells them. */
export const isUnproved = (error: unknown): boolean => errorCodeOf(error) === 'step_up_required'

/** Any refusal to renew a session, whatever its code. */
export function isRefusal(error: unknown): boolean {
  const code = errorCodeOf(error)
  return code !== null && ERRORS[code].http === 401
}

/** No answer came: the network or the whole platform is away. */
export const isUnreachable = (error: unknown): boolean =>
  errorBodyOf(error) === null && !answeredSchema.safeParse(error).success

/** Whether the same call may succeed in a moment without anybody doing anything. */
export function isTransient(error: unknown): boolean {
  const code = errorCodeOf(error)
  return code === 'database_unavailable' || (code === null && isUnreachable(error))
}

/** A browser is sure only of being offline. */
const isOnline = () => globalThis.navigator?.onLine !== false

export const unreachableText = (online: boolean): string =>
  online ? `${NOT_ANSWERING}. Try again in a moment.` : `${OFFLINE}. Check your connection.`

/** The field's name, for programs; people have the field before them. */
const FIELD = /^[a-z][A-Za-z0-9.]*: /
const wordsOf = ({ code, message }: ErrorBody): string =>
  code === 'invalid_input' ? message.replace(FIELD, '') : message

/** One or two sentences: what happened, and when to try again if the api said so. */
export function errorText(error: unknown): string {
  const body = errorBodyOf(error)
  if (!body) {
    return isUnreachable(error)
      ? unreachableText(isOnline())
      : 'Something went wrong on our side. Please try again.'
  }
  if (body.retryAfterS === undefined) return wordsOf(body)
  return `${wordsOf(body)} ${retryText(body.retryAfterS)}`
}

/** `errorText` for what a call failed with, if it did and there is anything to say. */
export const problemText = (error: unknown): string | null =>
  error === null || error === undefined || isUnproved(error) ? null : errorText(error)

/** `Try again in 2 minutes.` The api's messages leave it out, so it is said once. */
const retryText = (seconds: number): string =>
  seconds <= 1 ? 'Try again now.' : `Try again in ${inWords(seconds)}.`
