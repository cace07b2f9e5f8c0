/**
 * Whether two are by themselves in a room. The platform knows its own people alone; whoever else is there, the homeserver
 * is asked, and outside of the transaction that wants to know: see `Unasked`.
 */
import type { Homeserver } from '../ports/homeserver.ts'

export interface Two {
  roomId: string
  /** Their names before the colon. */
  localparts: readonly [string, string]
}

/** Thrown in a transaction that cannot go on before somebody has asked. */
class Unasked extends Error {
  readonly two: Two

  constructor(two: Two) {
    super('The homeserver has to be asked who is in a room.')
    this.two = two
  }
}

/** More rooms with others in them than this, and they are asked for anew. */
const MOST_REMEMBERED = 10_000

export interface CompanyOptions {
  homeserver: Pick<Homeserver, 'serverName' | 'joined'>
  /** What it refuses to say is `null`; any other error is thrown. */
  unlessRefused: (roomId: string) => (error: unknown) => null
}

export function createCompany({ homeserver, unlessRefused }: CompanyOptions) {
  /** Two AIs that talk in a crowd would have each message of theirs asked about. */
  const crowded = new Set<string>()

  async function isAlone({ roomId, localparts }: Two): Promise<boolean> {
    const two = localparts.map((each) => `@${each}:${homeserver.serverName}`)
    for (const localpart of localparts) {
      const joined = await homeserver.joined(roomId, localpart).catch(unlessRefused(roomId))
      if (joined !== null) return joined.every((id) => two.includes(id))
    }
    return false
  }

  function remember(roomId: string): void {
    if (crowded.size >= MOST_REMEMBERED) crowded.clear()
    crowded.add(roomId)
  }

  return {
    /** Somebody came or went. */
    forget: (roomId: string): void => void crowded.delete(roomId),

    /**
     * Does the work, which may ask whether two are alone and is begun anew after the first time that it did so of a room:
     * a transaction must not wait for another server. Rejects with a HomeserverError when that does not answer.
     */
    async asking<T>(work: (isAlone: (two: Two) => boolean) => Promise<T>): Promise<T> {
      const found = new Map<string, boolean>()
      const known = (two: Two): boolean => {
        if (crowded.has(two.roomId)) return false
        const answer = found.get(two.roomId)
        if (answer === undefined) throw new Unasked(two)
        return answer
      }
      for (;;) {
        try {
          const done = await work(known)
          // What the homeserver said is later than all that the work was told of who comes and goes.
          for (const [roomId, answer] of found) if (!answer) remember(roomId)
          return done
        } catch (error) {
          if (!(error instanceof Unasked)) throw error
          found.set(error.two.roomId, await isAlone(error.two))
        }
      }
    },
  }
}
