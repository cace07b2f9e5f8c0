/** The state of a window of the files. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { PartProps } from '../../shell/part.ts'
import { useStore } from '../../shell/store.ts'
import { createActs } from './acts.ts'
import type { SearchQuestion } from './client/search.ts'
import type { FilesContext, Picking } from './context.ts'
import { useShownEntries } from './folder-view.tsx'
import { nameOf } from './model/path.ts'
import { NOTHING, only, retain, type Selection } from './model/selection.ts'
import { listSettings } from './model/settings.ts'
import { showName } from './model/show-name.ts'
import { readTarget } from './target.ts'
import type { MenuState } from './ui/menu.tsx'
import type { Toast } from './ui/toast.tsx'
import { useFolder } from './use-folder.ts'
import { useListFocus } from './use-list-focus.ts'
import { TRASH, usePlace } from './use-place.ts'
import { useUploads } from './use-uploads.ts'

/** What lies over the list for a while. */
function useOverlays() {
  const [menu, setMenu] = useState<MenuState | null>(null)
  const [toast, say] = useState<Toast | null>(null)
  const [picking, setPicking] = useState<Picking | null>(null)
  const [renaming, setRenaming] = useState<string | null>(null)
  return { menu, setMenu, toast, say, picking, setPicking, renaming, setRenaming }
}

/** What is chosen, as far as it is still there. */
function useSelection(first: Selection, names: readonly string[], isKnown: boolean) {
  const [kept, setKept] = useState({ selection: first, isChoosing: false })
  const selection = useMemo(
    () => (isKnown ? retain(kept.selection, names) : kept.selection),
    [kept, names, isKnown],
  )
  const choose = useCallback(
    (next: Selection, isChoosing?: boolean) =>
      setKept((so) => ({ selection: next, isChoosing: isChoosing ?? so.isChoosing })),
    [],
  )
  return { selection, isChoosing: kept.isChoosing, choose }
}

function useQuestion(path: string) {
  const [typed, setTyped] = useState<{ query: string; in: SearchQuestion['in']; path: string } | null>(null)
  const question = typed?.path === path ? typed : null
  const setSearch = useCallback(
    (query: string | null) =>
      setTyped((so) => (query === null ? null : { query, in: so?.in ?? 'names', path })),
    [path],
  )
  return { question, setSearch, setQuestion: setTyped }
}

export function useFiles({ target, me, isActive, setTitle, setTarget, open }: PartProps) {
  const [first] = useState(() => readTarget(target))
  const place = usePlace(first.path ?? '')
  const settings = useStore(listSettings)
  const folder = useFolder(place.path === TRASH ? null : place.path)
  const shown = useShownEntries(folder, place.path, settings)
  const names = useMemo(() => shown.map(({ name }) => name), [shown])
  const overlays = useOverlays()
  const { say } = overlays
  const root = useRef<HTMLDivElement>(null)
  const choice = useSelection(
    first.selected === undefined ? NOTHING : only(first.selected),
    names,
    folder.entries !== null,
  )
  const acts = useMemo(() => createActs({ say }), [say])
  const uploads = useUploads(place.path === TRASH ? '' : place.path, say)
  const search = useQuestion(place.path)
  const focusList = useCallback(() => {
    requestAnimationFrame(() => root.current?.querySelector<HTMLElement>('[role=grid]')?.focus())
  }, [])

  useListFocus({ root, isActive, isShown: folder.entries !== null })
  useEffect(() => setTarget({ path: place.path }), [place.path, setTarget])
  useEffect(() => {
    setTitle(place.path === TRASH ? 'Trash' : showName(nameOf(place.path)) || 'Files')
  }, [place.path, setTitle])

  const context: FilesContext = {
    ...{ place, folder, shown, names, ...choice, acts, uploads, open, focusList, ...overlays },
    setSearch: search.setSearch,
    canChange: me.viewer === null,
    hasTerminal: me.viewer === null && me.terminal === 'pty',
  }
  return { context, overlays, settings, search, root }
}
