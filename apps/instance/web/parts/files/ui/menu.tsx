/** A menu: where the pointer is, or below its button; on a phone a sheet from below. */
import { type ComponentType, type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import { useMedia } from '../../../ui/use-media.ts'

export interface MenuItem {
  label: string
  Icon?: ComponentType
  /** As the keyboard has it, for the eye alone. */
  shortcut?: string
  isDangerous?: boolean
  isChecked?: boolean
  /** A line above it. */
  startsGroup?: boolean
  run: () => void
}

export interface MenuState {
  title: string
  at: { x: number; y: number }
  items: readonly MenuItem[]
}

/** Where a menu hangs below what opens it. */
export function below(element: Element): MenuState['at'] {
  const { left, bottom } = element.getBoundingClientRect()
  return { x: left, y: bottom + 4 }
}

const SHEET = '(max-width: 52rem)'
const MARGIN = 8

export function Menu({ menu, onClose }: { menu: MenuState; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const isSheet = useMedia(SHEET)
  const { x, y } = menu.at
  useEffect(() => {
    dialog.current?.showModal()
    dialog.current?.querySelector('button')?.focus({ preventScroll: true })
  }, [])
  useLayoutEffect(() => {
    const element = dialog.current
    if (!element) return
    if (!element.open) element.showModal()
    const { width, height } = element.getBoundingClientRect()
    element.style.left = isSheet ? '' : `${Math.max(MARGIN, Math.min(x, innerWidth - width - MARGIN))}px`
    element.style.top = isSheet ? '' : `${Math.max(MARGIN, Math.min(y, innerHeight - height - MARGIN))}px`
  }, [isSheet, x, y])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog.
    <dialog
      className={isSheet ? 'menu sheet' : 'menu'}
      ref={dialog}
      aria-label={menu.title}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      onContextMenu={(event) => event.preventDefault()}
    >
      {isSheet && <p className="menu-title">{menu.title}</p>}
      <div role="menu" aria-label={menu.title} tabIndex={-1} onKeyDown={walk}>
        {menu.items.map((item) => (
          <Item
            key={item.label}
            item={item}
            onRun={() => {
              onClose()
              item.run()
            }}
          />
        ))}
      </div>
    </dialog>
  )
}

const Item = ({ item, onRun }: { item: MenuItem; onRun: () => void }) => (
  <button
    type="button"
    {...(item.isChecked === undefined
      ? { role: 'menuitem' }
      : { role: 'menuitemradio', 'aria-checked': item.isChecked })}
    className={item.startsGroup ? 'first' : undefined}
    data-danger={item.isDangerous}
    tabIndex={-1}
    onClick={onRun}
    onPointerMove={(event) => event.currentTarget.focus({ preventScroll: true })}
  >
    <i>{item.Icon && <item.Icon />}</i>
    <span>{item.label}</span>
    {item.shortcut && <kbd aria-hidden>{item.shortcut}</kbd>}
  </button>
)

function walk(event: KeyboardEvent<HTMLElement>): void {
  const items = [...event.currentTarget.querySelectorAll('button')]
  const at = items.findIndex((item) => item.matches(':focus'))
  const to =
    event.key === 'ArrowDown'
      ? (at + 1) % items.length
      : event.key === 'ArrowUp'
        ? (at - 1 + items.length) % items.length
        : event.key === 'Home'
          ? 0
          : event.key === 'End'
            ? items.length - 1
            : null
  if (to !== null) {
    items[to]?.focus()
    event.preventDefault()
  } else if (event.key === 'Tab') event.preventDefault()
  event.stopPropagation()
}
