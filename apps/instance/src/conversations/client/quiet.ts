/** The library tells its log a great deal, of rooms and people too: nothing of that is kept. */
import type { Logger } from 'matrix-js-sdk/lib/logger.js'

const nothing = (): void => undefined

export const QUIET: Logger = {
  ...{ trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing },
  getChild: () => QUIET,
}
