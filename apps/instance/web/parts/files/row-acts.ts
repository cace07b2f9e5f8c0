/** What the rows of a list do. Made once for a window, so that rows are drawn anew only where they change. */
import type { MouseEvent } from 'react'
import type { Entry } from '../../../src/files/api/protocol.ts'
import { chosenPaths, type FilesContext } from './context.ts'
import { entryDeeds, openEntry } from './deeds.ts'
import { dropTarget, startDrag } from './list/drag.ts'
import { isFolder, type RowActs } from './list/row.tsx'
import { entryMenu } from './menus.ts'
import { join } from './model/path.ts'
import { choose, only } from './model/selection.ts'

const isTouch = ({ nativeEvent }: MouseEvent) =>
  nativeEvent instanceof PointerEvent && nativeEvent.pointerType === 'touch'

/** What was not chosen before is chosen alone. */
function withChosen(context: FilesContext, { name }: Entry): FilesContext {
  if (context.selection.chosen.has(name)) return context
  const selection = only(name)
  context.choose(selection)
  return { ...context, selection }
}

export function showEntryMenu(context: FilesContext, entry: Entry, at: { x: number; y: number }): void {
  const now = withChosen(context, entry)
  const { size } = now.selection.chosen
  const title = size === 1 ? entry.name : `${size} items`
  now.setMenu({ title, at, items: entryMenu(entry, size, now.canChange, entryDeeds(now)) })
}

export function dropOnFolder(context: () => FilesContext, folder: string) {
  return dropTarget({
    folder,
    onOwn(paths, to, isCopy) {
      const { acts, folder: shown } = context()
      void (isCopy ? acts.copy(paths, to) : acts.move(paths, to)).then(shown.refresh)
    },
    onFiles: (data, to) => context().uploads.dropped(data, to),
  })
}

export function rowActs(context: () => FilesContext): RowActs {
  return {
    onChoose(entry, event) {
      const now = context()
      const isToggle = event.ctrlKey || event.metaKey
      if (isTouch(event) && !now.isChoosing) return openEntry(now, entry)
      const keys = { isToggle: isToggle || now.isChoosing, isRange: event.shiftKey }
      const next = choose(now.selection, now.names, entry.name, keys)
      now.choose(next, now.isChoosing && next.chosen.size > 0)
    },
    onOpen(entry) {
      if (!context().isChoosing) openEntry(context(), entry)
    },
    onMenu: (entry, at) => showEntryMenu(context(), entry, at),
    onHold(entry) {
      const { selection, names } = context()
      navigator.vibrate?.(10)
      context().choose(choose(selection, names, entry.name, { isToggle: true, isRange: false }), true)
    },
    onRename(entry, name) {
      const { acts, place, folder, choose: set, setRenaming, focusList } = context()
      setRenaming(null)
      focusList()
      if (name === null) return
      void acts.rename(join(place.path, entry.name), name).then((path) => {
        if (path !== null) set(only(name))
        folder.refresh()
      })
    },
    onDragStart(entry, data) {
      startDrag(data, chosenPaths(withChosen(context(), entry)))
    },
    dropOn(entry) {
      const { canChange, place } = context()
      return canChange && isFolder(entry) ? dropOnFolder(context, join(place.path, entry.name)) : null
    },
  }
}
