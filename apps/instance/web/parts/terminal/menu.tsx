/** What can be done with a terminal beyond typing, and how terminals look. */
import { useId, useRef, useState } from 'react'
import type { SessionInfo } from '../../../src/terminal/protocol.ts'
import { useStore } from '../../shell/store.ts'
import { dotIcon } from '../../ui/dot-matrix.tsx'
import * as hub from './hub.ts'
import { nameOf } from './names.ts'
import { changeSettings, LARGEST_FONT, SMALLEST_FONT, settings } from './settings.ts'
import { isThemeName, THEMES } from './themes.ts'

const MoreIcon = dotIcon('.....', '.....', '#.#.#', '.....', '.....')

export interface MenuProps {
  session: SessionInfo | undefined
  list: readonly SessionInfo[]
  onFind: () => void
  onClose: (session: string) => void
  onPaste: (text: string) => void
  /** The text that is selected. */
  onCopy: () => string
}

export function Menu({ session, list, onFind, onClose, onPaste, onCopy }: MenuProps) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const [name, setName] = useState<string | null>(null)
  const shut = () => document.getElementById(id)?.hidePopover()
  const and = (work: () => void) => () => {
    shut()
    work()
  }
  const index = list.findIndex((one) => one.id === session?.id)
  return (
    <>
      <button type="button" className="more" aria-label="More" popoverTarget={id} ref={button}>
        <MoreIcon />
      </button>
      <div
        id={id}
        popover="auto"
        className="terminal-menu"
        onBeforeToggle={({ currentTarget }) => placeBelow(currentTarget, button.current)}
        onToggle={() => setName(null)}
      >
        <div className="row">
          <button type="button" onClick={and(onFind)}>
            Find
          </button>
          <button type="button" onClick={and(() => void navigator.clipboard?.writeText(onCopy()))}>
            Copy
          </button>
          <button
            type="button"
            onClick={and(() => {
              navigator.clipboard
                ?.readText()
                .then(onPaste, () =>
                  hub.trouble.set('Your browser does not let me read the clipboard. Use its own Paste.'),
                )
            })}
          >
            Paste
          </button>
        </div>
        {session && (
          <>
            <label>
              Name
              <input
                value={name ?? nameOf(session)}
                maxLength={80}
                onChange={(event) => setName(event.target.value)}
                onBlur={() => name !== null && hub.rename(session.id, name)}
              />
            </label>
            <div className="row">
              <button type="button" disabled={index <= 0} onClick={() => hub.move(session.id, index - 1)}>
                Move left
              </button>
              <button
                type="button"
                disabled={index === list.length - 1}
                onClick={() => hub.move(session.id, index + 1)}
              >
                Move right
              </button>
              <button type="button" onClick={and(() => onClose(session.id))}>
                Close
              </button>
            </div>
          </>
        )}
        <Looks />
      </div>
    </>
  )
}

function Looks() {
  const { fontSize, theme, isScreenReader } = useStore(settings)
  return (
    <>
      <div className="row">
        <button
          type="button"
          aria-label="Smaller text"
          disabled={fontSize <= SMALLEST_FONT}
          onClick={() => changeSettings({ fontSize: fontSize - 1 })}
        >
          A−
        </button>
        <output aria-label="Size of the text">{fontSize} px</output>
        <button
          type="button"
          aria-label="Larger text"
          disabled={fontSize >= LARGEST_FONT}
          onClick={() => changeSettings({ fontSize: fontSize + 1 })}
        >
          A+
        </button>
      </div>
      <label>
        Colours
        <select
          value={theme}
          onChange={({ target: { value } }) => isThemeName(value) && changeSettings({ theme: value })}
        >
          {Object.entries(THEMES).map(([key, { title }]) => (
            <option key={key} value={key}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={isScreenReader}
          onChange={(event) => changeSettings({ isScreenReader: event.target.checked })}
        />
        Read lines out (screen reader)
      </label>
    </>
  )
}

/** Where there is room; on a phone it lies at the bottom. */
function placeBelow(menu: HTMLElement, button: HTMLElement | null): void {
  menu.style.inset = ''
  if (!button || matchMedia('(max-width: 52rem)').matches) return
  const { bottom, right } = button.getBoundingClientRect()
  menu.style.inset = `${Math.round(bottom + 4)}px ${Math.round(innerWidth - right)}px auto auto`
}
