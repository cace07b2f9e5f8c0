/** A tRPC link: when a call needs a recent proof of identity, asks for it and repeats the very call once. */
import type { TRPCClientError, TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import { isUnproved } from './errors.ts'

/** `ask`: whether the person proved it. Whoever would rather not gets the call's own refusal. */
export const stepUpLink =
  <R extends AnyRouter>(ask: () => Promise<boolean>): TRPCLink<R> =>
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let running: Unsubscribable | undefined
      let left = false

      function attempt(mayAsk: boolean) {
        running = next(op).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error: (error) => {
            if (mayAsk && isUnproved(error)) void prove(error)
            else observer.error(error)
          },
        })
      }

      async function prove(refused: TRPCClientError<R>) {
        const isProved = await ask()
        if (left) return
        if (isProved) attempt(false)
        else observer.error(refused)
      }

      attempt(true)
      return () => {
        left = true
        running?.unsubscribe()
      }
    })
