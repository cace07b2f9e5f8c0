/** Above the list: the way back, where one is, search, and what is new. */
import { Crumbs } from './folders/crumbs.tsx'
import type { DropTarget } from './list/drag.ts'
import { onSearchKey } from './search/keys.ts'
import { BackIcon, CloseIcon, ForwardIcon, MoreIcon, PlusIcon, SearchIcon, TreeIcon } from './ui/icons.ts'
import { below } from './ui/menu.tsx'
import { Tool } from './ui/tool.tsx'
import { type Place, TRASH } from './use-place.ts'

export interface ToolbarProps {
  place: Place
  isNarrow: boolean
  isTreeShown: boolean
  canChange: boolean
  search: string | null
  onSearch: (query: string | null) => void
  onTree: () => void
  onNew: (at: { x: number; y: number }) => void
  onMore: (at: { x: number; y: number }) => void
  dropOn: (path: string) => DropTarget | null
}

export function Toolbar(props: ToolbarProps) {
  const { place, isNarrow, isTreeShown, canChange, search, onSearch, onTree, onNew, onMore, dropOn } = props
  const isTrash = place.path === TRASH
  return (
    <div className="toolbar" role="toolbar" aria-label="Files">
      <Tool
        label={isTreeShown ? 'Hide folders' : 'Show folders'}
        Icon={TreeIcon}
        aria-pressed={isTreeShown}
        onClick={onTree}
      />
      <Tool label="Back" Icon={BackIcon} disabled={!place.canGoBack} onClick={() => place.turn(-1)} />
      {!isNarrow && (
        <Tool
          label="Forward"
          Icon={ForwardIcon}
          disabled={!place.canGoForward}
          onClick={() => place.turn(1)}
        />
      )}
      {(search === null || !isNarrow) &&
        (isTrash ? (
          <b className="where">Trash</b>
        ) : (
          <Crumbs path={place.path} onGo={place.go} dropOn={dropOn} />
        ))}
      {search !== null && <SearchField {...props} query={search} />}
      {search === null && !isTrash && <Tool label="Search" Icon={SearchIcon} onClick={() => onSearch('')} />}
      {!isTrash && canChange && (
        <Tool
          label="New"
          Icon={PlusIcon}
          aria-haspopup="menu"
          isWordy={!isNarrow}
          onClick={(event) => onNew(below(event.currentTarget))}
        />
      )}
      {!isTrash && (
        <Tool
          label="More"
          Icon={MoreIcon}
          aria-haspopup="menu"
          onClick={(event) => onMore(below(event.currentTarget))}
        />
      )}
    </div>
  )
}

const SearchField = ({ query, onSearch }: ToolbarProps & { query: string }) => (
  <search className="search-field">
    <SearchIcon />
    <input
      type="search"
      value={query}
      aria-label="Search in this folder"
      placeholder="Name or words"
      spellCheck={false}
      autoComplete="off"
      // biome-ignore lint/a11y/noAutofocus: it appears because somebody wants to type into it.
      autoFocus
      onChange={({ target }) => onSearch(target.value)}
      onKeyDown={(event) => onSearchKey(event, () => onSearch(null))}
    />
    <Tool label="End the search" Icon={CloseIcon} onClick={() => onSearch(null)} />
  </search>
)
