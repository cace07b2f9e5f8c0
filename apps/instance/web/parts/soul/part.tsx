/** Shows the soul as its file is now. */
import { useEffect, useRef, useState } from 'react'
import { homeChanges } from '../../shell/home-changes.ts'
import { readMe } from '../../shell/me.ts'
import type { PartProps } from '../../shell/part.ts'
import { useStore } from '../../shell/store.ts'
import { addScrollStop } from '../../ui/scroll-stop.ts'
import { Markdown } from './markdown.tsx'
import { soulText } from './soul-text.ts'
import './soul.css'

const FILE = 'system/soul.md'

export default function Soul({ me, isActive, open }: PartProps) {
  const article = useRef<HTMLElement>(null)
  const [soul, setSoul] = useState(me.soul)
  const changes = useStore(homeChanges)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each of these may mean that the file says something else.
  useEffect(() => {
    let isOver = false
    // Without an answer, what is shown stays.
    readMe().then(
      (now) => isOver || setSoul(now.soul),
      () => undefined,
    )
    return () => {
      isOver = true
    }
  }, [isActive, changes])
  useEffect(() => (article.current ? addScrollStop(article.current) : undefined), [])
  return (
    <div className="soul">
      <article ref={article} aria-label="Text of the soul">
        <Markdown text={soulText(soul)} />
      </article>
      {!me.viewer && soul !== null && (
        <footer>
          <button
            type="button"
            className="button"
            onClick={() => open({ part: 'editor', target: { path: FILE } })}
          >
            Edit
          </button>
        </footer>
      )}
    </div>
  )
}
