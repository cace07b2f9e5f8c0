/** What each menu item, key and gesture does. */
import type { Entry } from '../../../src/files/api/protocol.ts'
import { partFor } from '../preview/kinds.ts'
import { chosenEntries, chosenPaths, type FilesContext } from './context.ts'
import { download } from './download.ts'
import type { KeyDeeds } from './keys.ts'
import { isFolder } from './list/row.tsx'
import type { EntryDeeds, FolderDeeds } from './menus.ts'
import { clipboard } from './model/clipboard.ts'
import { join, nameOf, parentOf } from './model/path.ts'
import { everything, NOTHING, only } from './model/selection.ts'
import { listSettings } from './model/settings.ts'
import { countInWords } from './ui/words.ts'

export function openEntry({ place, open, choose, focusList }: FilesContext, entry: Entry): void {
  const path = join(place.path, entry.name)
  if (isFolder(entry)) {
    choose(NOTHING)
    place.go(path)
    focusList()
  } else open({ part: partFor(entry.name), target: { path } })
}

function clip({ say, ...context }: FilesContext, isCut: boolean): void {
  const paths = chosenPaths({ say, ...context })
  if (paths.length === 0) return
  clipboard.set({ paths, isCut: isCut && context.canChange })
  say({
    words: `${countInWords(paths.length, 'item')} ${isCut ? 'to be moved' : 'copied'}. Paste where it belongs.`,
  })
}

export async function paste({ acts, place, folder }: FilesContext): Promise<void> {
  const { paths, isCut } = clipboard.get()
  if (paths.length === 0) return
  if (isCut) {
    clipboard.set({ paths: [], isCut: false })
    await acts.move(paths, place.path)
  } else await acts.copy(paths, place.path)
  folder.refresh()
}

async function trashChosen(context: FilesContext): Promise<void> {
  const { acts, names, selection, choose, folder, canChange } = context
  const paths = chosenPaths(context)
  if (!canChange || paths.length === 0) return
  // The keyboard goes on with what follows.
  const rest = names.filter((name) => !selection.chosen.has(name))
  const after = names
    .slice(names.indexOf([...selection.chosen].at(-1) ?? ''))
    .find((name) => rest.includes(name))
  await acts.trash(paths)
  choose(after === undefined ? NOTHING : { ...NOTHING, anchor: after, cursor: after }, false)
  folder.refresh()
}

export function entryDeeds(context: FilesContext): EntryDeeds {
  const { place, open, setRenaming, setPicking, acts, folder } = context
  return {
    open: (entry) => openEntry(context, entry),
    openWith: (entry, part) => open({ part, target: { path: join(place.path, entry.name) } }),
    rename: ({ name }) => setRenaming(name),
    copyTo: () => setPicking({ isCopy: true, paths: chosenPaths(context) }),
    moveTo: () => setPicking({ isCopy: false, paths: chosenPaths(context) }),
    clip: (isCut) => clip(context, isCut),
    duplicate: () => void acts.copy(chosenPaths(context), place.path).then(folder.refresh),
    download: () => download(chosenEntries(context).map((entry) => wanted(place.path, entry))),
    trash: () => void trashChosen(context),
  }
}

const wanted = (folder: string, entry: Entry) => ({
  path: join(folder, entry.name),
  isFolder: isFolder(entry),
})

export function folderDeeds(context: FilesContext): FolderDeeds {
  const { place, folder, acts, uploads, names, selection, choose, setRenaming, open } = context
  const made = (path: string | null) => {
    if (path === null) return
    choose(only(nameOf(path)))
    setRenaming(nameOf(path))
    folder.refresh()
  }
  const entries = folder.entries ?? []
  return {
    makeFolder: () => void acts.makeFolder(place.path, entries).then(made),
    makeFile: () => void acts.makeFile(place.path, entries).then(made),
    uploadFiles: uploads.pickFiles,
    uploadFolder: uploads.pickFolder,
    paste: () => void paste(context),
    chooseAll: () => choose(everything(names, selection)),
    downloadAll: () => download([{ path: place.path, isFolder: true }]),
    setOrder: (order) => listSettings.update((all) => ({ ...all, order })),
    setHiddenShown: (isHiddenShown) => listSettings.update((all) => ({ ...all, isHiddenShown })),
    openTerminal: context.hasTerminal
      ? () => open({ part: 'terminal', target: { folder: place.path } })
      : null,
  }
}

export function keyDeeds(context: FilesContext, showMenu: (entry: Entry) => void): KeyDeeds {
  const { shown, place, choose, canChange, setRenaming, setSearch } = context
  const withEntry = (act: (entry: Entry) => void) => (name: string) => {
    const entry = shown.find((one) => one.name === name)
    if (entry) act(entry)
  }
  return {
    choose: (selection) => choose(selection),
    open: withEntry((entry) => openEntry(context, entry)),
    rename: (name) => canChange && setRenaming(name),
    trash: () => void trashChosen(context),
    clip: (isCut) => clip(context, isCut),
    up() {
      if (place.path === '') return
      choose(only(nameOf(place.path)))
      place.go(parentOf(place.path))
    },
    turn: place.turn,
    find: () => setSearch(''),
    menu: withEntry(showMenu),
  }
}
