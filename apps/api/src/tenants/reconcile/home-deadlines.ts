/** A home store whose long calls end: a disk that hangs holds up nobody but the instance whose files are on it. */
import { AppError } from '../../errors.ts'
import type { HomeStore } from '../../ports/home-store.ts'
import { withDeadline } from './with-deadline.ts'

type Verb = 'make' | 'remove'

/** A deletion may have many files to go through. */
const DEADLINES_MS: Record<Verb, number> = { make: 60_000, remove: 600_000 }

const WORK: Record<Verb, string> = {
  make: 'create the home of this computer',
  remove: 'delete the files of this computer',
}

/** The same store; a call beyond its deadline throws `internal`, and every verb may be repeated meanwhile. */
export function homesWithDeadlines(homes: HomeStore, deadlinesMs: Record<Verb, number> = DEADLINES_MS) {
  const inTime = <T>(verb: Verb, call: Promise<T>): Promise<T> =>
    withDeadline(call, deadlinesMs[verb], () => {
      const message = `The server's disk took longer than ${deadlinesMs[verb] / 1000} s to ${WORK[verb]}. Retrying automatically.`
      return new AppError('internal', message)
    })
  return {
    name: homes.name,
    pathOf: homes.pathOf,
    ownerOf: homes.ownerOf,
    setAside: homes.setAside,
    detach: homes.detach,
    attached: homes.attached,
    /** As long as it takes: these see to themselves. */
    packed: homes.packed,
    copy: homes.copy,
    measure: homes.measure,
    space: homes.space,
    make: (home) => inTime('make', homes.make(home)),
    remove: (home) => inTime('remove', homes.remove(home)),
  } satisfies Partial<HomeStore>
}
