/** The edge's line to the api: tRPC over a unix socket of its own, with the service token. */
import type { AppRouter } from '@matrixos/api/router'
import { createTRPCClient, type getFetch, httpBatchLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { EventSource } from 'eventsource'
import { Agent, type RequestInit, fetch as undiciFetch } from 'undici'

export interface ApiClientOptions {
  serviceSocket: string
  token: string
}

export function createApiClient({ serviceSocket, token }: ApiClientOptions) {
  // Subscriptions say nothing for as long as nothing changes.
  const agent = new Agent({ connect: { socketPath: serviceSocket }, bodyTimeout: 0, headersTimeout: 60_000 })
  const authorization = `Bearer ${token}`
  /** undici's own types and the global ones differ in names only. */
  const fetch = ((input: string | URL, init?: RequestInit) =>
    undiciFetch(input, {
      ...init,
      headers: { ...Object.fromEntries(new Headers(init?.headers as HeadersInit)), authorization },
      dispatcher: agent,
    })) as unknown as ReturnType<typeof getFetch>
  const url = 'http://service/trpc'
  const client = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({
          url,
          EventSource,
          // The package's own type of fetch is narrower than what it calls.
          eventSourceOptions: { fetch: fetch as never },
        }),
        false: httpBatchLink({ url, fetch }),
      }),
    ],
  })
  return { client, close: () => agent.destroy() }
}

export type ApiClient = ReturnType<typeof createApiClient>['client']
