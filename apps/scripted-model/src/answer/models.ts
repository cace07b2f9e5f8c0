/** Which models there are. */
import { ModelError } from '../http/errors.ts'

/** Listed by `GET /v1/models`. */
export const MODELS = [
  { id: 'demonstration-1', name: 'Demonstration', created: '2026-01-01T00:00:00Z' },
  { id: 'claude-haiku-4-5-20251001', name: 'Demonstration as Haiku 4.5', created: '2025-10-01T00:00:00Z' },
  { id: 'claude-sonnet-4-5-20250929', name: 'Demonstration as Sonnet 4.5', created: '2025-09-29T00:00:00Z' },
  { id: 'claude-opus-5-5', name: 'Demonstration as Opus 5.5', created: '2026-08-01T00:00:00Z' },
  { id: 'gpt-4o-mini', name: 'Demonstration as GPT-4o mini', created: '2024-07-18T00:00:00Z' },
] as const

/** It stands in for every model of the two providers, so that programs need no change. */
const SERVED = /^(demonstration|claude|gpt|chatgpt|o[1-9])(-|$)/

const isServed = (model: string) => SERVED.test(model)

/** Throws ModelError 404 for a name that is no model. */
export function checkModel(model: string): void {
  if (!isServed(model)) throw new ModelError('not_found_error', `model: ${model}`)
}

/** Of one answer, when a request names no limit: of the protocols only one demands it. */
export const MOST_TOKENS = 32_000_000
