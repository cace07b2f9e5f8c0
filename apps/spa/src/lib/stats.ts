/** Reads the public counter from `api.DOMAIN`: no cookies, no account. */
import type { AppRouter } from '@matrixos/api/router'
import { createTRPCClient, httpLink } from '@trpc/client'

export function createStats(apiOrigin: string) {
  const client = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${apiOrigin}/trpc` })],
  })
  return { read: (signal: AbortSignal) => client.stats.public.query(undefined, { signal }) }
}
