/** A finger on the glass scrolls it: through the lines above, or, in a program with a screen of its own, by its arrows. */
import type { Terminal } from '@xterm/xterm'

export interface TouchScrollOptions {
  rowHeight: () => number
  /** Lines to move by in a program that has its own screen; up is negative. */
  onArrows: (lines: number) => void
}

export function scrollByTouch(element: HTMLElement, terminal: Terminal, options: TouchScrollOptions): void {
  let last: number | null = null
  let rest = 0
  element.addEventListener('touchstart', ({ touches }) => {
    last = touches.length === 1 ? (touches[0]?.clientY ?? null) : null
    rest = 0
  })
  element.addEventListener(
    'touchmove',
    (event) => {
      const y = event.touches[0]?.clientY
      if (last === null || y === undefined) return
      event.preventDefault()
      rest += last - y
      last = y
      const lines = Math.trunc(rest / options.rowHeight())
      if (lines === 0) return
      rest -= lines * options.rowHeight()
      if (terminal.buffer.active.type === 'alternate') options.onArrows(lines)
      else terminal.scrollLines(lines)
    },
    { passive: false },
  )
}
