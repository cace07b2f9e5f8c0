/** Who is here, and what this computer is. */
import type { Me } from '../../src/protocol.ts'

/** Rejects when the computer does not answer. */
export async function readMe(): Promise<Me> {
  const answer = await fetch('/api/me')
  if (!answer.ok) throw new Error(`status ${answer.status}`)
  return (await answer.json()) as Me
}
