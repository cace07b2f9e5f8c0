/** What the menus of the files offer. */
import type { Entry } from '../../../src/files/api/protocol.ts'
import { partFor } from '../preview/kinds.ts'
import { isFolder } from './list/row.tsx'
import type { Order, SortBy } from './model/order.ts'
import {
  CheckIcon,
  CopyIcon,
  DownloadIcon,
  EyeIcon,
  FolderIcon,
  MoveIcon,
  PencilIcon,
  PlusIcon,
  TrashIcon,
  UploadIcon,
} from './ui/icons.ts'
import type { MenuItem } from './ui/menu.tsx'

export interface EntryDeeds {
  open(entry: Entry): void
  openWith(entry: Entry, part: 'editor' | 'preview'): void
  rename(entry: Entry): void
  copyTo(): void
  moveTo(): void
  clip(isCut: boolean): void
  duplicate(): void
  download(): void
  trash(): void
}

const isMac = /Mac|iP(hone|ad)/.test(navigator.platform)
const withKey = (key: string) => (isMac ? `⌘${key}` : `Ctrl+${key}`)

/** `count`: how many are chosen, `entry` among them. */
export function entryMenu(entry: Entry, count: number, canChange: boolean, deeds: EntryDeeds): MenuItem[] {
  const isOne = count === 1
  const other = partFor(entry.name) === 'editor' ? 'preview' : 'editor'
  const opening: MenuItem[] = [
    { label: 'Open', Icon: EyeIcon, shortcut: 'Enter', run: () => deeds.open(entry) },
    ...(isFolder(entry)
      ? []
      : [
          {
            label: other === 'editor' ? 'Open in the editor' : 'Preview',
            Icon: other === 'editor' ? PencilIcon : EyeIcon,
            run: () => deeds.openWith(entry, other),
          },
        ]),
  ]
  const taking: MenuItem[] = [
    {
      label: isOne && !isFolder(entry) ? 'Download' : 'Download as .zip',
      Icon: DownloadIcon,
      run: deeds.download,
    },
  ]
  if (!canChange) return [...(isOne ? opening : []), ...taking]
  return [
    ...(isOne ? opening : []),
    ...(isOne
      ? [
          {
            label: 'Rename',
            Icon: PencilIcon,
            shortcut: 'F2',
            startsGroup: true,
            run: () => deeds.rename(entry),
          },
        ]
      : []),
    {
      label: 'Copy',
      Icon: CopyIcon,
      shortcut: withKey('C'),
      startsGroup: !isOne,
      run: () => deeds.clip(false),
    },
    { label: 'Cut', shortcut: withKey('X'), run: () => deeds.clip(true) },
    { label: 'Duplicate', Icon: CopyIcon, run: deeds.duplicate },
    { label: 'Copy to…', Icon: CopyIcon, startsGroup: true, run: deeds.copyTo },
    { label: 'Move to…', Icon: MoveIcon, run: deeds.moveTo },
    ...taking,
    {
      label: 'Move to the trash',
      Icon: TrashIcon,
      shortcut: isMac ? '⌫' : 'Delete',
      isDangerous: true,
      startsGroup: true,
      run: deeds.trash,
    },
  ]
}

export interface FolderDeeds {
  makeFolder(): void
  makeFile(): void
  uploadFiles(): void
  uploadFolder(): void
  paste(): void
  chooseAll(): void
  downloadAll(): void
  setOrder(order: Order): void
  setHiddenShown(isShown: boolean): void
  /** `null`: there is no terminal. */
  openTerminal: (() => void) | null
}

export const newMenu = (deeds: FolderDeeds): MenuItem[] => [
  { label: 'New folder', Icon: FolderIcon, run: deeds.makeFolder },
  { label: 'New file', Icon: PlusIcon, run: deeds.makeFile },
  { label: 'Upload files', Icon: UploadIcon, startsGroup: true, run: deeds.uploadFiles },
  { label: 'Upload a folder', Icon: UploadIcon, run: deeds.uploadFolder },
]

const SORTS: Record<SortBy, string> = {
  name: 'By name',
  size: 'By size',
  modified: 'By change',
  kind: 'By kind',
}

export interface FolderMenuOptions {
  canChange: boolean
  canPaste: boolean
  order: Order
  isHiddenShown: boolean
}

export function folderMenu(options: FolderMenuOptions, deeds: FolderDeeds): MenuItem[] {
  const { canChange, canPaste, order, isHiddenShown } = options
  const { openTerminal } = deeds
  return [
    ...(canChange ? newMenu(deeds) : []),
    ...(canPaste ? [{ label: 'Paste', shortcut: withKey('V'), run: deeds.paste }] : []),
    { label: 'Choose all', shortcut: withKey('A'), startsGroup: true, run: deeds.chooseAll },
    { label: 'Download this folder', Icon: DownloadIcon, run: deeds.downloadAll },
    ...(openTerminal ? [{ label: 'Open a terminal here', run: openTerminal }] : []),
    ...(Object.keys(SORTS) as SortBy[]).map((by, index) => ({
      label: SORTS[by],
      ...(order.by === by ? { Icon: CheckIcon } : {}),
      isChecked: order.by === by,
      startsGroup: index === 0,
      run: () =>
        deeds.setOrder({ by, isDescending: order.by === by ? !order.isDescending : by === 'modified' }),
    })),
    {
      label: isHiddenShown ? 'Hide hidden files' : 'Show hidden files',
      startsGroup: true,
      run: () => deeds.setHiddenShown(!isHiddenShown),
    },
  ]
}
