/** What a window of the files knows, for everything that can be done in it. */
import type { Entry } from '../../../src/files/api/protocol.ts'
import type { PartProps } from '../../shell/part.ts'
import type { Acts } from './acts.ts'
import { join } from './model/path.ts'
import type { Selection } from './model/selection.ts'
import type { MenuState } from './ui/menu.tsx'
import type { Toast } from './ui/toast.tsx'
import type { Folder } from './use-folder.ts'
import type { Place } from './use-place.ts'
import type { useUploads } from './use-uploads.ts'

export interface Picking {
  isCopy: boolean
  paths: readonly string[]
}

export interface FilesContext {
  place: Place
  folder: Folder
  /** What is seen of the folder, in order. */
  shown: readonly Entry[]
  names: readonly string[]
  selection: Selection
  /** A finger chose: taps choose more, instead of opening. */
  isChoosing: boolean
  canChange: boolean
  hasTerminal: boolean
  acts: Acts
  uploads: ReturnType<typeof useUploads>
  open: PartProps['open']
  say(toast: Toast): void
  choose(selection: Selection, isChoosing?: boolean): void
  setMenu(menu: MenuState | null): void
  setRenaming(name: string | null): void
  setPicking(picking: Picking | null): void
  setSearch(query: string | null): void
  focusList(): void
}

export const chosenPaths = ({ selection, place }: FilesContext): string[] =>
  [...selection.chosen].map((name) => join(place.path, name))

export const chosenEntries = ({ selection, shown }: FilesContext): Entry[] =>
  shown.filter(({ name }) => selection.chosen.has(name))
