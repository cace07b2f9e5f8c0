/** Proof of work: what a sign-up costs in computing time while many come at once. Needs no third party. */
import {
  type ProofOfWorkMode,
  PUZZLE_LIFE_S,
  type Puzzle,
  puzzleSchema,
  type SolvedPuzzle,
} from '@matrixos/shared'
import { createChallenge, verifySolution } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2'
import type { Clock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import type { AttemptLimit } from '../../limits/attempt-limit.ts'

/** A few milliseconds to check, and 256 times that to solve, on average: about a second on a phone. */
const COST = 5_000
const KEY_PREFIX = '00'

export interface ProofOfWorkOptions {
  /** Asked at each sign-up: an administrator may switch it while the platform runs. */
  mode: () => Promise<ProofOfWorkMode>
  /** Signs the puzzles. */
  key: string
  /** Sign-ups that may begin without a proof where the mode is `auto`. */
  unproved: AttemptLimit
  /** One solution each, for as long as a puzzle lives. */
  solutions: AttemptLimit
  clock: Clock
}

export type ProofOfWork = ReturnType<typeof createProofOfWork>

const EVERYBODY = 'all'

/** `false` beyond the limit; anything else that goes wrong is thrown. */
async function isWithin(limit: AttemptLimit, key: string): Promise<boolean> {
  try {
    await limit.take(key)
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'too_many_requests') return false
    throw error
  }
}

export function createProofOfWork({ mode, key, unproved, solutions, clock }: ProofOfWorkOptions) {
  async function isNeeded(): Promise<boolean> {
    const now = await mode()
    return now === 'on' || (now === 'auto' && !(await isWithin(unproved, EVERYBODY)))
  }

  async function isSolved({ puzzle, solution }: SolvedPuzzle): Promise<boolean> {
    if (puzzle.parameters.expiresAt * 1000 <= clock.now()) return false
    const { verified } = await verifySolution({
      challenge: puzzle,
      solution,
      deriveKey,
      hmacSignatureSecret: key,
    })
    return verified
  }

  return {
    async puzzle(): Promise<Puzzle> {
      const made = await createChallenge({
        algorithm: 'PBKDF2/SHA-256',
        ...{ cost: COST, keyPrefix: KEY_PREFIX, deriveKey },
        expiresAt: Math.floor(clock.now() / 1000) + PUZZLE_LIFE_S,
        hmacSignatureSecret: key,
      })
      return puzzleSchema.parse(made)
    },

    /** Call it as a sign-up begins. Throws `proof_of_work_required`: without a proof, or when it counted before. */
    async require(solved: SolvedPuzzle | undefined): Promise<void> {
      if (!(await isNeeded())) return
      const counts =
        solved && (await isSolved(solved)) && (await isWithin(solutions, solved.puzzle.parameters.nonce))
      if (counts) return
      throw new AppError(
        'proof_of_work_required',
        'Many people are signing up right now. Your browser has to solve a puzzle first.',
      )
    },
  }
}
