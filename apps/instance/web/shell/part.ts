/** What a part of the computer is: something that opens in a window on a desktop, and in a sheet on a phone. */
import type { ComponentType } from 'react'
import type { Me } from '../../src/protocol.ts'

/** Its folder below `parts/`. */
export type PartId = string

export interface Intent {
  part: PartId
  target?: unknown
}

/** An entry of the palette, besides opening the part itself. */
export interface PartCommand {
  id: string
  title: string
  run(open: (intent: Intent) => void): void
}

export interface PartProps {
  /** What to show, as the opener said. It survives reloads in the list of windows, so the part checks it. */
  target: unknown
  /** Whether this window is in front and the page is seen. */
  isActive: boolean
  me: Me
  setTitle(title: string): void
  /** Keeps `target` of this window, for the next load of the page. */
  setTarget(target: unknown): void
  /** Asked before the window closes; a part with unsaved work answers a sentence to confirm by, `null` to go. */
  onBeforeClose(ask: () => string | null): void
  close(): void
  open(intent: Intent): void
}

export interface Part {
  id: PartId
  title: string
  /** One line for the launcher. Without it, the part is opened by other parts only. */
  about?: string
  /** The same for a guest, for whom it is not their home. */
  aboutForViewers?: string
  Icon: ComponentType
  /** Whether it can have several windows. */
  isMany: boolean
  /** What of a target tells its windows apart; the rest is where in it one is. Without it, all of the target does. */
  subjectOf?(target: unknown): unknown
  isForViewers: boolean
  /** Whether this computer has it for this person; without it, always. */
  isOffered?(me: Me): boolean
  /** Black glass is the machine itself (terminal, chat); everything else is paper. */
  material?: 'glass' | 'paper'
  /** Ctrl and a letter belong to it, as to every terminal; the palette then takes Shift as well. */
  keepsKeys?: boolean
  commands?(): readonly PartCommand[]
  /** Goes on with what a page that is gone had begun, for the owner, with or without a window. */
  resume?(): Promise<void>
  load(): Promise<{ default: ComponentType<PartProps> }>
}
