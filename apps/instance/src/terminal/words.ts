/** What the computer itself says of its terminals, and prints into them between what programs print. */

/** Leaves another program's screen, sets every mode back, shows the cursor, and begins a line. */
const AFRESH =
  '\x1b[?1047l\x1b[!p\x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1004l\x1b[?2004l\x1b[?25h\x1b[0m\r\n'

const says = (words: string) => `${AFRESH}\x1b[90m· ${words}\x1b[0m\r\n`

export const SLEPT = says('I slept. What ran here has ended; this is a new shell in the same folder.')
export const STARTED_ANEW = says('A new shell.')

export const NO_ROOM =
  'I could not start a shell: as many programs run as I can run at once. End some, then try again.'
export const NO_SHELL =
  'I could not start a shell: too little memory or too few processes are left. End some programs, then try again.'

/** To a page that asks for a terminal which is none any more. */
export const CLOSED = 'That terminal has been closed.'
