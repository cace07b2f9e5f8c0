/** Display names: what others read beside the handle. Unlike handles they are not unique, and may be changed. */
import { z } from 'zod'

/** Characters as people count them, not UTF-16 units. */
export const DISPLAY_NAME_CHARS = 64

/** Marks on one letter, more than any script puts there: heaped up, they cover what stands above and below. */
export const HEAPED_MARKS = /\p{M}{13}/u
/** Control characters, line ends, and the marks that turn the direction of the text around them. */
const FORBIDDEN = /[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u
export const LEAVE_OUT = 'Leave out control characters, and accents heaped on one letter.'

/** For any name on one line: it must not change how what stands beside it reads, on a page or in a terminal. */
export const isPlainLine = (text: string): boolean => !FORBIDDEN.test(text) && !HEAPED_MARKS.test(text)
/** What whoever typed another is told. */
export const PLAIN_LINE = { error: LEAVE_OUT }

/** Some letters and signs are blank: the fillers of Hangul, and the pattern of Braille without a dot. */
const VISIBLE = /(?![\p{Default_Ignorable_Code_Point}\u2800])[\p{L}\p{N}\p{P}\p{S}]/u

/** Whether there is anything to see of a text. */
export const isVisible = (text: string): boolean => VISIBLE.test(text)

/** What is wrong with a display name, as a sentence, or `null`. `name` trimmed. */
export function displayNameProblem(name: string): string | null {
  if (!isVisible(name)) return 'Enter a name.'
  if ([...name].length > DISPLAY_NAME_CHARS) return `Use at most ${DISPLAY_NAME_CHARS} characters.`
  return isPlainLine(name) ? null : LEAVE_OUT
}

export const displayNameSchema = z
  .string()
  // Bounds the work; the rule itself counts characters.
  .max(4 * DISPLAY_NAME_CHARS, `Use at most ${DISPLAY_NAME_CHARS} characters.`)
  .transform((text) => text.normalize('NFC').trim())
  .superRefine((name, context) => {
    const message = displayNameProblem(name)
    if (message) context.addIssue({ code: 'custom', message })
  })
