/** A window: a frame that can be moved, resized, tiled and put away around the part that it shows. */
import {
  type CSSProperties,
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useRef,
  useState,
} from 'react'
import { changeWindow, desktop, focusWindow, minimiseWindow } from '../desk.ts'
import type { Part } from '../part.ts'
import { useStore } from '../store.ts'
import { BackIcon, CloseIcon, FillIcon, LeftIcon, MinimiseIcon, RestoreIcon, RightIcon } from './controls.tsx'
import { dragged, EDGES, type Edge, followPointer } from './drag.ts'
import { clampTo, type Fit, frameOf, type Win } from './model.ts'

export interface FrameProps {
  win: Win
  part: Part
  title: string
  depth: number
  isFront: boolean
  /** A phone has no room for windows: the part fills the screen. */
  isSheet: boolean
  onClose: () => void
  children: ReactNode
}

/** How near the pointer has to come to a side of the desktop for the window to take that half. */
const SNAP = 12
const STEP = 24

export function Frame({ win, part, title, depth, isFront, isSheet, onClose, children }: FrameProps) {
  const size = useStore(desktop)
  const [isHeld, setIsHeld] = useState(false)
  const rect = frameOf(win, size)
  const isSeen = !win.isMinimised && (!isSheet || isFront)
  const section = useRef<HTMLElement>(null)
  // After the part's own effects: one that knows better where the focus belongs has it by now.
  useEffect(() => {
    if (isFront && !section.current?.contains(document.activeElement)) {
      section.current?.focus({ preventScroll: true })
    }
  }, [isFront])
  const drag = (edge: Edge | null) => (down: PointerEvent<HTMLElement>) => {
    if (isSheet || (down.target as HTMLElement).closest('button:not(.handle)')) return
    setIsHeld(true)
    followPointer(down, {
      onMove: (dx, dy) =>
        Math.abs(dx) + Math.abs(dy) > 3 &&
        changeWindow(win.id, { fit: 'free', rect: clampTo(size, dragged(rect, edge, dx, dy)) }),
      onEnd: (event) => {
        setIsHeld(false)
        if (edge === null && win.fit === 'free') snap(win.id, event.clientX, size.width)
      },
    })
  }
  return (
    <section
      ref={section}
      tabIndex={-1}
      data-window={win.id}
      className={`window ${part.material ?? 'paper'}`}
      aria-label={title}
      data-front={isFront}
      data-fit={isSheet ? 'full' : win.fit}
      data-held={isHeld}
      hidden={!isSeen}
      style={styleOf(rect, depth, isSheet)}
      onPointerDownCapture={() => focusWindow(win.id)}
      onFocusCapture={() => focusWindow(win.id)}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the same is done by the buttons, and by keys on the handle. */}
      <header onPointerDown={drag(null)} onDoubleClick={() => toggleFull(win)}>
        {isSheet && <BackButton id={win.id} />}
        <span className="part-icon">
          <part.Icon />
        </span>
        <h2>
          {isSheet ? (
            title
          ) : (
            <button
              type="button"
              className="handle"
              aria-label={`${title}, window`}
              aria-description="Arrows move it, Shift and arrows resize it, Enter fills the desktop."
              onKeyDown={(event) => byKey(event, win, rect)}
            >
              {title}
            </button>
          )}
        </h2>
        <Controls win={win} title={title} isSheet={isSheet} onClose={onClose} />
      </header>
      <div className="content" data-keeps-keys={part.keepsKeys || undefined}>
        {children}
      </div>
      {!isSheet &&
        EDGES.map((edge) => (
          <i key={edge} className={`edge ${edge}`} onPointerDown={drag(edge)} aria-hidden />
        ))}
    </section>
  )
}

const styleOf = ({ x, y, width, height }: Win['rect'], depth: number, isSheet: boolean): CSSProperties =>
  isSheet ? { zIndex: depth } : { zIndex: depth, transform: `translate(${x}px, ${y}px)`, width, height }

const toggleFull = ({ id, fit }: Win) => changeWindow(id, { fit: fit === 'full' ? 'free' : 'full' })

function snap(id: string, x: number, width: number): void {
  const fit: Fit | null = x <= SNAP ? 'left' : x >= width - SNAP ? 'right' : null
  if (fit) changeWindow(id, { fit })
}

const ARROWS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-STEP, 0],
  ArrowRight: [STEP, 0],
  ArrowUp: [0, -STEP],
  ArrowDown: [0, STEP],
}

function byKey(event: KeyboardEvent, win: Win, rect: Win['rect']): void {
  if (event.ctrlKey || event.altKey || event.metaKey) return
  const way = ARROWS[event.key]
  if (event.key === 'Enter') toggleFull(win)
  else if (event.key === 'Home') changeWindow(win.id, { fit: 'left' })
  else if (event.key === 'End') changeWindow(win.id, { fit: 'right' })
  else if (way) {
    const next = dragged(rect, event.shiftKey ? 'se' : null, ...way)
    changeWindow(win.id, { fit: 'free', rect: clampTo(desktop.get(), next) })
  } else return
  event.preventDefault()
}

const BackButton = ({ id }: { id: string }) => (
  <button type="button" className="back" aria-label="Home" onClick={() => minimiseWindow(id)}>
    <BackIcon />
  </button>
)

function Controls({
  win,
  title,
  isSheet,
  onClose,
}: Pick<FrameProps, 'win' | 'title' | 'isSheet' | 'onClose'>) {
  return (
    <span className="controls">
      {!isSheet && <Tiles win={win} title={title} />}
      <button type="button" aria-label={`Close ${title}`} onClick={onClose}>
        <CloseIcon />
      </button>
    </span>
  )
}

function Tiles({ win, title }: Pick<FrameProps, 'win' | 'title'>) {
  const tile = (fit: Fit, label: string, icon: ReactNode) => (
    <button
      type="button"
      aria-label={label}
      aria-pressed={win.fit === fit}
      onClick={() => changeWindow(win.id, { fit: win.fit === fit ? 'free' : fit })}
    >
      {icon}
    </button>
  )
  return (
    <>
      {tile('left', `Tile ${title} left`, <LeftIcon />)}
      {tile('right', `Tile ${title} right`, <RightIcon />)}
      {tile('full', `Fill the desktop with ${title}`, win.fit === 'full' ? <RestoreIcon /> : <FillIcon />)}
      <button type="button" aria-label={`Minimise ${title}`} onClick={() => minimiseWindow(win.id)}>
        <MinimiseIcon />
      </button>
    </>
  )
}
