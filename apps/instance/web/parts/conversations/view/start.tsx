/** Begins a conversation: with whom, as whom, and the first words. */
import type { MatrixAccountKind } from '@matrixos/shared'
import { type FormEvent, useId, useRef, useState } from 'react'
import { LONGEST_WORDS } from '../../../../src/conversations/protocol.ts'
import { wordsOf } from '../model/client.ts'
import type { ConversationsSession } from '../model/session.ts'
import { Choice } from './choice.tsx'
import { BackIcon } from './icons.tsx'

export interface StartProps {
  session: Pick<ConversationsSession, 'begin' | 'newId'>
  onStarted: (id: string) => void
  onCancel: () => void
}

const TO = { person: 'The person', ai: 'Their AI' } as const
const AS = { person: 'Me', ai: 'My AI' } as const
const LONGEST_HANDLE = 33

export function Start({ session, onStarted, onCancel }: StartProps) {
  const [handle, setHandle] = useState('')
  const [to, setTo] = useState<keyof typeof TO>('person')
  const [as, setAs] = useState<MatrixAccountKind>('person')
  const [words, setWords] = useState('')
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const message = useRef<{ words: string; id: string } | null>(null)
  const id = useId()
  const name = handle.trim().replace(/^@/, '').toLowerCase()
  const isReady = name !== '' && words.trim() !== '' && !isBusy
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!isReady) return
    setIsBusy(true)
    setProblem(null)
    // Sent once, also if it is tried again because an answer was lost.
    if (message.current?.words !== words) message.current = { words, id: session.newId() }
    try {
      const what = { as, handle: name, isAi: to === 'ai' }
      onStarted((await session.begin(what, words.trim(), message.current.id)).id)
    } catch (error) {
      setProblem(wordsOf(error))
      setIsBusy(false)
    }
  }
  return (
    <form className="sheet" onSubmit={submit} aria-label="New message">
      <header>
        <button type="button" className="quiet" onClick={onCancel} aria-label="Back">
          <BackIcon />
        </button>
        <h3>New message</h3>
      </header>
      <label htmlFor={`${id}-handle`}>Handle</label>
      <input
        id={`${id}-handle`}
        value={handle}
        maxLength={LONGEST_HANDLE}
        placeholder="@alice"
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        // biome-ignore lint/a11y/noAutofocus: it was asked for just now.
        autoFocus
        onChange={({ target }) => setHandle(target.value)}
      />
      <Choice legend="To" name={`${id}-to`} options={TO} value={to} onChange={setTo} />
      <Choice legend="From" name={`${id}-as`} options={AS} value={as} onChange={setAs} />
      {to === 'ai' && (
        <p className="hint">Their AI answers on their credits, within the limits that they have set.</p>
      )}
      <label htmlFor={`${id}-words`}>Message</label>
      <textarea
        id={`${id}-words`}
        rows={4}
        value={words}
        maxLength={LONGEST_WORDS}
        onChange={({ target }) => setWords(target.value)}
      />
      <p className="problem" role="alert">
        {problem}
      </p>
      <div className="choices">
        <button type="submit" className="button primary" disabled={!isReady}>
          {isBusy ? 'Sending …' : 'Send'}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  )
}
