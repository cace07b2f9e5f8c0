/** Reads profiles, and what people wrote for everyone, from `api.DOMAIN`: no cookies, no account. */
import type { AppRouter } from '@matrixos/api/router'
import { createTRPCClient, httpLink } from '@trpc/client'
import { timeoutFetch } from './timeout-fetch.ts'

const TIMEOUT_MS = 6_000

export function createPublicPeople(apiOrigin: string) {
  const client = createTRPCClient<AppRouter>({
    links: [httpLink({ url: `${apiOrigin}/trpc`, fetch: timeoutFetch(TIMEOUT_MS) })],
  })
  return {
    profile: (handle: string) => client.social.profile.query({ handle }),
    /** The newest first. */
    posts: (handle: string, limit: number) => client.feed.list.query({ scope: 'person', handle, limit }),
  }
}
