/** The dock: every part a tap away, a dot under those that are open. */
import type { Me } from '../../src/protocol.ts'
import { focusWindow, minimiseWindow, openPart, windows } from './desk.ts'
import { offered } from './parts.ts'
import { useStore } from './store.ts'
import { frontOf } from './windows/model.ts'

export function Dock({ me }: { me: Me }) {
  const all = useStore(windows)
  const front = frontOf(all)
  return (
    <nav className="dock" aria-label="Parts">
      {offered(me).map(({ id, title, Icon }) => {
        const own = all.filter((win) => win.part === id)
        const last = own.at(-1)
        return (
          <button
            key={id}
            type="button"
            aria-label={title}
            data-open={own.length > 0}
            aria-current={front?.part === id}
            onClick={() => {
              if (!last) openPart({ part: id })
              else if (last === front) minimiseWindow(last.id)
              else focusWindow(last.id)
            }}
          >
            <Icon />
          </button>
        )
      })}
    </nav>
  )
}
