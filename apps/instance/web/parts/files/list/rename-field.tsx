/** A name, being changed where it stands. */
import { useEffect, useRef, useState } from 'react'
import { endingOf, problemOfName } from '../model/path.ts'

export interface RenameFieldProps {
  name: string
  /** `null`: it stays as it is. */
  onEnd: (next: string | null) => void
}

export function RenameField({ name, onEnd }: RenameFieldProps) {
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState(name)
  const isOver = useRef(false)
  const problem = problemOfName(typed)
  useEffect(() => {
    const ending = endingOf(name)
    field.current?.focus()
    // The ending says what a file is, and is rarely meant.
    field.current?.setSelectionRange(0, ending === '' ? name.length : name.length - ending.length - 1)
  }, [name])
  const end = (next: string | null) => {
    if (isOver.current) return
    isOver.current = true
    onEnd(next === name || problem !== null ? null : next)
  }
  return (
    <input
      className="rename"
      ref={field}
      value={typed}
      aria-label={`New name of ${name}`}
      aria-invalid={problem !== null}
      title={problem ?? undefined}
      spellCheck={false}
      autoComplete="off"
      autoCapitalize="off"
      onChange={({ target }) => setTyped(target.value)}
      onKeyDown={(event) => {
        event.stopPropagation()
        if (event.key === 'Enter' && problem === null) end(typed)
        if (event.key === 'Escape') end(null)
      }}
      onBlur={() => end(typed)}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onPointerDown={(event) => event.stopPropagation()}
    />
  )
}
