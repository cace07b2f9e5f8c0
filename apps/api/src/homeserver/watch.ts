/** Whether the homeserver answers, as this process sees it. */
import type { Clock } from '../clock.ts'
import type { Log } from '../log.ts'
import { type Homeserver, HomeserverError } from '../ports/homeserver.ts'

export interface Seen {
  state: 'up' | 'down'
  since: string
  why: string | null
}

export interface HomeserverWatchOptions {
  homeserver: Pick<Homeserver, 'check'>
  clock: Pick<Clock, 'now'>
  log: Log
}

export function createHomeserverWatch({ homeserver, clock, log }: HomeserverWatchOptions) {
  let seen: Seen | null = null

  function note(state: Seen['state'], why: string | null): void {
    if (seen?.state === state && seen.why === why) return
    const since = seen?.state === state ? seen.since : new Date(clock.now()).toISOString()
    if (state === 'down') log.warn({ why }, 'the homeserver is away: messages and new accounts wait')
    else log.info('the homeserver answers')
    seen = { state, since, why }
  }

  return {
    /** `null`: not asked yet. */
    seen: (): Seen | null => seen,

    /** Whether it answers. */
    async look(): Promise<boolean> {
      try {
        await homeserver.check()
        note('up', null)
        return true
      } catch (error) {
        if (!(error instanceof HomeserverError)) throw error
        note('down', error.message)
        return false
      }
    },
  }
}
