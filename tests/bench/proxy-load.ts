/** Calls to the model: by which way, and how long they took. */
import { Pool } from 'undici'

export interface Way {
  /** Asks once. `null`: the answer was not what it should be. */
  call: (kind: Kind) => Promise<CallTimes | null>
  close: () => Promise<void>
}

/** A streamed answer, or one that comes whole. */
export type Kind = 'streamed' | 'whole'

export interface CallTimes {
  totalMs: number
  /** Until the first byte of the answer's body. */
  firstMs: number
}

export interface WayOptions {
  url: string
  /** Tells the calls of one way from those of the others in the model's truth. */
  model: string
  /** Taken in turns. */
  headers: readonly Record<string, string>[]
}

const CONNECTIONS = 32
/** An answer of 40 words, in some 20 events, to a question of a kilobyte. */
const QUESTION = `#scripted {"words":40}\n${'Tell me more about it. '.repeat(45)}`
const END = { streamed: '"type":"message_stop"', whole: '"stop_reason":"end_turn"' }

const bodyOf = (model: string, kind: Kind) =>
  JSON.stringify({
    model,
    max_tokens: 1000,
    stream: kind === 'streamed',
    messages: [{ role: 'user', content: QUESTION }],
  })

export function createWay({ url, model, headers }: WayOptions): Way {
  const pool = new Pool(url, { connections: CONNECTIONS })
  const common = { 'anthropic-version': '2023-06-01', 'content-type': 'application/json' }
  const bodies = { streamed: bodyOf(model, 'streamed'), whole: bodyOf(model, 'whole') }
  let turn = 0
  return {
    async call(kind) {
      const own = headers[turn++ % headers.length]
      const began = performance.now()
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: '/v1/messages',
        headers: { ...common, ...own },
        body: bodies[kind],
      })
      let firstMs = 0
      let text = ''
      for await (const chunk of body) {
        firstMs ||= performance.now() - began
        text += chunk
      }
      const totalMs = performance.now() - began
      return statusCode === 200 && text.includes(END[kind]) ? { totalMs, firstMs } : null
    },
    close: () => pool.close(),
  }
}

export interface Load {
  perSecond: number
  failed: number
}

/** So many calls at once, for that long or until `most` were made. */
export async function load(
  way: Way,
  kind: Kind,
  limits: { seconds: number; atOnce: number; most?: number },
): Promise<Load> {
  const { seconds, atOnce, most = Number.POSITIVE_INFINITY } = limits
  const began = performance.now()
  let asked = 0
  let right = 0
  let failed = 0
  const worker = async () => {
    while (asked < most && performance.now() - began < seconds * 1000) {
      asked += 1
      if (await way.call(kind).catch(() => null)) right += 1
      else failed += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return { perSecond: right / ((performance.now() - began) / 1000), failed }
}
