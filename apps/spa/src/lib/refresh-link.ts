/** A tRPC link: when a call is refused for want of a session, renews the session and repeats the call once. */
import { TRPCClientError, type TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import { isSignedOut } from './errors.ts'
import type { Refresh } from './refresh.ts'

export const refreshLink =
  <R extends AnyRouter>(refresh: Refresh): TRPCLink<R> =>
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let running: Unsubscribable | undefined
      let left = false

      function attempt(mayRefresh: boolean) {
        running = next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error: (error) => {
            if (mayRefresh && isSignedOut(error)) void renew(error)
            else observer.error(error)
          },
        })
      }

      async function renew(refused: TRPCClientError<R>) {
        try {
          const outcome = await refresh()
          if (left) return
          if (outcome === 'renewed') attempt(false)
          else observer.error(refused)
        } catch (error) {
          observer.error(TRPCClientError.from(error instanceof Error ? error : new Error(String(error))))
        }
      }

      attempt(true)
      return () => {
        left = true
        running?.unsubscribe()
      }
    })
