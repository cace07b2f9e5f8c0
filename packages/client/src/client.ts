/** The typed procedures of `app.DOMAIN`, over whatever carries a person's cookies. */
import type { AppRouter } from '@matrixos/api/router'
import { type Hosts, hostsFrom } from '@matrixos/shared'
import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client'
import { EventSource } from 'eventsource'

export interface FetchLikeInit {
  method?: string | undefined
  headers?: Record<string, string> | [string, string][] | Headers | undefined
  body?: unknown
  signal?: AbortSignal | null | undefined
}

/** A `fetch` that sends cookies and stores those it is given, as a page of `app.DOMAIN` would. */
export type FetchLike = (input: string | URL | Request, init?: FetchLikeInit) => Promise<Response>

export interface ClientOptions {
  /** The landing page's URL, e.g. `http://localhost:8080`. */
  publicUrl: string
  instanceDomain?: string | undefined
  /** One person's own computer, at that URL itself. */
  single?: boolean | undefined
  fetch: FetchLike
}

export interface Client {
  hosts: Hosts
  trpc: TRPCClient<AppRouter>
}

export function createClient({ publicUrl, instanceDomain, single = false, fetch }: ClientOptions): Client {
  const hosts = hostsFrom({ PUBLIC_URL: publicUrl, INSTANCE_DOMAIN: instanceDomain, SINGLE: single })
  const url = `${hosts.appOrigin}/trpc`
  const trpc = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: httpSubscriptionLink({ url, EventSource, eventSourceOptions: () => ({ fetch }) }),
        // One request per call, so that a failure concerns one call only.
        false: httpLink({ url, fetch, headers: { 'x-mos': '1' } }),
      }),
    ],
  })
  return { hosts, trpc }
}
