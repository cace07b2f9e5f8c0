/**
 * Takes the event out of a stream that only tells the usage, which this side asked for and the client did not. All other
 * bytes pass as they are: also the `"usage":null` that each chunk then has, which clients take for none.
 *
 * An event is held back until its end, as only that shows what it is; providers write each in one piece.
 */
import { z } from 'zod'
import type { AnswerFilter } from '../../format.ts'

const NEWLINE = 0x0a
const RETURN = 0x0d
const NOTHING: Buffer = Buffer.alloc(0)
/** Longer ones are content. */
const LONGEST_HELD = 65_536
/** Of a line end and an empty line, without the last byte. */
const LONGEST_ENDING = 3
const CUE = '"prompt_tokens"'

const usageOnly = z.object({ choices: z.array(z.unknown()).max(0), usage: z.object({}) })

function isUsageOnly(event: Buffer): boolean {
  if (!event.includes(CUE)) return false
  const data = event
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length))
  try {
    return usageOnly.safeParse(JSON.parse(data.join('\n'))).success
  } catch {
    return false
  }
}

/** First byte after the blank line that ends the event; -1: it is not there yet. */
function eventEnd(bytes: Buffer, start: number, searchFrom: number): number {
  for (let at = bytes.indexOf(NEWLINE, searchFrom); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) {
    const before = bytes[at - 1] === RETURN ? at - 2 : at - 1
    if (before < start || bytes[before] === NEWLINE) return at + 1
  }
  return -1
}

export function createUsageHider(): AnswerFilter {
  let held = NOTHING
  /** The event under way is too long to be usage: it passes as it comes, up to its end. */
  let isPassing = false
  return {
    write(chunk) {
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk])
      // What was searched for the end already; the last bytes may be half of it.
      let searchFrom = Math.max(0, held.length - LONGEST_ENDING)
      const passed: Buffer[] = []
      let start = 0
      for (
        let end = eventEnd(bytes, start, searchFrom);
        end !== -1;
        end = eventEnd(bytes, start, searchFrom)
      ) {
        const event = bytes.subarray(start, end)
        if (isPassing || !isUsageOnly(event)) passed.push(event)
        isPassing = false
        start = end
        searchFrom = end
      }
      held = bytes.subarray(start)
      if (held.length > LONGEST_HELD) {
        isPassing = true
        passed.push(held.subarray(0, -LONGEST_ENDING))
        held = held.subarray(-LONGEST_ENDING)
      }
      const [only = NOTHING] = passed
      return passed.length > 1 ? Buffer.concat(passed) : only
    },
    end() {
      const rest = held
      held = NOTHING
      return rest
    },
  }
}
