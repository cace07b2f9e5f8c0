/**
 * What a terminal's state holds beyond its lines and the modes that it tells: followed as it is set, so that whoever
 * attaches later can be brought into the same state.
 */
import type { Terminal } from '@xterm/headless'

export interface Modes {
  /** Sequences that set, on a fresh terminal with the same lines, what they do not say. */
  restore(): string
  /** The scrolling region and with it the last line's place are lost when the size changes. */
  resized(): void
}

/** Private modes that `Terminal.modes` does not tell: whether the cursor is hidden, and how the mouse speaks. */
const FOLLOWED = [25, 1006, 1016]
const CURSOR_SHOWN = 25
/** Saves the cursor on the way in, and restores it on the way out. */
const OTHER_SCREEN = 1049

interface Region {
  top: number
  bottom: number
}

export function followModes(terminal: Terminal): Modes {
  let on = new Set<number>([CURSOR_SHOWN])
  let cursorStyle = 0
  let charset = 'B'
  /** Saved and restored with the cursor, for each of the two buffers. */
  const savedCharsets = new Map<string, string>()
  const regions = new Map<string, Region>()
  const bufferName = () => terminal.buffer.active.type

  const reset = () => {
    on = new Set([CURSOR_SHOWN])
    cursorStyle = 0
    charset = 'B'
    savedCharsets.clear()
    regions.clear()
  }
  const { parser } = terminal
  /** Each only watches: the terminal's own handler comes after it. */
  const watch = (work: () => void) => {
    work()
    return false
  }
  const first = (params: (number | number[])[], index = 0) => Number(params[index] ?? 0)

  const save = () => watch(() => savedCharsets.set(bufferName(), charset))
  const restoreSaved = (name: string) =>
    watch(() => {
      charset = savedCharsets.get(name) ?? 'B'
    })
  parser.registerEscHandler({ final: '7' }, save)
  parser.registerCsiHandler({ final: 's' }, save)
  parser.registerEscHandler({ final: '8' }, () => restoreSaved(bufferName()))
  parser.registerCsiHandler({ final: 'u' }, () => restoreSaved(bufferName()))
  for (const final of ['h', 'l'] as const) {
    parser.registerCsiHandler({ prefix: '?', final }, (params) =>
      watch(() => {
        for (const mode of params.flat().filter((one) => FOLLOWED.includes(one))) {
          if (final === 'h') on.add(mode)
          else on.delete(mode)
        }
        if (!params.includes(OTHER_SCREEN)) return
        if (final === 'h') save()
        else restoreSaved('normal')
      }),
    )
  }
  parser.registerCsiHandler({ intermediates: ' ', final: 'q' }, (params) =>
    watch(() => {
      cursorStyle = first(params)
    }),
  )
  parser.registerCsiHandler({ final: 'r' }, (params) =>
    watch(() => {
      const region = { top: first(params) || 1, bottom: first(params, 1) || terminal.rows }
      if (region.top === 1 && region.bottom >= terminal.rows) regions.delete(bufferName())
      else if (region.top < region.bottom) regions.set(bufferName(), region)
    }),
  )
  parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => watch(reset))
  parser.registerEscHandler({ final: 'c' }, () => watch(reset))
  for (const final of ['0', 'A', 'B']) {
    parser.registerEscHandler({ intermediates: '(', final }, () =>
      watch(() => {
        charset = final
      }),
    )
  }

  return {
    restore() {
      const { modes } = terminal
      const { cursorX, cursorY } = terminal.buffer.active
      const region = regions.get(bufferName())
      // After the last column the next character begins a line, which no sequence says: only writing there does.
      const last = cursorX < terminal.cols ? null : lastCellOf(terminal)
      const line = modes.originMode ? cursorY + 1 - ((region?.top ?? 1) - 1) : cursorY + 1
      return [
        ...(region ? [`\x1b[${region.top};${region.bottom}r`] : []),
        ...(modes.originMode ? ['\x1b[?6h'] : []),
        // Both of these put the cursor into a corner, and the lines may have left it one column off.
        `\x1b[${line};${(last?.column ?? cursorX) + 1}H${last?.characters ?? ''}`,
        ...setOf(modes).map((mode) => `\x1b[${mode}h`),
        ...(modes.wraparoundMode ? [] : ['\x1b[?7l']),
        ...[...on].filter((mode) => mode !== CURSOR_SHOWN).map((mode) => `\x1b[?${mode}h`),
        ...(on.has(CURSOR_SHOWN) ? [] : ['\x1b[?25l']),
        ...(cursorStyle === 0 ? [] : [`\x1b[${cursorStyle} q`]),
        ...(charset === 'B' ? [] : [`\x1b(${charset}`]),
      ].join('')
    },
    resized: () => regions.clear(),
  }
}

function lastCellOf({ buffer: { active }, cols }: Terminal): { column: number; characters: string } | null {
  const line = active.getLine(active.baseY + active.cursorY)
  const column = line?.getCell(cols - 1)?.getWidth() === 0 ? cols - 2 : cols - 1
  const characters = line?.getCell(column)?.getChars()
  return characters ? { column, characters } : { column: cols - 1, characters: '' }
}

const MOUSE = { none: [], x10: ['?9'], vt200: ['?1000'], drag: ['?1002'], any: ['?1003'] } as const

const setOf = (modes: Terminal['modes']): string[] => [
  ...(modes.applicationCursorKeysMode ? ['?1'] : []),
  ...(modes.applicationKeypadMode ? ['?66'] : []),
  ...(modes.bracketedPasteMode ? ['?2004'] : []),
  ...(modes.insertMode ? ['4'] : []),
  ...(modes.reverseWraparoundMode ? ['?45'] : []),
  ...(modes.sendFocusMode ? ['?1004'] : []),
  ...MOUSE[modes.mouseTrackingMode],
]
