/** Every part there is, in the order of the launcher. What a part needs beyond its icon is loaded when it opens. */
import type { Me } from '../../src/protocol.ts'
import { app, apps } from '../parts/apps/index.ts'
import { chat } from '../parts/chat/index.ts'
import { consolePart } from '../parts/console/index.ts'
import { conversations } from '../parts/conversations/index.ts'
import { editor } from '../parts/editor/index.ts'
import { files } from '../parts/files/index.ts'
import { notes } from '../parts/notes/index.ts'
import { preview } from '../parts/preview/index.ts'
import { settings } from '../parts/settings/index.ts'
import { soul } from '../parts/soul/index.ts'
import { terminal } from '../parts/terminal/index.ts'
import type { Part, PartId } from './part.ts'

const PARTS: readonly Part[] = [
  ...[chat, conversations, terminal, consolePart, apps, files, notes, soul, settings],
  ...[app, editor, preview],
]

export const findPart = (id: PartId): Part | undefined => PARTS.find((part) => part.id === id)

/** For the owner: what was under way when the page was left goes on. */
export function resumeParts(): void {
  // What cannot be loaded now is tried again with its first window.
  for (const { resume } of PARTS) resume?.().catch(() => undefined)
}

/** The parts of the launcher, for this person on this computer. */
export const offered = (me: Me): Part[] =>
  PARTS.filter(
    (part) => part.about !== undefined && (!me.viewer || part.isForViewers) && (part.isOffered?.(me) ?? true),
  )

/** The line of a part in the launcher. */
export const aboutOf = ({ about, aboutForViewers }: Part, me: Me): string | undefined =>
  (me.viewer ? aboutForViewers : undefined) ?? about

/** The parts of the dock: those of the launcher, and whatever else is open. */
export const docked = (me: Me, windows: readonly { part: PartId }[]): Part[] => {
  const shown = offered(me)
  const others = PARTS.filter((part) => !shown.includes(part) && windows.some((win) => win.part === part.id))
  return [...shown, ...others]
}
