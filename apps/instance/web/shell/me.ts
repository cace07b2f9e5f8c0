/** Who is here, and what this computer is. */
import type { Me } from '../../src/protocol.ts'

/** This page came from an awake computer: that answers soon, or not at all. */
export const ANSWER_WITHIN_MS = 10_000

/** Rejects when the computer does not answer. */
export async function readMe(): Promise<Me> {
  const answer = await fetch('/api/me', { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) })
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return (await answer.json()) as Me
}
