/** The place in a list that is ordered by a time, and by a key where times are equal. */
import { AppError } from '../errors.ts'

/** 14 digits reach the year 5138; the database knows no time that Node writes with more than four. */
const PATTERN = /^(\d{1,14})_([\w-]{1,64})$/

export const timeCursor = {
  write: (at: Date, key: string): string => `${at.getTime()}_${key}`,

  /** `null`: the beginning. Throws `invalid_input` for what no page gave. */
  read(cursor: string | null | undefined): { at: Date; key: string } | null {
    if (cursor === null || cursor === undefined) return null
    const [, at = '', key = ''] = PATTERN.exec(cursor) ?? []
    const time = new Date(Number(at))
    if (key === '' || Number.isNaN(time.getTime()))
      throw new AppError('invalid_input', 'This page does not exist.')
    return { at: time, key }
  },
}
