/** The way from a proxy to the api's process: its private socket, where only the platform's own parts are heard. */
import { httpLink } from '@trpc/client'
import { Agent, fetch as undiciFetch } from 'undici'

export interface ServiceLinkOptions {
  serviceSocket: string
  token: string
  /** For one answer: an api that hangs must not hold up its caller for longer. */
  timeoutMs?: number
}

const TIMEOUT_MS = 15_000

export function createServiceLink({ serviceSocket, token, timeoutMs = TIMEOUT_MS }: ServiceLinkOptions) {
  const agent = new Agent({
    connect: { socketPath: serviceSocket },
    ...{ headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
  })
  return {
    // One call a request: answers in a batch would wait for the slowest.
    link: httpLink({
      url: 'http://service/trpc',
      fetch: (input, init) =>
        undiciFetch(String(input), {
          method: init?.method ?? 'GET',
          // The client's own bodies are JSON.
          body: typeof init?.body === 'string' ? init.body : null,
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          dispatcher: agent,
        }),
    }),
    close: () => agent.destroy(),
  }
}
