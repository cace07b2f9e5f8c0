/** Every part there is, in the order of the launcher. What a part needs beyond its icon is loaded when it opens. */
import type { Me } from '../../src/protocol.ts'
import { consolePart } from '../parts/console/index.ts'
import { notes } from '../parts/notes/index.ts'
import { soul } from '../parts/soul/index.ts'
import type { Part, PartId } from './part.ts'

const PARTS: readonly Part[] = [consolePart, notes, soul]

export const findPart = (id: PartId): Part | undefined => PARTS.find((part) => part.id === id)

/** The parts of the launcher, for this person on this computer. */
export const offered = (me: Me): Part[] =>
  PARTS.filter(
    (part) => part.about !== undefined && (!me.viewer || part.isForViewers) && (part.isOffered?.(me) ?? true),
  )
