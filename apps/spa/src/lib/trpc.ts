/** The one tRPC client of `app.DOMAIN`: same-origin, with a session that renews itself. */
import type { AppRouter } from '@matrixos/api/router'
import { createTRPCClient, httpBatchLink, httpLink, httpSubscriptionLink, splitLink } from '@trpc/client'
import { createTRPCReact } from '@trpc/react-query'
import type { inferRouterOutputs } from '@trpc/server'
import { isRefusal } from './errors.ts'
import { proveWith, proving } from './proof-of-work.ts'
import { proofOfWorkLink } from './proof-of-work-link.ts'
import { acrossTabs, createRefresh, sharedCount } from './refresh.ts'
import { refreshLink } from './refresh-link.ts'
import { stepUp } from './step-up.ts'
import { stepUpLink } from './step-up-link.ts'
import { timeoutFetch } from './timeout-fetch.ts'

const URL = '/trpc'
/** Other origins cannot send this header without being asked first, so it marks our own pages. */
const headers = { 'x-mos': '1' }
/** Questions are asked again, so they give up soon; what changes something gets the time it needs. */
const quick = { url: URL, headers, fetch: timeoutFetch(6_000) }
const patient = { url: URL, headers, fetch: timeoutFetch(30_000) }

const plain = createTRPCClient<AppRouter>({ links: [httpLink(patient)] })

function createSessionRefresh() {
  return createRefresh({
    renew: () => plain.auth.refresh.mutate(),
    isRefusal,
    exclusive: acrossTabs('mos.refresh', navigator.locks),
    renewals: sharedCount('mos.renewals'),
  })
}

export const trpc = createTRPCReact<AppRouter>()
export type RouterOutputs = inferRouterOutputs<AppRouter>

// Batches are answered whole: an answer that streams has sent its headers before a sign-in can set its cookies.
export const createClient = () =>
  trpc.createClient({
    links: [
      refreshLink(createSessionRefresh()),
      stepUpLink(stepUp.ask),
      proofOfWorkLink(proveWith(() => plain.auth.proofOfWork.mutate(), proving)),
      splitLink({
        condition: (op) => op.type === 'subscription',
        true: httpSubscriptionLink({ url: URL }),
        false: splitLink({
          condition: (op) => op.type === 'query',
          true: httpBatchLink({ ...quick, maxItems: 10 }),
          false: httpBatchLink({ ...patient, maxItems: 10 }),
        }),
      }),
    ],
  })
