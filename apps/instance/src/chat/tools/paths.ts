/** Paths as a model writes them: from the top of the home, with or without `~`, or absolute. */
import { relative, sep } from 'node:path'
import * as z from 'zod/mini'
import { openHome } from '../../files/home.ts'
import { PlainError } from '../../files/plain-words.ts'
import { told } from './define.ts'
import { isKept } from './places.ts'

export const pathField = (words: string) => told(z.string().check(z.maxLength(4_096)), words)

export type Locate = (typed: string) => string

/** To a path below the home. It throws a PlainError outside. */
export async function createLocate(root: string): Promise<Locate> {
  const home = await openHome(root)
  return (typed) => {
    const way = typed.startsWith('/') ? relative(root, typed) : null
    if (way !== null && (way === '..' || way.startsWith(`..${sep}`)))
      throw new PlainError(`${typed} is outside your home. I only read and write files within it.`)
    return home.locate('', way === null ? typed : `~/${way}`)
  }
}

/** The same, for what is to be written. */
export function toWrite(locate: Locate, typed: string): string {
  const path = locate(typed)
  if (path === '') throw new PlainError('That is the home itself.')
  if (isKept(path)) throw new PlainError(`${typed}: I keep that folder myself.`)
  return path
}
