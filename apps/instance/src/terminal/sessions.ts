/** All terminals of this computer, in the order of their tabs. */
import { randomUUID } from 'node:crypto'
import { PlainError } from '../files/plain-words.ts'
import { MOST_SESSIONS, type SessionInfo } from './protocol.ts'
import { createSession, type Kept, type Session, type SessionSurroundings } from './session.ts'
import type { View } from './view.ts'
import { CLOSED } from './words.ts'

export interface Sessions {
  list(): SessionInfo[]
  /** Throws a PlainError when it is not there any more. */
  get(id: string): Session
  /** `folder`: absolute. Throws a PlainError when there are too many. */
  open(place: { folder: string; columns: number; rows: number }): string
  move(id: string, to: number): void
  /** Resolves when nothing of it runs any more; it is off the list at once. */
  close(id: string): Promise<void>
  /** Closes those where a shell waits and nobody looks but these views. */
  closeIdle(own: readonly View[]): Promise<void>
  /** What is to be seen again after a sleep. */
  keep(): Promise<Kept[]>
  end(): Promise<void>
}

export interface SessionsOptions extends SessionSurroundings {
  kept: Kept[]
  onChange: () => void
}

export function createSessions({ kept, onChange, ...surroundings }: SessionsOptions): Sessions {
  const make = (one: Kept, hasSlept: boolean) =>
    createSession({ ...surroundings, kept: one, hasSlept, onChange })
  let all = new Map<string, Session>(kept.map((one) => [one.id, make(one, true)]))

  const get = (id: string): Session => {
    const session = all.get(id)
    if (!session) throw new PlainError(CLOSED)
    return session
  }
  const close = async (id: string) => {
    const session = get(id)
    all.delete(id)
    onChange()
    await session.end()
  }

  return {
    list: () => [...all.values()].map(({ info }) => info),
    get,
    open(place) {
      if (all.size >= MOST_SESSIONS) {
        throw new PlainError(`I can hold ${MOST_SESSIONS} terminals. Close one to open another.`)
      }
      const id = randomUUID()
      const fresh = { id, name: null, title: '', generation: 0, screen: '', ...place }
      all.set(id, make(fresh, false))
      onChange()
      return id
    },
    move(id, to) {
      const session = get(id)
      const others = [...all].filter(([other]) => other !== id)
      all = new Map([...others.slice(0, to), [id, session], ...others.slice(to)])
      onChange()
    },
    close,
    async closeIdle(own) {
      for (const [id, session] of [...all]) {
        if ((await session.isIdleBut(own)) && all.has(id)) await close(id)
      }
    },
    keep: () => Promise.all([...all.values()].map((session) => session.keep())),
    end: async () => void (await Promise.all([...all.values()].map((session) => session.end()))),
  }
}
