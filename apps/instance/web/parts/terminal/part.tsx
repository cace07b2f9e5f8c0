/** The terminal: tabs, the glass, and what a person needs around it. */
import { useEffect, useRef, useState } from 'react'
import type { SessionInfo } from '../../../src/terminal/protocol.ts'
import type { PartProps } from '../../shell/part.ts'
import { useStore } from '../../shell/store.ts'
import { Confirm } from '../../shell/windows/confirm.tsx'
import { FindBar } from './find-bar.tsx'
import * as hub from './hub.ts'
import { sequenceOf, type TouchKey, withControl } from './keys.ts'
import { Menu } from './menu.tsx'
import { nameOf } from './names.ts'
import type { Screen } from './screen.ts'
import { settings } from './settings.ts'
import { Stage } from './stage.tsx'
import { Status } from './status.tsx'
import { Tabs } from './tabs.tsx'
import { THEMES } from './themes.ts'
import { TouchKeys } from './touch-keys.tsx'
import { useActive } from './use-active.ts'
import './terminal.css'
import './menu.css'
import './strips.css'

/** A sentence to confirm by, and what is done then. */
interface Question {
  text: string
  action: string
  confirm: () => void
}

export default function Terminal(props: PartProps) {
  const { me, open } = props
  if (me.terminal === 'pty') return <Terminals {...props} />
  return (
    <div className="terminal-none">
      <p>{me.consoleReason ?? 'There is no terminal here.'}</p>
      <button type="button" className="button" onClick={() => open({ part: 'console' })}>
        Open the console
      </button>
    </div>
  )
}

function Terminals({ target, isActive, setTitle, setTarget, onBeforeClose, close }: PartProps) {
  const list = useStore(hub.sessions) ?? []
  const root = useRef<HTMLDivElement>(null)
  const screens = useRef(new Map<string, Screen>())
  const { active, opened, show, openNew } = useActive({ target, setTarget, close, root })
  const [isFinding, setIsFinding] = useState(false)
  const [copied, setCopied] = useState(0)
  const session = list.find(({ id }) => id === active)
  const screen = () => (active === null ? undefined : screens.current.get(active))
  const focus = () => screen()?.focus()
  const { dialog, askToClose, askToPaste } = useQuestions({ list, screen })
  const keys = useControl(active, () => setCopied(0))
  useWindow(onBeforeClose)

  const { theme } = useStore(settings)
  const name = session ? nameOf(session) : null
  useEffect(() => setTitle(name === null ? 'Terminal' : `${name} · Terminal`), [name, setTitle])
  const endFinding = () => {
    setIsFinding(false)
    focus()
  }
  return (
    <div className="terminal" ref={root}>
      <div className="top">
        <Tabs {...{ list, active, show, openNew }} onClose={askToClose} />
        <Menu
          {...{ session, list }}
          onFind={() => setIsFinding(true)}
          onClose={askToClose}
          onPaste={(text) => screen()?.tryPaste(text)}
          onCopy={() => screen()?.selection() ?? ''}
        />
      </div>
      {isFinding && <FindBar screen={screen} key={active} onClose={endFinding} />}
      <div className="glass-area" style={{ background: THEMES[theme].colours.background }}>
        {list
          .filter(({ id }) => opened.has(id))
          .map(({ id }) => (
            <Stage
              key={id}
              session={id}
              isShown={id === active}
              isActive={isActive && id === active}
              screens={screens.current}
              onType={keys.type}
              onAsk={askToPaste}
              onCopied={setCopied}
              onFind={() => setIsFinding(true)}
            />
          ))}
      </div>
      <Status {...{ session, copied }} onClose={askToClose} onDone={focus} />
      <TouchKeys
        press={(key) => keys.press(key, screen()?.isApplication ?? false)}
        onText={(text) => keys.type(text, false)}
        isControl={keys.isControl}
        setIsControl={keys.setIsControl}
      />
      {dialog}
    </div>
  )
}

/** What is typed, and the Ctrl of the row of keys, which stays down for the next one. */
function useControl(active: string | null, onTyped: () => void) {
  const [isControl, setIsControl] = useState(false)
  const send = (data: string, isBinary: boolean) => {
    if (active === null) return
    hub.trouble.set(null)
    onTyped()
    hub.typeInto(active, data, isBinary)
    setIsControl(false)
  }
  return {
    isControl,
    setIsControl,
    type: (data: string, isBinary: boolean) =>
      send(isControl && !isBinary ? withControl(data) : data, isBinary),
    press: (key: TouchKey, isApplication: boolean) => send(sequenceOf(key, isApplication, isControl), false),
  }
}

interface QuestionsOptions {
  list: readonly SessionInfo[]
  screen: () => Screen | undefined
}

/** Asks before a program is ended, and before lines are pasted that would run at once. */
function useQuestions({ list, screen }: QuestionsOptions) {
  const [question, setQuestion] = useState<Question | null>(null)
  const current = useRef(screen)
  current.current = screen
  const wasAsked = useRef(false)
  useEffect(() => {
    // Only once the dialog is gone can anything else have the focus.
    if (question === null && wasAsked.current) current.current()?.focus()
    wasAsked.current = question !== null
  }, [question])
  const settle = (isConfirmed: boolean) => {
    if (isConfirmed) question?.confirm()
    setQuestion(null)
  }
  return {
    askToClose(id: string) {
      const program = list.find((one) => one.id === id)?.program
      if (!program) return hub.close(id)
      const text = `${program} is running in this terminal. Closing it ends ${program}.`
      setQuestion({ text, action: 'Close and end it', confirm: () => hub.close(id) })
    },
    askToPaste(lines: number, text: string) {
      const words =
        lines === 1 ? 'Paste a line? It runs at once.' : `Paste ${lines} lines? Each runs at once.`
      setQuestion({ text: words, action: 'Paste', confirm: () => screen()?.paste(text) })
    },
    dialog: question && (
      <Confirm
        question={question.text}
        action={question.action}
        onConfirm={() => settle(true)}
        onCancel={() => settle(false)}
      />
    ),
  }
}

/** Closing the window ends shells that wait, and nothing that runs: that is here when the terminal opens again. */
function useWindow(onBeforeClose: PartProps['onBeforeClose']): void {
  const isClosing = useRef(false)
  useEffect(() => {
    onBeforeClose(() => {
      isClosing.current = true
      return null
    })
    const leave = hub.enter()
    return () => leave(isClosing.current)
  }, [onBeforeClose])
}
