/** A tRPC link: when a sign-up has to prove some work first, does it and repeats the call with the proof. */
import type { SolvedPuzzle } from '@matrixos/shared'
import { TRPCClientError, type TRPCLink } from '@trpc/client'
import type { AnyRouter } from '@trpc/server'
import { observable, type Unsubscribable } from '@trpc/server/observable'
import { errorCodeOf } from './errors.ts'

export const proofOfWorkLink =
  <R extends AnyRouter>(prove: () => Promise<SolvedPuzzle>): TRPCLink<R> =>
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let running: Unsubscribable | undefined
      let left = false

      function attempt(proofOfWork: SolvedPuzzle | null) {
        const input = proofOfWork ? { ...Object(op.input), proofOfWork } : op.input
        running = next({ ...op, input }).subscribe({
          next: (value) => observer.next(value),
          complete: () => observer.complete(),
          error: (error) => {
            if (!proofOfWork && errorCodeOf(error) === 'proof_of_work_required') void work()
            else observer.error(error)
          },
        })
      }

      async function work() {
        try {
          const proof = await prove()
          if (!left) attempt(proof)
        } catch (error) {
          observer.error(TRPCClientError.from(error instanceof Error ? error : new Error(String(error))))
        }
      }

      attempt(null)
      return () => {
        left = true
        running?.unsubscribe()
      }
    })
