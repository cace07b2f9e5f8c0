import type { SessionInfo } from '../../../src/terminal/protocol.ts'

/** What a terminal is called on its tab. */
export function nameOf({ name, title, program, place }: SessionInfo): string {
  if (name !== null) return name
  if (program === null) return place
  return title === '' ? program : title
}
