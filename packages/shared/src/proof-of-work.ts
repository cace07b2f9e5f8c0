/**
 * A puzzle that costs whoever signs up a second of computing, and its solution (ALTCHA's proof of work, version 2):
 * find a counter whose key, derived with `cost` iterations, begins with `keyPrefix`.
 */
import { z } from 'zod'

export const proofOfWorkModeSchema = z.enum(['off', 'auto', 'on'])
export type ProofOfWorkMode = z.infer<typeof proofOfWorkModeSchema>

/** Seconds that a puzzle may be solved in. */
export const PUZZLE_LIFE_S = 600

const hex = (maxChars: number) =>
  z
    .string()
    .max(maxChars)
    .regex(/^[0-9a-f]+$/)

export const puzzleSchema = z.object({
  parameters: z.object({
    algorithm: z.literal('PBKDF2/SHA-256'),
    nonce: hex(64),
    salt: hex(64),
    cost: z.number().int().min(1).max(1_000_000),
    keyLength: z.number().int().min(1).max(64),
    keyPrefix: hex(64),
    /** Seconds since 1970. */
    expiresAt: z.number().int(),
  }),
  /** Says that the puzzle is the platform's own. */
  signature: hex(128),
})
export type Puzzle = z.infer<typeof puzzleSchema>

export const solvedPuzzleSchema = z.object({
  puzzle: puzzleSchema,
  solution: z.object({ counter: z.number().int().min(0).max(0xffffffff), derivedKey: hex(128) }),
})
export type SolvedPuzzle = z.infer<typeof solvedPuzzleSchema>
