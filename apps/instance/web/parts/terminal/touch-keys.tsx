/** Keys that a phone’s keyboard lacks. Ctrl stays down for the next key. */
import type { PointerEvent } from 'react'
import type { TouchKey } from './keys.ts'

const KEYS: readonly [TouchKey, string, string][] = [
  ['Esc', 'esc', 'Esc'],
  ['Tab', 'tab', 'Tab'],
  ['Left', '←', 'Left'],
  ['Down', '↓', 'Down'],
  ['Up', '↑', 'Up'],
  ['Right', '→', 'Right'],
  ['Home', 'home', 'Home'],
  ['End', 'end', 'End'],
]
const SIGNS = ['/', '-', '|', '~']

export interface TouchKeysProps {
  press: (key: TouchKey) => void
  isControl: boolean
  setIsControl: (isControl: boolean) => void
  onText: (text: string) => void
}

/** The keyboard of the phone would go away with the focus. */
const keepFocus = (event: PointerEvent) => event.preventDefault()

export function TouchKeys({ press, isControl, setIsControl, onText }: TouchKeysProps) {
  return (
    <div className="touch-keys" role="toolbar" aria-label="Keys" onPointerDown={keepFocus}>
      <button
        type="button"
        aria-label="Ctrl, for the next key"
        aria-pressed={isControl}
        onClick={() => setIsControl(!isControl)}
      >
        ctrl
      </button>
      {KEYS.map(([key, label, name]) => (
        <button key={key} type="button" aria-label={name} onClick={() => press(key)}>
          {label}
        </button>
      ))}
      {SIGNS.map((sign) => (
        <button key={sign} type="button" onClick={() => onText(sign)}>
          {sign}
        </button>
      ))}
    </div>
  )
}
