/** Solves the puzzle that a sign-up costs while many come at once. */
import type { SolvedPuzzle } from '@matrixos/shared'
import { TRPCClientError } from '@trpc/client'
import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'
import type { Client } from './client.ts'

const isNeeded = (error: unknown): boolean =>
  error instanceof TRPCClientError && error.data?.error?.code === 'proof_of_work_required'

/** Begins a sign-up; where that needs a proof, once more with one. */
export async function withProof<T>(
  { trpc }: Client,
  begin: (proof: { proofOfWork?: SolvedPuzzle }) => Promise<T>,
): Promise<T> {
  try {
    return await begin({})
  } catch (error) {
    if (!isNeeded(error)) throw error
    const puzzle = await trpc.auth.proofOfWork.mutate()
    const solution = await solveChallenge({ challenge: puzzle, deriveKey })
    if (!solution) throw error
    const { counter, derivedKey } = solution
    return await begin({ proofOfWork: { puzzle, solution: { counter, derivedKey } } })
  }
}
