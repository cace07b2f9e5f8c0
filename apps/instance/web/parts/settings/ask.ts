/** One question of the settings to their computer. */
import * as z from 'zod/mini'
import { REQUEST_HEADER } from '../../../src/protocol.ts'

/** Its message is for people. `field`: the one that is not right yet. */
export class SettingsProblem extends Error {
  readonly field: string | null
  constructor(message: string, field: string | null = null) {
    super(message)
    this.field = field
  }
}

const OFFLINE = 'I can’t be reached right now. Try again in a moment.'
const refusalSchema = z.object({ message: z.string(), field: z.optional(z.string()) })

/** Rejects with a SettingsProblem that says what the computer said. */
export async function ask<T>(
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  path: string,
  body?: object,
): Promise<T> {
  const headers = { 'content-type': 'application/json', [REQUEST_HEADER]: '1' }
  const sent = body && { body: JSON.stringify(body) }
  const answer = await fetch(path, { method, headers, ...sent }).catch(() => null)
  const told: unknown = await answer?.json().catch(() => null)
  if (answer?.ok) return told as T
  const refusal = refusalSchema.safeParse(told).data
  throw new SettingsProblem(refusal?.message ?? OFFLINE, refusal?.field)
}

export const problemOf = (error: unknown): SettingsProblem =>
  error instanceof SettingsProblem ? error : new SettingsProblem(OFFLINE)
