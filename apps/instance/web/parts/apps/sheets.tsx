/** The sheets of an app's menu: its name, its log, and what it may spend. */

import { APP_NAME_RULE, isAppName } from '@matrixos/shared'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { AppEntry } from '../../../src/apps/protocol.ts'
import { addScrollStop } from '../../ui/scroll-stop.ts'
import { wordsOf } from '../files/client/problem.ts'
import { appsClient } from './client.ts'
import { Dialog } from './dialog.tsx'
import { Permissions } from './permissions.tsx'
import type { OpenSheet } from './use-acts.ts'

export function Sheets({ open: { sheet, app }, onClose }: { open: OpenSheet; onClose: () => void }) {
  if (sheet === 'log') return <Log app={app} onClose={onClose} />
  if (sheet === 'permissions') return <Permissions app={app} onClose={onClose} />
  return (
    <NameDialog
      title={`Rename ${app.title}`}
      about="The name in its address, and of its folder. Links to the old address then lead nowhere."
      label="Name"
      first={app.name}
      action="Rename"
      problemOf={(name) => (isAppName(name) ? null : `Use ${APP_NAME_RULE}.`)}
      onName={(name) => appsClient.rename(app.name, name)}
      onClose={onClose}
    />
  )
}

interface NameDialogProps {
  title: string
  about: ReactNode
  label: string
  first: string
  action: string
  problemOf: (name: string) => string | null
  /** Rejects when it does not work. */
  onName: (name: string) => Promise<unknown>
  onClose: () => void
}

export function NameDialog(props: NameDialogProps) {
  const { title, about, label, first, action, problemOf, onName, onClose } = props
  const [name, setName] = useState(first)
  const [problem, setProblem] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const submit = async () => {
    const wrong = problemOf(name.trim())
    setProblem(wrong)
    if (wrong !== null) return
    setIsBusy(true)
    try {
      await onName(name.trim())
      onClose()
    } catch (error) {
      setProblem(wordsOf(error))
      setIsBusy(false)
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void submit()
        }}
      >
        <p>{about}</p>
        <label className="field">
          <span>{label}</span>
          <input
            autoFocus
            value={name}
            maxLength={60}
            autoComplete="off"
            spellCheck={false}
            onChange={({ target }) => setName(target.value)}
          />
        </label>
        <p className="problem" role="status">
          {problem}
        </p>
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={isBusy}>
            {action}
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function Log({ app, onClose }: { app: AppEntry; onClose: () => void }) {
  const lines = useRef<HTMLElement>(null)
  const [text, setText] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    appsClient.log(app.name).then(
      ({ text: lines }) => setText(lines),
      (error) => setProblem(wordsOf(error)),
    )
  }, [app])
  useEffect(() => (lines.current ? addScrollStop(lines.current) : undefined), [])
  // The newest is at the end.
  useEffect(() => {
    if (text !== null) lines.current?.scrollTo(0, lines.current.scrollHeight)
  }, [text])
  return (
    <Dialog title={`Log of ${app.title}`} onClose={onClose} isWide>
      <section className="log" ref={lines} aria-label="What its server printed">
        {problem ?? (text === '' ? 'It has printed nothing yet.' : (text ?? 'Reading…'))}
      </section>
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  )
}
