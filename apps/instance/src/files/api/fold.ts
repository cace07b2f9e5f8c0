/** More marks on one letter than any language puts there; Unicode's own bound for texts that are taken in piece by piece. */
const MANY_MARKS = /(\p{M}{30})(?=\p{M})/gu
/** Joins nothing and shows nothing: marks are put in order up to here. */
const JOINER = '\u034f'

/**
 * As people compare words: without regard to case, and to how an accent is put together. Marks without end, which take
 * the square of their number to put in order, would hold the whole computer up.
 */
export const fold = (text: string): string =>
  text.replace(MANY_MARKS, `$1${JOINER}`).normalize('NFC').toLowerCase()
