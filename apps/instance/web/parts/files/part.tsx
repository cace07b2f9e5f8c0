/** Files: the folders of the home, what is in them, and everything that can be done with it. */
import { type ClipboardEvent, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { PartProps } from '../../shell/part.ts'
import { useStore } from '../../shell/store.ts'
import type { FilesContext } from './context.ts'
import { folderDeeds, keyDeeds, paste } from './deeds.ts'
import { FolderView } from './folder-view.tsx'
import { Tree } from './folders/tree.tsx'
import { Footer } from './footer.tsx'
import { onListKey } from './keys.ts'
import { List } from './list/list.tsx'
import { folderMenu, newMenu } from './menus.ts'
import { clipboard } from './model/clipboard.ts'
import { nameOf, parentOf } from './model/path.ts'
import { NOTHING, only } from './model/selection.ts'
import { listSettings } from './model/settings.ts'
import { showName } from './model/show-name.ts'
import { Overlays } from './overlays.tsx'
import { dropOnFolder, rowActs, showEntryMenu } from './row-acts.ts'
import { SearchView } from './search/search-view.tsx'
import type { Match } from './search/use-search.ts'
import { Toolbar } from './toolbar.tsx'
import { TransferPanel } from './transfers/panel.tsx'
import { TrashView } from './trash/trash-view.tsx'
import { TrashIcon } from './ui/icons.ts'
import { useWidth } from './ui/use-width.ts'
import { useFiles } from './use-files.ts'
import { TRASH } from './use-place.ts'
import './styles/index.css'

/** Narrower than this, the folders lie over the list instead of beside it. */
const NARROW = 680

export default function Files(props: PartProps) {
  const { context, overlays, settings, search, root } = useFiles(props)
  const { place, canChange, uploads } = context
  const isNarrow = useWidth(root) < NARROW
  const [isTreeWanted, setIsTreeWanted] = useState<boolean | null>(null)
  const isTreeShown = isTreeWanted ?? !isNarrow
  const latest = useRef(context)
  useLayoutEffect(() => {
    latest.current = context
  })
  const dropOn = (path: string) => (canChange ? dropOnFolder(() => latest.current, path) : null)
  const showMore = (at: { x: number; y: number }) => showFolderMenu(context, at)
  const go = (path: string) => {
    place.go(path)
    context.choose(NOTHING, false)
    if (isNarrow) setIsTreeWanted(null)
  }
  return (
    <div className="files" ref={root} data-narrow={isNarrow} onPaste={(event) => onPaste(event, context)}>
      <Toolbar
        {...{ place: { ...place, go }, isNarrow, isTreeShown, canChange, dropOn }}
        search={search.question?.query ?? null}
        onSearch={(query) => (query === null ? endSearch(context) : context.setSearch(query))}
        onTree={() => setIsTreeWanted(!isTreeShown)}
        onNew={(at) => context.setMenu({ title: 'New', at, items: newMenu(folderDeeds(context)) })}
        onMore={showMore}
      />
      <div className="body">
        {isTreeShown && <Side {...{ context, isNarrow, go, dropOn }} onClose={() => setIsTreeWanted(null)} />}
        <div
          className="main"
          {...(place.path === TRASH ? null : dropOn(place.path))}
          data-place={nameOf(place.path) || 'Home'}
        >
          <Main {...{ context, overlays, settings, search, latest, showMore }} />
        </div>
        <Overlays context={context} overlays={overlays} />
      </div>
      {!search.question && <Footer context={context} />}
      <TransferPanel />
      <input
        ref={uploads.filePicker}
        type="file"
        multiple
        hidden
        onChange={({ target }) => uploads.picked(target)}
      />
      <input
        ref={uploads.folderPicker}
        type="file"
        {...{ webkitdirectory: '' }}
        hidden
        onChange={({ target }) => uploads.picked(target)}
      />
    </div>
  )
}

type Shared = ReturnType<typeof useFiles>

interface MainProps extends Pick<Shared, 'context' | 'overlays' | 'settings' | 'search'> {
  latest: { current: FilesContext }
  showMore: (at: { x: number; y: number }) => void
}

function Main({ context, overlays, settings, search, latest, showMore }: MainProps) {
  const { place, folder, shown, selection, canChange } = context
  const clipped = useStore(clipboard)
  const now = useMemo(() => new Date(), [])
  const acts = useMemo(() => rowActs(() => latest.current), [latest])
  const cut = useMemo(
    () =>
      new Set(clipped.isCut ? clipped.paths.filter((path) => parentOf(path) === place.path).map(nameOf) : []),
    [clipped, place.path],
  )
  if (place.path === TRASH)
    return <TrashView {...{ canChange, now, say: context.say }} onShow={(path) => show(context, path)} />
  if (search.question) {
    return (
      <SearchView
        question={search.question}
        onQuestion={search.setQuestion}
        folderName={place.path === '' ? 'your home' : `“${showName(nameOf(place.path))}”`}
        onOpen={(match) => openMatch(context, match)}
        onEnd={() => endSearch(context)}
      />
    )
  }
  const deeds = folderDeeds(context)
  return (
    <FolderView
      {...{ folder, shown, canChange }}
      onHome={() => place.go('')}
      onUpload={deeds.uploadFiles}
      onShowHidden={() => deeds.setHiddenShown(true)}
    >
      <List
        label={`Files in ${showName(nameOf(place.path)) || 'Home'}`}
        entries={shown}
        order={settings.order}
        renaming={overlays.renaming}
        canDrag={canChange}
        shown={overlays.renaming ?? selection.cursor}
        {...{ selection, cut, now, acts }}
        onOrder={deeds.setOrder}
        onKey={(event, rows) =>
          onListKey(
            event,
            { names: context.names, selection, rows },
            keyDeeds(context, (entry) => showEntryMenu(context, entry, middleOf(event.currentTarget))),
          )
        }
        onNothing={(event) => {
          if (event.type === 'contextmenu') {
            event.preventDefault()
            showMore({ x: event.clientX, y: event.clientY })
          } else context.choose(NOTHING, false)
        }}
      />
    </FolderView>
  )
}

interface SideProps extends Pick<Shared, 'context'> {
  isNarrow: boolean
  go: (path: string) => void
  dropOn: (path: string) => ReturnType<typeof dropOnFolder> | null
  onClose: () => void
}

const Side = ({ context, isNarrow, go, dropOn, onClose }: SideProps) => (
  <>
    {isNarrow && <button type="button" className="shade" aria-label="Close the folders" onClick={onClose} />}
    <aside className="side" aria-label="Folders">
      <Tree
        label="Folders"
        current={context.place.path === TRASH ? null : context.place.path}
        isHiddenShown={listSettings.get().isHiddenShown}
        onGo={go}
        dropOn={dropOn}
      />
      {context.canChange && (
        <button
          type="button"
          className="node"
          aria-current={context.place.path === TRASH ? 'page' : undefined}
          onClick={() => go(TRASH)}
        >
          <TrashIcon />
          <span>Trash</span>
        </button>
      )}
    </aside>
  </>
)

function showFolderMenu(context: FilesContext, at: { x: number; y: number }): void {
  const { order, isHiddenShown } = listSettings.get()
  const canPaste = context.canChange && clipboard.get().paths.length > 0
  const options = { canChange: context.canChange, canPaste, order, isHiddenShown }
  context.setMenu({ title: 'This folder', at, items: folderMenu(options, folderDeeds(context)) })
}

const middleOf = (element: Element) => {
  const { left, top, width, height } = element.getBoundingClientRect()
  return { x: left + width / 3, y: top + height / 4 }
}

function show({ place, choose }: FilesContext, path: string): void {
  place.go(parentOf(path))
  choose(only(nameOf(path)))
}

function endSearch({ setSearch, focusList }: FilesContext): void {
  setSearch(null)
  focusList()
}

/** A match in a name is shown where it lies; one in the content, at its line. */
function openMatch(context: FilesContext, { path, kind, line }: Match): void {
  if (line !== undefined) {
    context.open({ part: 'editor', target: { path, line } })
    return
  }
  endSearch(context)
  if (kind === 'folder') context.place.go(path)
  else show(context, path)
}

function onPaste(event: ClipboardEvent, context: FilesContext): void {
  const { target, clipboardData } = event
  if (!context.canChange || context.place.path === TRASH || target instanceof HTMLInputElement) return
  event.preventDefault()
  if (!context.uploads.pasted(clipboardData)) void paste(context)
}
