/** The home as a viewer sees it: nothing can be written, and what is hidden or private cannot be read. */
import { relative, sep } from 'node:path'
import type { Home } from './home.ts'
import { PlainError } from './plain-words.ts'

const READ_ONLY = 'You are a viewer here. Only the owner can change anything.'

/** The tokens of the owner's channels are for nobody else, whatever a viewer may do. */
export const CHANNELS_FILE = 'config.json'

/** `privatePaths`: below the home, with all that is in them, besides whatever begins with a dot anywhere. */
export function viewerHome(home: Home, privatePaths: readonly string[]): Home {
  const hides = (real: string): boolean => {
    const path = relative(home.root, real)
    const isPrivate = privatePaths.some((one) => path === one || path.startsWith(`${one}${sep}`))
    return isPrivate || path.split(sep).some((part) => part.startsWith('.'))
  }
  const refuse = async (): Promise<never> => {
    throw new PlainError(READ_ONLY)
  }
  return {
    root: home.root,
    locate: home.locate,
    hides,
    async existing(located) {
      const real = await home.existing(located)
      if (hides(real)) throw Object.assign(new Error('This is private.'), { code: 'EACCES', path: real })
      return real
    },
    entry: refuse,
    target: refuse,
  }
}
