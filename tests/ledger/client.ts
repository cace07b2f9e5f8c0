/** One call, as an instance's program makes it, and what the program saw of it. */
import type { PlannedCall } from './calls.ts'
import { type Door, SETTLES_MS } from './replicas.ts'

export type CallDoor = Pick<Door, 'pool' | 'kills'>

export interface Seen {
  call: PlannedCall
  /** `null`: no answer came. */
  status: number | null
  ending: 'complete' | 'aborted' | 'broken'
  isClamped: boolean
  error: string | null
  /** Its proxy was killed while it ran, or before its settlement was surely written. */
  isKilled: () => boolean
}

export async function makeCall(call: PlannedCall, door: CallDoor, token: string): Promise<Seen> {
  const startedAt = performance.now()
  let endedAt = Number.POSITIVE_INFINITY
  const aborts = new AbortController()
  const seen: Seen = {
    ...{ call, status: null, ending: 'complete', isClamped: false, error: null },
    isKilled: () => door.kills.some(({ from, to }) => to >= startedAt && from <= endedAt + SETTLES_MS),
  }
  try {
    const asked = door.pool.request({
      ...{ method: 'POST', path: call.path, body: call.body, signal: aborts.signal },
      headers: {
        ...{ 'content-type': 'application/json', 'x-scripted': JSON.stringify(call.script) },
        ...(call.format === 'messages'
          ? { 'anthropic-version': '2023-06-01', 'x-api-key': token }
          : { authorization: `Bearer ${token}` }),
      },
    })
    if (call.abort === 'at once') setImmediate(() => aborts.abort())
    const { statusCode, headers, body } = await asked
    seen.status = statusCode
    seen.isClamped = headers['x-credits-max-tokens'] !== undefined
    if (call.abort === 'at its head') aborts.abort()
    let bytes = 0
    let text = ''
    for await (const chunk of body) {
      bytes += chunk.length
      if (statusCode !== 200) text += chunk
      if (call.abort === 'in mid-answer' && bytes > 1_500) aborts.abort()
    }
    if (statusCode !== 200) seen.error = text.slice(0, 300)
  } catch (error) {
    seen.ending = aborts.signal.aborted ? 'aborted' : 'broken'
    if (!aborts.signal.aborted) seen.error = String(error)
  }
  endedAt = performance.now()
  return seen
}
