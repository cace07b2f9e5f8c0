/** Finds words in the lines of one terminal, from the last one upwards. */
import { useEffect, useRef, useState } from 'react'
import type { Found, Screen } from './screen.ts'

export function FindBar({ screen, onClose }: { screen: () => Screen | undefined; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null)
  const current = useRef(screen)
  current.current = screen
  const [found, setFound] = useState<Found | null>(null)
  useEffect(() => {
    field.current?.focus()
    const looked = current.current()
    looked?.onFound(setFound)
    return () => looked?.endFind()
  }, [])
  const find = (way: 'next' | 'previous' | 'here') => {
    const text = field.current?.value ?? ''
    if (text === '') {
      screen()?.endFind()
      setFound(null)
    } else screen()?.find(text, way)
  }
  return (
    <search className="find">
      <input
        ref={field}
        type="text"
        aria-label="Find in this terminal"
        placeholder="Find"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={() => find('here')}
        onKeyDown={(event) => {
          if (event.key === 'Enter') find(event.shiftKey ? 'next' : 'previous')
          if (event.key === 'Escape') onClose()
        }}
      />
      <span role="status">{wordsOf(found)}</span>
      <button type="button" aria-label="Earlier match" onClick={() => find('previous')}>
        ↑
      </button>
      <button type="button" aria-label="Later match" onClick={() => find('next')}>
        ↓
      </button>
      <button type="button" onClick={onClose}>
        Done
      </button>
    </search>
  )
}

function wordsOf(found: Found | null): string {
  if (found === null) return ''
  if (found.count === 0) return 'Not found'
  return found.index < 0 ? `${found.count} found` : `${found.index + 1} of ${found.count}`
}
