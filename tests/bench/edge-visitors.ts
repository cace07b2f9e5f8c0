/** Visitors who go on asking while routes change, as browsers do, with the connections they keep. */
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Visits {
  answered: number
  failed: number
  /** Of those, the ones whose new connection failed: nothing had answered yet. */
  notConnected: number
  /** What the first few of the failed ones met. */
  reasons: string[]
  /** Asked again on a new connection, for the server closed the kept one in that moment (RFC 9112, 9.3.1). */
  askedAgain: number
  p50Ms: number
  p99Ms: number
}

interface Options {
  port: number
  headers: Record<string, string>
  visitors?: number
}

type Outcome = { is: 'answered' | 'closed' } | { is: 'failed' | 'notConnected'; reason: string }

const MOST_REASONS = 3
const MOST_TEXT = 120

/** Each visitor asks, waits for the answer, and asks again after 20 ms, until `stop`. */
export function startVisitors({ port, headers, visitors = 8 }: Options): { stop: () => Promise<Visits> } {
  const took: number[] = []
  const counts = { answered: 0, failed: 0, notConnected: 0, closed: 0 }
  const reasons: string[] = []
  let stopped = false
  const visit = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (!stopped) {
      const began = performance.now()
      let outcome = await ask(port, headers, agent)
      while (outcome.is === 'closed') {
        counts.closed++
        outcome = await ask(port, headers, agent)
      }
      counts[outcome.is]++
      if ('reason' in outcome && reasons.length < MOST_REASONS) reasons.push(outcome.reason)
      took.push(performance.now() - began)
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    agent.destroy()
  }
  const all = Array.from({ length: visitors }, visit)
  return {
    stop: async () => {
      stopped = true
      await Promise.all(all)
      took.sort((a, b) => a - b)
      const at = (share: number) => Math.round((took[Math.floor(took.length * share)] ?? 0) * 10) / 10
      const { answered, notConnected, closed: askedAgain } = counts
      const failed = counts.failed + notConnected
      return { answered, failed, notConnected, reasons, askedAgain, p50Ms: at(0.5), p99Ms: at(0.99) }
    },
  }
}

const ask = (port: number, headers: Record<string, string>, agent: Agent): Promise<Outcome> =>
  new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path: '/health', headers, agent }, async (response) => {
      try {
        const body = await text(response)
        const { statusCode = 0 } = response
        if (statusCode >= 200 && statusCode < 300) return resolve({ is: 'answered' })
        resolve({ is: 'failed', reason: `${statusCode} ${body.slice(0, MOST_TEXT)}` })
      } catch (error) {
        resolve({ is: 'failed', reason: `within the answer: ${error}` })
      }
    })
    sent.on('error', (error) =>
      resolve(sent.reusedSocket ? { is: 'closed' } : { is: 'notConnected', reason: String(error) }),
    )
    sent.end()
  })
