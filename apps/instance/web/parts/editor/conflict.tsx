/** Somebody else changed the file meanwhile: both are kept until a person says what becomes of them. */
import { useEffect, useRef, useState } from 'react'
import { useWidth } from '../files/ui/use-width.ts'
import type { CodeEditor } from './code-mirror.ts'
import type { Comparison } from './compare.ts'
import type { Document } from './document.ts'
import type { Version } from './working-copy.ts'

export interface ConflictProps {
  name: string
  theirs: Version
  mine: Pick<CodeEditor, 'text' | 'replace'>
  lineBreak: '\n' | '\r\n'
  document: Document
}

const NARROW = 720

export function Conflict({ name, theirs, mine, lineBreak, document }: ConflictProps) {
  const [isComparing, setIsComparing] = useState(false)
  const isGone = theirs.version === null
  return (
    <>
      <div className="notice conflict" data-tone="bad" role="alert">
        <span>
          {isGone
            ? 'This file was moved or thrown away while you changed it. What you typed is still here.'
            : 'This file changed while you worked on it. Nothing is lost: choose what stays.'}
        </span>
        <span className="ways">
          <button type="button" onClick={() => void document.keepMine()}>
            {isGone ? 'Save it again' : 'Keep mine'}
          </button>
          {!isGone && (
            <button type="button" onClick={document.takeTheirs}>
              Take theirs
            </button>
          )}
          {!isGone && (
            <button type="button" aria-expanded={isComparing} onClick={() => setIsComparing(!isComparing)}>
              {isComparing ? 'Stop comparing' : 'Compare'}
            </button>
          )}
        </span>
      </div>
      {isComparing && <Compare {...{ name, theirs, mine, lineBreak, document }} />}
    </>
  )
}

function Compare({ name, theirs, mine, lineBreak, document }: ConflictProps) {
  const frame = useRef<HTMLDivElement>(null)
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const isNarrow = width < NARROW
  const isMeasured = width > 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: it begins with what is typed now, and is not begun anew by typing.
  useEffect(() => {
    if (!isMeasured) return
    let isOver = false
    let comparison: Comparison | null = null
    void import('./compare.ts').then(({ compare }) => {
      if (isOver || !place.current) return
      comparison = compare({
        ...{ parent: place.current, name, theirs: theirs.text, mine: mine.text(), lineBreak, isNarrow },
        onMine: mine.replace,
      })
    })
    return () => {
      isOver = true
      comparison?.end()
    }
  }, [theirs, isNarrow, isMeasured])
  return (
    <section className="compare" aria-label="Compare" ref={frame}>
      <header>
        {!isNarrow && <b>Theirs</b>}
        <b>{isNarrow ? 'Mine, with theirs marked' : 'Mine'}</b>
        <button type="button" className="button primary" onClick={() => void document.keepMine()}>
          Save this
        </button>
      </header>
      <div className="compare-place" ref={place} />
    </section>
  )
}
