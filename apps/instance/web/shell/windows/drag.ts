/** Moves and resizes by pointer: from the rectangle at the start and the way since, to the rectangle now. */
import type { PointerEvent as ReactPointerEvent } from 'react'
import { type Rect, SMALLEST } from './model.ts'

/** Which sides follow the pointer; `null` moves the whole. */
export type Edge = 'n' | 's' | 'e' | 'w' | 'ne' | 'nw' | 'se' | 'sw'

export const EDGES: readonly Edge[] = ['n', 's', 'e', 'w', 'ne', 'nw', 'se', 'sw']

export function dragged(start: Rect, edge: Edge | null, dx: number, dy: number): Rect {
  if (edge === null) return { ...start, x: start.x + dx, y: start.y + dy }
  const west = edge.includes('w')
  const north = edge.includes('n')
  const wider = west ? -dx : edge.includes('e') ? dx : 0
  const taller = north ? -dy : edge.includes('s') ? dy : 0
  const width = Math.max(SMALLEST.width, start.width + wider)
  const height = Math.max(SMALLEST.height, start.height + taller)
  return {
    x: west ? start.x + start.width - width : start.x,
    y: north ? start.y + start.height - height : start.y,
    width,
    height,
  }
}

export interface DragHandlers {
  onMove: (dx: number, dy: number, event: PointerEvent) => void
  onEnd: (event: PointerEvent) => void
}

/** Follows one pointer from where it went down, wherever it goes, until it is up. */
export function followPointer(down: ReactPointerEvent<HTMLElement>, { onMove, onEnd }: DragHandlers): void {
  if (down.button !== 0) return
  const handle = down.currentTarget
  const { pointerId, clientX, clientY } = down
  handle.setPointerCapture(pointerId)
  const end = new AbortController()
  const listen = (type: 'pointermove' | 'pointerup' | 'pointercancel', act: (event: PointerEvent) => void) =>
    handle.addEventListener(
      type,
      (event: Event) => event instanceof PointerEvent && event.pointerId === pointerId && act(event),
      { signal: end.signal },
    )
  const stop = (event: PointerEvent) => {
    end.abort()
    onEnd(event)
  }
  listen('pointermove', (event) => onMove(event.clientX - clientX, event.clientY - clientY, event))
  listen('pointerup', stop)
  listen('pointercancel', stop)
}
