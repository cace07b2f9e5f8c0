/** What somebody said: their words and pictures, to be changed, with the branches that came of it. */
import { useState } from 'react'
import type { Said } from '../../../../src/chat/log/tree.ts'
import { pictureAddress } from '../model/pictures.ts'
import type { ChatActs } from './acts.ts'
import { Branches, type BranchesProps } from './branches.tsx'
import { EditIcon } from './icons.tsx'
import { isToSend } from './keys.ts'

export interface MessageProps extends BranchesProps {
  said: Said
  conversation: string
  /** While an answer is under way, nothing is changed. */
  isBusy: boolean
  acts: ChatActs
}

export function Message({ said, conversation, isBusy, acts, ...branches }: MessageProps) {
  const [isEditing, setIsEditing] = useState(false)
  const { text, images, from, parent } = said
  if (isEditing) {
    return (
      <EditForm
        text={text}
        onCancel={() => setIsEditing(false)}
        onSave={(changed) => {
          setIsEditing(false)
          acts.say({ text: changed, images, parent })
        }}
      />
    )
  }
  return (
    <article className="said" aria-label="You">
      {from && <p className="from">through {from.name}</p>}
      {images.length > 0 && <Pictures conversation={conversation} images={images} />}
      {text !== '' && <p className="text">{text}</p>}
      <div className="actions">
        <Branches {...branches} />
        {!from && (
          <button
            type="button"
            disabled={isBusy}
            onClick={() => setIsEditing(true)}
            aria-label="Edit message"
            title="Edit"
          >
            <EditIcon />
          </button>
        )}
      </div>
    </article>
  )
}

export const Pictures = ({ conversation, images }: { conversation: string; images: Said['images'] }) => (
  <ul className="pictures">
    {images.map((image) => (
      <li key={image.name}>
        <a href={pictureAddress(conversation, image)} target="_blank" rel="noopener noreferrer">
          <img
            src={pictureAddress(conversation, image)}
            alt="What you sent"
            width={image.width}
            height={image.height}
            loading="lazy"
          />
        </a>
      </li>
    ))}
  </ul>
)

interface EditFormProps {
  text: string
  onSave: (text: string) => void
  onCancel: () => void
}

function EditForm({ text, onSave, onCancel }: EditFormProps) {
  const [changed, setChanged] = useState(text)
  return (
    <form
      className="edit"
      onSubmit={(event) => {
        event.preventDefault()
        if (changed.trim() !== '') onSave(changed)
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation()
          onCancel()
        }
        // On its buttons the key presses them.
        if (event.target instanceof HTMLTextAreaElement && isToSend(event)) {
          event.preventDefault()
          event.currentTarget.requestSubmit()
        }
      }}
    >
      <textarea
        aria-label="Edit message"
        // biome-ignore lint/a11y/noAutofocus: it was asked for just now.
        autoFocus
        rows={Math.min(12, changed.split('\n').length + 1)}
        value={changed}
        onChange={(event) => setChanged(event.target.value)}
      />
      <div className="choices">
        <button type="submit" className="yes" disabled={changed.trim() === ''}>
          Send
        </button>
        <button type="button" onClick={onCancel}>
          Cancel
        </button>
        <span>What was answered before is kept as another branch.</span>
      </div>
    </form>
  )
}
