/** The folders of the home, each opened when it is asked for. */
import { type KeyboardEvent, useState } from 'react'
import type { DropTarget } from '../list/drag.ts'
import { isFolder } from '../list/row.tsx'
import { sortEntries, USUAL_ORDER } from '../model/order.ts'
import { isWithin, join } from '../model/path.ts'
import { showName } from '../model/show-name.ts'
import { DownIcon, FolderIcon, ForwardIcon } from '../ui/icons.ts'
import { useFolder } from '../use-folder.ts'

export interface TreeProps {
  label: string
  /** The folder that is shown; `null`: none of them. */
  current: string | null
  isHiddenShown: boolean
  onGo: (path: string) => void
  dropOn?: (path: string) => DropTarget | null
}

export const Tree = (props: TreeProps) => (
  <div className="tree" role="tree" aria-label={props.label} onKeyDown={walk} tabIndex={-1}>
    <Node {...props} path="" name="Home" depth={0} />
  </div>
)

function Node(props: TreeProps & { path: string; name: string; depth: number }) {
  const { path, name, depth, current, isHiddenShown, onGo, dropOn } = props
  const [choice, setChoice] = useState<boolean | null>(null)
  // The way to where one is is open, unless it was closed by hand.
  const isOpen = choice ?? (path === '' || (current !== null && current !== path && isWithin(current, path)))
  const { entries } = useFolder(isOpen ? path : null)
  const inner = sortEntries(
    (entries ?? []).filter((entry) => isFolder(entry) && (isHiddenShown || !entry.name.startsWith('.'))),
    USUAL_ORDER,
  )
  const isCurrent = current === path
  return (
    <>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys. */}
      <div
        role="treeitem"
        className="node"
        aria-level={depth + 1}
        aria-expanded={isOpen}
        aria-selected={isCurrent}
        tabIndex={isCurrent || (current === null && path === '') ? 0 : -1}
        style={{ paddingInlineStart: `${depth * 0.9 + 0.2}rem` }}
        onClick={() => onGo(path)}
        {...dropOn?.(path)}
      >
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys. */}
        {/* biome-ignore lint/a11y/noStaticElementInteractions: it says itself that it is open. */}
        <i
          className="twist"
          onClick={(event) => {
            event.stopPropagation()
            setChoice(!isOpen)
          }}
        >
          {isOpen ? <DownIcon /> : <ForwardIcon />}
        </i>
        <FolderIcon />
        <span>{showName(name)}</span>
      </div>
      {isOpen &&
        inner.map((entry) => (
          <Node
            {...props}
            key={entry.name}
            path={join(path, entry.name)}
            name={entry.name}
            depth={depth + 1}
          />
        ))}
    </>
  )
}

function walk(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=treeitem]')]
  const at = items.findIndex((item) => item.matches(':focus'))
  const item = items[at]
  if (!item) return
  const isOpen = item.ariaExpanded === 'true'
  const twist = () => item.querySelector<HTMLElement>('.twist')?.click()
  if (event.key === 'ArrowDown') items[at + 1]?.focus()
  else if (event.key === 'ArrowUp') items[at - 1]?.focus()
  else if (event.key === 'ArrowRight') isOpen ? items[at + 1]?.focus() : twist()
  else if (event.key === 'ArrowLeft') isOpen ? twist() : items[at - 1]?.focus()
  else if (event.key === 'Enter' || event.key === ' ') item.click()
  else return
  event.preventDefault()
  event.stopPropagation()
}
