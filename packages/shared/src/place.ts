/** Where a platform is, or one person's own computer: what every app has in its environment, and the hosts that follow. */
import { z } from 'zod'
import { type Hosts, hostsOf, singleHostsOf } from './hosts.ts'

/** One person alone: `1`, `true` or `yes`. */
export const SINGLE = z.stringbool().default(false)

/** How every app settles its hosts, by what they all have in their environment. */
export interface Place {
  PUBLIC_URL: string
  INSTANCE_DOMAIN?: string | undefined
  SINGLE: boolean
}

/** `handle`: whose computer it is where there is one alone, asked each time; `null` until somebody has claimed it. */
export const hostsFrom = (place: Place, handle?: () => string | null): Hosts =>
  place.SINGLE ? singleHostsOf(place.PUBLIC_URL, handle) : hostsOf(place.PUBLIC_URL, place.INSTANCE_DOMAIN)
