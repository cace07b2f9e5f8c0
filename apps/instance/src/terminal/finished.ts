/** The words for a program that ended while its owner was away. */
import type { PushMessage } from '../push/protocol.ts'
import type { UnseenEnd } from './session.ts'

const LONGEST_PLACE = 60

export const messageOf = (handle: string, { session, program, place, ranMs }: UnseenEnd): PushMessage => ({
  title: `${handle}’s computer`,
  body: `${program} ended after ${timeOf(ranMs)}, in ${shortened(place)}.`,
  // The last of each terminal is what counts.
  tag: `terminal ${session}`,
  path: '/',
})

function timeOf(ms: number): string {
  const seconds = Math.round(ms / 1_000)
  const minutes = Math.round(seconds / 60)
  if (seconds < 60) return `${seconds} s`
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** The end of a long path says more than its beginning. */
const shortened = (place: string): string =>
  place.length > LONGEST_PLACE ? `…${place.slice(1 - LONGEST_PLACE)}` : place
