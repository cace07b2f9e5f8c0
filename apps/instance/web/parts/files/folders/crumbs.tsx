/** Where one is, and the way up. Where there is little room, the beginning gives way. */
import type { DropTarget } from '../list/drag.ts'
import { crumbsOf } from '../model/path.ts'
import { showName } from '../model/show-name.ts'

export interface CrumbsProps {
  path: string
  onGo: (path: string) => void
  dropOn: (path: string) => DropTarget | null
}

export function Crumbs({ path, onGo, dropOn }: CrumbsProps) {
  const crumbs = crumbsOf(path)
  return (
    <nav className="crumbs" aria-label="Path">
      <ol>
        {crumbs.map((crumb, index) => (
          <li key={crumb.path}>
            <button
              type="button"
              aria-current={index === crumbs.length - 1 ? 'page' : undefined}
              onClick={() => onGo(crumb.path)}
              {...dropOn(crumb.path)}
            >
              {showName(crumb.name)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  )
}
