/** The conversations: to be looked at, found, named and thrown away. */
import { useEffect, useId, useState } from 'react'
import type { Summary } from '../../../../src/chat/protocol.ts'
import type { ChatView } from '../model/view.ts'
import { BinIcon, CrossIcon, EditIcon, PlusIcon } from './icons.tsx'
import { timeInWords } from './words.ts'

export interface ListProps {
  view: ChatView
  onLook: (conversation: string) => void
  onNew: () => void
  onRename: (conversation: string, title: string) => void
  onDelete: (conversation: string) => void
  onSearch: (query: string) => void
  /** Where it lies over the rest, as on a phone. */
  onClose: () => void
}

const SEARCH_AFTER_MS = 250

export function List(props: ListProps) {
  const { view, onLook, onNew, onSearch, onClose } = props
  const [query, setQuery] = useState('')
  const id = useId()
  const wanted = query.trim()
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again for another query alone.
  useEffect(() => {
    if (wanted === '') return
    const timer = setTimeout(() => onSearch(wanted), SEARCH_AFTER_MS)
    return () => clearTimeout(timer)
  }, [wanted])
  const found = view.found?.query === wanted ? view.found.results : null
  return (
    <nav className="list" aria-label="Conversations">
      <div className="top">
        <button type="button" className="new" onClick={onNew}>
          <PlusIcon /> New
        </button>
        <button type="button" className="close" onClick={onClose} aria-label="Close the list">
          <CrossIcon />
        </button>
      </div>
      <label className="spoken" htmlFor={id}>
        Search conversations
      </label>
      <input
        id={id}
        type="search"
        placeholder="Search"
        value={query}
        onChange={({ target }) => setQuery(target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || query === '') return
          event.stopPropagation()
          setQuery('')
        }}
      />
      {wanted === '' ? (
        <ul>
          {view.list.map((one) => (
            <Row key={one.id} {...props} one={one} />
          ))}
          {view.isGreeted && view.list.length === 0 && (
            <li className="none">Nothing yet. What you ask me is kept here.</li>
          )}
        </ul>
      ) : (
        <ul aria-live="polite">
          {found?.map(({ conversation, title, text }) => (
            <li key={conversation}>
              <button type="button" className="pick" onClick={() => onLook(conversation)}>
                <b>{title || 'Untitled'}</b>
                <span>{text}</span>
              </button>
            </li>
          ))}
          {found?.length === 0 && <li className="none">I find “{wanted}” in none of them.</li>}
        </ul>
      )}
    </nav>
  )
}

function Row({ one, view, onLook, onRename, onDelete }: ListProps & { one: Summary }) {
  const [isNaming, setIsNaming] = useState(false)
  const { id, title, changedAt, isRunning, from } = one
  const name = title || 'Untitled'
  if (isNaming) {
    return (
      <li>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            const value = new FormData(event.currentTarget).get('title')
            if (typeof value === 'string' && value.trim() !== '') onRename(id, value.trim())
            setIsNaming(false)
          }}
        >
          <input
            name="title"
            aria-label="New name"
            // biome-ignore lint/a11y/noAutofocus: it was asked for just now.
            autoFocus
            maxLength={200}
            defaultValue={title}
            onBlur={() => setIsNaming(false)}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return
              event.stopPropagation()
              setIsNaming(false)
            }}
          />
        </form>
      </li>
    )
  }
  return (
    <li data-running={isRunning}>
      <button
        type="button"
        className="pick"
        aria-current={id === view.current ? 'true' : undefined}
        onClick={() => onLook(id)}
      >
        <b>{name}</b>
        <span>
          {isRunning ? 'Answering' : timeInWords(changedAt, new Date())}
          {from !== null && ` · ${from}`}
        </span>
      </button>
      <button type="button" className="quiet" onClick={() => setIsNaming(true)} aria-label={`Rename ${name}`}>
        <EditIcon />
      </button>
      <button type="button" className="quiet" onClick={() => onDelete(id)} aria-label={`Delete ${name}`}>
        <BinIcon />
      </button>
    </li>
  )
}
