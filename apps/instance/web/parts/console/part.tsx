/** The built-in console: a log, a prompt, and a row of keys for those who have none. */
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Me } from '../../../src/protocol.ts'
import type { PartProps } from '../../shell/part.ts'
import { useStore } from '../../shell/store.ts'
import { createPromptKeys, type PromptKeys } from './keys.ts'
import { createConsoleSession, type Line } from './session.ts'
import './console.css'

const SUGGESTED = ['help', 'ls', 'tree', 'cat README.md']

export default function Console({ me, isActive }: PartProps) {
  const input = useRef<HTMLInputElement>(null)
  const [session] = useState(createConsoleSession)
  const [keys] = useState(() => createPromptKeys(session, () => input.current))
  const { lines, folder } = useStore(session.view)
  useEffect(() => session.start(keys), [session, keys])
  useEffect(() => {
    if (isActive && matchMedia('(pointer: fine)').matches) input.current?.focus({ preventScroll: true })
  }, [isActive])
  const run = (line: string) => {
    session.run(line)
    input.current?.focus({ preventScroll: true })
  }
  return (
    <div className="console">
      {me.consoleReason && !me.viewer && <p className="why">{me.consoleReason}</p>}
      <Scroll lines={lines} onRest={() => input.current?.focus({ preventScroll: true })}>
        <form
          className="prompt"
          onSubmit={(event) => {
            event.preventDefault()
            const field = input.current
            if (!field) return
            run(field.value)
            field.value = ''
          }}
        >
          <label htmlFor="console-input">
            <b className="who">{me.handle}</b> <span id="console-cwd">{folder}</span>{' '}
            <i aria-hidden="true">›</i>
          </label>
          <input
            {...PLAIN}
            id="console-input"
            ref={input}
            aria-label="Command"
            aria-describedby="console-hint"
            onKeyDown={(event) => keys.down(event.nativeEvent)}
          />
        </form>
      </Scroll>
      <Keys me={me} keys={keys} run={run} />
    </div>
  )
}

/** A field for commands, not for prose. */
const PLAIN = {
  type: 'text',
  autoComplete: 'off',
  autoCapitalize: 'none',
  autoCorrect: 'off',
  spellCheck: false,
  enterKeyHint: 'send',
} as const

interface ScrollProps {
  lines: readonly Line[]
  /** A click that selected nothing. */
  onRest: () => void
  children: ReactNode
}

function Scroll({ lines, onRest, children }: ScrollProps) {
  const scroll = useRef<HTMLDivElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each line that is printed.
  useLayoutEffect(() => {
    const element = scroll.current
    if (element) element.scrollTop = element.scrollHeight
  }, [lines])
  return (
    // biome-ignore lint/a11y: the prompt itself takes keys; a click anywhere leads there, as in every terminal.
    <div className="scroll" ref={scroll} onClick={() => getSelection()?.isCollapsed && onRest()}>
      <div id="console-log" role="log" aria-live="polite" aria-label="Output">
        {lines.map((line) => (
          <Printed key={line.id} line={line} />
        ))}
      </div>
      {children}
    </div>
  )
}

function Printed({ line: { kind, text, folder } }: { line: Line }) {
  if (kind === 'output' || kind === 'failed') return <pre className={kind}>{text}</pre>
  if (kind !== 'typed') return <p className={kind}>{text}</p>
  return (
    <p className="typed">
      <b>{folder}</b>
      <i> › </i>
      <span>{text}</span>
    </p>
  )
}

interface KeysProps {
  me: Me
  keys: PromptKeys
  run: (line: string) => void
}

const Keys = ({ me, keys, run }: KeysProps) => (
  <div className="keys">
    {SUGGESTED.map((line) => (
      <button key={line} type="button" onClick={() => run(line)}>
        {line}
      </button>
    ))}
    <span className="touch">
      <button type="button" aria-label="Tab: complete the name" onClick={() => keys.press('Tab')}>
        tab
      </button>
      <button type="button" aria-label="Earlier command" onClick={() => keys.press('ArrowUp')}>
        ↑
      </button>
      <button type="button" aria-label="Later command" onClick={() => keys.press('ArrowDown')}>
        ↓
      </button>
    </span>
    <p className="hint" id="console-hint">
      {me.viewer ? (
        'You can look around. Only the owner can change files.'
      ) : (
        <>
          <kbd>Tab</kbd> completes, <kbd>Esc</kbd> then <kbd>Tab</kbd> leaves, <kbd>Ctrl+C</kbd> clears
        </>
      )}
    </p>
  </div>
)
