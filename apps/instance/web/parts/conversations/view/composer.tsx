/** Where one writes: a field that grows, whose words are kept until they are sent. */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { LONGEST_WORDS } from '../../../../src/conversations/protocol.ts'
import { isToSend } from '../../chat/view/keys.ts'
import { draftOf, keepDraft } from '../model/drafts.ts'
import { SendIcon } from './icons.tsx'

export interface ComposerProps {
  conversation: string
  placeholder: string
  isActive: boolean
  onSay: (words: string) => void
}

export function Composer({ conversation, placeholder, isActive, onSay }: ComposerProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  const [words, setWords] = useState(() => draftOf(conversation))
  useEffect(() => keepDraft(conversation, words), [conversation, words])
  useEffect(() => {
    if (isActive && matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true })
  }, [isActive])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it grows with the text.
  useLayoutEffect(() => {
    const it = field.current
    if (!it) return
    it.style.height = 'auto'
    it.style.height = `${it.scrollHeight}px`
  }, [words])
  const isEmpty = words.trim() === ''
  const send = () => {
    if (isEmpty) return
    onSay(words.trim())
    setWords('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (!isToSend(event)) return
    event.preventDefault()
    send()
  }
  return (
    <form
      className="writing"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        ref={field}
        rows={1}
        value={words}
        maxLength={LONGEST_WORDS}
        placeholder={placeholder}
        aria-label="Message"
        enterKeyHint="enter"
        onChange={({ target: { value } }) => setWords(value)}
        onKeyDown={onKeyDown}
      />
      <button type="submit" className="go" disabled={isEmpty} aria-label="Send">
        <SendIcon />
      </button>
    </form>
  )
}
