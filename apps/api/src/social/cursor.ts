/** Where the next page of a list begins: opaque to whoever passes it on, and checked when it comes back. */
import { z } from 'zod'
import { AppError } from '../errors.ts'
import { isStorable } from '../http/storable.ts'

/** Later years have more than four digits, which the database does not read. */
const LAST_MS = Date.UTC(9999, 11, 31)

/** A moment, and an id that tells apart what happened in the same one. */
const cursorSchema = z.tuple([z.number().int().min(0).max(LAST_MS), z.string().max(100).refine(isStorable)])

export interface Cursor {
  at: Date
  id: string
}

const writeCursor = ({ at, id }: Cursor): string =>
  Buffer.from(JSON.stringify([at.getTime(), id])).toString('base64url')

/** Throws `invalid_input` for what no page gave. */
export function readCursor(text: string | undefined): Cursor | null {
  if (text === undefined) return null
  try {
    const [at, id] = cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()))
    return { at: new Date(at), id }
  } catch (cause) {
    throw new AppError('invalid_input', 'This is no cursor. Pass on `nextCursor` of the page before.', {
      cause,
    })
  }
}

/** The first `limit` of one more that were asked for, and where the next page begins, if there is one. */
export function pageOf<Row>(
  rows: readonly Row[],
  limit: number,
  cursorOf: (row: Row) => Cursor,
): { rows: Row[]; nextCursor: string | null } {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return { rows: kept, nextCursor: rows.length > limit && last ? writeCursor(cursorOf(last)) : null }
}
