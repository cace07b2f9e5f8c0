/** Shows the windows that are open. They keep their place in the document, whatever is in front: a part lives on. */
import { type ComponentType, lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import type { Me } from '../../../src/protocol.ts'
import { usePageSeen } from '../../ui/use-page-seen.ts'
import {
  askBeforeClose,
  changeWindow,
  closeWindow,
  desktop,
  openPart,
  questionOf,
  setWindowTitle,
  titleOf,
  titles,
  windows,
} from '../desk.ts'
import type { Part, PartProps } from '../part.ts'
import { findPart } from '../parts.ts'
import { useStore } from '../store.ts'
import { Confirm } from './confirm.tsx'
import { Frame } from './frame.tsx'
import { frontOf, type Win } from './model.ts'
import { PartBoundary } from './part-boundary.tsx'

const components = new Map<string, ComponentType<PartProps>>()

function componentOf(part: Part): ComponentType<PartProps> {
  const known = components.get(part.id) ?? lazy(part.load)
  components.set(part.id, known)
  return known
}

export function WindowHost({ me, isSheet }: { me: Me; isSheet: boolean }) {
  const all = useStore(windows)
  const surface = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!surface.current) return
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return
      const { width, height } = entry.contentRect
      desktop.set({ width, height })
    })
    observer.observe(surface.current)
    return () => observer.disconnect()
  }, [])
  const front = frontOf(all)
  const inOrder = [...all].sort((a, b) => a.id.localeCompare(b.id, 'en', { numeric: true }))
  return (
    <div className="windows" ref={surface}>
      {inOrder.map((win) => {
        const part = findPart(win.part)
        if (!part || (me.viewer && !part.isForViewers)) return null
        return (
          <Shown
            key={win.id}
            {...{ win, part, me, isSheet }}
            depth={all.indexOf(win)}
            isFront={win === front}
          />
        )
      })}
    </div>
  )
}

interface ShownProps {
  win: Win
  part: Part
  me: Me
  depth: number
  isFront: boolean
  isSheet: boolean
}

function Shown({ win, part, me, depth, isFront, isSheet }: ShownProps) {
  const { id } = win
  const title = titleOf(useStore(titles), win)
  const isSeen = usePageSeen()
  const [question, setQuestion] = useState<string | null>(null)
  const Component = componentOf(part)
  const close = useCallback(() => {
    const asked = questionOf(id)
    if (asked === null) closeWindow(id)
    else setQuestion(asked)
  }, [id])
  const setTitle = useCallback((next: string) => setWindowTitle(id, next), [id])
  const setTarget = useCallback((target: unknown) => changeWindow(id, { target }), [id])
  const onBeforeClose = useCallback((ask: () => string | null) => askBeforeClose(id, ask), [id])
  return (
    <Frame {...{ win, part, title, depth, isFront, isSheet }} onClose={close}>
      <PartBoundary title={part.title}>
        <Suspense fallback={<p className="opening">Opening {part.title}</p>}>
          <Component
            {...{ me, setTitle, setTarget, onBeforeClose, close }}
            target={win.target}
            isActive={isFront && isSeen}
            open={openPart}
          />
        </Suspense>
      </PartBoundary>
      {question !== null && (
        <Confirm
          question={question}
          action="Close anyway"
          onConfirm={() => closeWindow(id)}
          onCancel={() => setQuestion(null)}
        />
      )}
    </Frame>
  )
}
