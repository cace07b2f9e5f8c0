/** Where one writes: a field that grows, pictures that are dropped in, and the button that sends or stops. */
import { type ClipboardEvent, type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { Image } from '../../../../src/chat/log/entry.ts'
import { LONGEST_MESSAGE, MOST_IMAGES } from '../../../../src/chat/protocol.ts'
import { wordsOf } from '../../files/client/problem.ts'
import { type Draft, draftOf, keepDraft } from '../model/drafts.ts'
import { ACCEPTED, isPicture, keepPicture, pictureAddress } from '../model/pictures.ts'
import { CrossIcon, PictureIcon, SendIcon, StopIcon } from './icons.tsx'
import { isToSend } from './keys.ts'

export interface ComposerProps {
  conversation: string
  isRunning: boolean
  isActive: boolean
  isOffered: boolean
  /** Text to begin with, when it changes: a suggestion, or what was taken back. */
  given: { text: string; images: readonly Image[] } | null
  /** Pictures that were dropped somewhere on the chat. */
  dropped: readonly File[]
  onSay: (draft: Draft) => void
  onStop: () => void
}

export function Composer(props: ComposerProps) {
  const { conversation, isRunning, isActive, isOffered, given, dropped, onSay, onStop } = props
  const field = useRef<HTMLTextAreaElement>(null)
  const [draft, setDraft] = useState(() => draftOf(conversation))
  const { problem, pending, take } = usePictures(conversation, draft.images.length, (image) =>
    setDraft((now) => ({ ...now, images: [...now.images, image] })),
  )
  useEffect(() => keepDraft(conversation, draft), [conversation, draft])
  useEffect(() => {
    if (given) setDraft({ text: given.text, images: [...given.images] })
    if (given) field.current?.focus()
  }, [given])
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was dropped is taken once.
  useEffect(() => void take(dropped), [dropped])
  useEffect(() => {
    if (isActive && matchMedia('(pointer: fine)').matches) field.current?.focus({ preventScroll: true })
  }, [isActive])
  // biome-ignore lint/correctness/useExhaustiveDependencies: it grows with the text.
  useLayoutEffect(() => {
    const it = field.current
    if (!it) return
    it.style.height = 'auto'
    it.style.height = `${it.scrollHeight}px`
  }, [draft.text])

  const isEmpty = draft.text.trim() === '' && draft.images.length === 0
  const send = () => {
    if (isEmpty || pending > 0) return
    onSay(draft)
    setDraft({ text: '', images: [] })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (isToSend(event)) {
      event.preventDefault()
      send()
    }
    if (event.key === 'Escape' && isRunning) {
      event.stopPropagation()
      onStop()
    }
  }
  const onPaste = (event: ClipboardEvent) => {
    const pictures = [...event.clipboardData.files].filter(isPicture)
    if (pictures.length === 0) return
    event.preventDefault()
    void take(pictures)
  }
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {(draft.images.length > 0 || pending > 0) && (
        <ul className="pictures">
          {draft.images.map((image) => (
            <li key={image.name}>
              <img src={pictureAddress(conversation, image)} alt="To be sent" />
              <button
                type="button"
                aria-label="Remove picture"
                onClick={() =>
                  setDraft((now) => ({
                    ...now,
                    images: now.images.filter(({ name }) => name !== image.name),
                  }))
                }
              >
                <CrossIcon />
              </button>
            </li>
          ))}
          {pending > 0 && <li className="pending">Taking it in …</li>}
        </ul>
      )}
      <div className="row">
        <AddPicture isOff={!isOffered} onPick={(files) => void take(files)} />
        <textarea
          ref={field}
          rows={1}
          value={draft.text}
          maxLength={LONGEST_MESSAGE}
          disabled={!isOffered}
          placeholder={isRunning ? 'I’m at work; write on' : 'Ask me anything'}
          aria-label="Message"
          aria-describedby="composer-hint"
          enterKeyHint="enter"
          onChange={({ target: { value } }) => setDraft((now) => ({ ...now, text: value }))}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        {isRunning && isEmpty ? (
          <button type="button" className="go" onClick={onStop} aria-label="Stop" title="Stop (Esc)">
            <StopIcon />
          </button>
        ) : (
          <button
            type="submit"
            className="go"
            disabled={isEmpty || pending > 0 || !isOffered}
            aria-label="Send"
          >
            <SendIcon />
          </button>
        )}
      </div>
      <p className="hint" id="composer-hint">
        <kbd>Enter</kbd> sends, <kbd>Shift Enter</kbd> makes a new line, <kbd>Esc</kbd> stops me
      </p>
    </form>
  )
}

function AddPicture({ isOff, onPick }: { isOff: boolean; onPick: (files: File[]) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        accept={ACCEPTED}
        multiple
        hidden
        onChange={({ target }) => {
          onPick([...(target.files ?? [])])
          target.value = ''
        }}
      />
      <button
        type="button"
        className="add"
        disabled={isOff}
        onClick={() => input.current?.click()}
        aria-label="Add a picture"
        title="Add a picture"
      >
        <PictureIcon />
      </button>
    </>
  )
}

function usePictures(conversation: string, count: number, onImage: (image: Image) => void) {
  const [problem, setProblem] = useState<string | null>(null)
  const [pending, setPending] = useState(0)
  const take = async (files: readonly File[]) => {
    const room = MOST_IMAGES - count - pending
    const pictures = files.filter(isPicture)
    if (files.length > 0) {
      setProblem(
        pictures.length < files.length
          ? 'I can look at JPEG, PNG, WebP and GIF pictures. Put other files into Files, and tell me their names.'
          : pictures.length > room
            ? `I take ${MOST_IMAGES} pictures at once.`
            : null,
      )
    }
    for (const file of pictures.slice(0, Math.max(0, room))) {
      setPending((now) => now + 1)
      await keepPicture(conversation, file).then(onImage, (error) => {
        setProblem(
          error instanceof Error && 'status' in error
            ? wordsOf(error)
            : `${file.name} is no picture that I can read.`,
        )
      })
      setPending((now) => now - 1)
    }
  }
  return { problem, pending, take }
}
