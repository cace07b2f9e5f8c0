/** The worker that solves puzzles: one message in, one out, `null` when there was no solution in time. */
import type { Puzzle } from '@matrixos/shared'
import { solveChallenge } from 'altcha-lib'
import { deriveKey } from 'altcha-lib/algorithms/web/pbkdf2'

addEventListener('message', async ({ data: puzzle }: MessageEvent<Puzzle>) => {
  const found = await solveChallenge({ challenge: puzzle, deriveKey })
  postMessage(found && { puzzle, solution: { counter: found.counter, derivedKey: found.derivedKey } })
})
