/** Reads the public counter from `api.DOMAIN`: no cookies, no account. */
import type { AppRouter } from '@matrixos/api/router'
import { createTRPCClient, httpLink } from '@trpc/client'
import { timeoutFetch } from './timeout-fetch.ts'

const TIMEOUT_MS = 5_000

export function createStats(apiOrigin: string) {
  const client = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${apiOrigin}/trpc`, fetch: timeoutFetch(TIMEOUT_MS) })],
  })
  return { read: () => client.stats.public.query() }
}
