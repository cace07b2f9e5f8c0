/** Visitors who go on asking while routes change, as browsers do, with the connections they keep. */
import { Agent, request } from 'node:http'

export interface Visits {
  answered: number
  failed: number
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

type Outcome = 'answered' | 'failed' | 'closed'

/** Each visitor asks, waits for the answer, and asks again after 20 ms, until `stop`. */
export function startVisitors({ port, headers, visitors = 8 }: Options): { stop: () => Promise<Visits> } {
  const took: number[] = []
  const counts = { answered: 0, failed: 0, closed: 0 }
  let stopped = false
  const visit = async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    while (!stopped) {
      const began = performance.now()
      let outcome = await ask(port, headers, agent)
      while (outcome === 'closed') {
        counts.closed++
        outcome = await ask(port, headers, agent)
      }
      counts[outcome]++
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
      const { answered, failed, closed: askedAgain } = counts
      return { answered, failed, askedAgain, p50Ms: at(0.5), p99Ms: at(0.99) }
    },
  }
}

const ask = (port: number, headers: Record<string, string>, agent: Agent): Promise<Outcome> =>
  new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path: '/health', headers, agent }, (response) => {
      response.resume()
      response.on('error', () => resolve('failed'))
      response.on('end', () => resolve((response.statusCode ?? 500) < 300 ? 'answered' : 'failed'))
    })
    sent.on('error', () => resolve(sent.reusedSocket ? 'closed' : 'failed'))
    sent.end()
  })
