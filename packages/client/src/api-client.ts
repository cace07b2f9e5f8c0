/** The typed procedures of `api.DOMAIN`, for a program with an API token. */
import type { ApiRouter } from '@matrixos/api/router'
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client'
import { EventSource } from 'eventsource'
import { type ApiFetch, apiFetch } from './api-fetch.ts'

export interface ApiClientOptions {
  /** The api's origin, e.g. `https://api.example.org`. */
  url: string
  /** `mos_…`. Without one, what is public can be called. */
  token?: string
  fetch?: ApiFetch
}

export type ApiClient = TRPCClient<ApiRouter>

export function createApiClient({ url, token, fetch = apiFetch }: ApiClientOptions): ApiClient {
  const endpoint = `${url}/trpc`
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  // An EventSource sends no header of its own, so its `fetch` does.
  const withToken: ApiFetch = (input, init) =>
    fetch(input, { ...init, headers: { ...init?.headers, ...headers } })
  return createTRPCClient<ApiRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: httpSubscriptionLink({
          url: endpoint,
          EventSource,
          eventSourceOptions: () => ({ fetch: withToken }),
        }),
        false: httpLink({ url: endpoint, fetch, headers }),
      }),
    ],
  })
}
