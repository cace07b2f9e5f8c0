/** The limit of an answer, as either protocol names it. */
import { z } from 'zod'
import { withMember } from '../json-edit.ts'
import { topLevelMembers } from '../json-members.ts'

export const limitSchema = z.number().int().min(1).nullish()

/** Fewer are no answer; the Responses API takes no lower limit. */
export const LEAST_TOKENS = 16

/** Of several, a server may follow any: the highest counts. `null`: none is asked for. */
export const highestLimit = (limits: readonly (number | null | undefined)[]): number | null => {
  const asked = limits.filter((limit) => typeof limit === 'number')
  return asked.length > 0 ? Math.max(...asked) : null
}

/** The same bytes with this limit in place of each that is asked for, or as `unnamed` where none is. */
export function withLimit(
  body: Buffer,
  asked: Record<string, number | null | undefined>,
  unnamed: string,
  maxTokens: number,
): Buffer {
  const given = Object.keys(asked).filter((name) => typeof asked[name] === 'number')
  const names = given.length > 0 ? given : [unnamed]
  // Members move with each replacement.
  return names.reduce((json, name) => withMember(json, topLevelMembers(json), name, String(maxTokens)), body)
}
