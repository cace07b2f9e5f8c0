/** One terminal on the page: xterm with what it needs here, drawing what the computer sends. */
import { FitAddon } from '@xterm/addon-fit'
import { SearchAddon } from '@xterm/addon-search'
import { Unicode11Addon } from '@xterm/addon-unicode11'
import { WebLinksAddon } from '@xterm/addon-web-links'
import { Terminal } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { bound } from '../../../src/terminal/bounds.ts'
import { SCROLLBACK_LINES } from '../../../src/terminal/protocol.ts'
import { takeCopies } from './clipboard.ts'
import type { Viewer } from './hub.ts'
import { sequenceOf } from './keys.ts'
import { linesToConfirm, withoutControls } from './paste.ts'
import type { Settings } from './settings.ts'
import { silence } from './silence.ts'
import { themeOf } from './themes.ts'
import { scrollByTouch } from './touch-scroll.ts'

export interface ScreenOptions {
  element: HTMLElement
  settings: Settings
  /** Typed, or said by the mouse. */
  onType: (data: string, isBinary: boolean) => void
  /** Lines that would run at once; the paste goes on by `paste`. */
  onAsk: (lines: number, text: string) => void
  onCopied: (characters: number) => void
  onFind: () => void
  /** Whether somebody works in it now. */
  isActive: () => boolean
}

export interface Found {
  /** From 0; -1: more than are counted, or none. */
  index: number
  count: number
}

export interface Screen extends Viewer {
  readonly isApplication: boolean
  /** How many columns and rows there is room for; `null` while it is not seen. */
  room(): { columns: number; rows: number } | null
  focus(): void
  /** Text that was confirmed, or needs no confirmation. */
  paste(text: string): void
  /** Asks first where lines would run at once. */
  tryPaste(text: string): void
  selection(): string
  change(settings: Settings): void
  find(text: string, way: 'next' | 'previous' | 'here'): void
  endFind(): void
  onFound(listener: (found: Found) => void): void
  dispose(): void
}

const MARKS = {
  matchOverviewRuler: '#e8c46a',
  activeMatchColorOverviewRuler: '#55dd88',
  matchBackground: '#5a4c1e',
  activeMatchBackground: '#1f6b44',
}

export function createScreen(options: ScreenOptions): Screen {
  const { element, onType } = options
  const terminal = new Terminal({
    ...looks(options.settings),
    scrollback: SCROLLBACK_LINES,
    allowProposedApi: true,
    cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    fontFamily: getComputedStyle(element).getPropertyValue('--mono') || 'monospace',
    macOptionIsMeta: true,
    minimumContrastRatio: 4.5,
    linkHandler: { activate: (_event, url) => openLink(url), allowNonHttpProtocols: false },
  })
  const fit = new FitAddon()
  const search = new SearchAddon()
  for (const addon of [fit, search, new WebLinksAddon((_event, url) => openLink(url))]) {
    terminal.loadAddon(addon)
  }
  bound(terminal, new Unicode11Addon())
  silence(terminal)
  takeCopies(terminal, options.isActive, options.onCopied)
  terminal.open(element)
  terminal.textarea?.setAttribute('aria-label', 'Terminal')
  terminal.onData((data) => onType(data, false))
  terminal.onBinary((data) => onType(data, true))
  terminal.attachCustomKeyEventHandler((event) => byKey(event, terminal, options))
  scrollByTouch(element, terminal, {
    rowHeight: () => Math.max(8, element.clientHeight / terminal.rows),
    onArrows: (lines) => {
      const key = lines < 0 ? 'Up' : 'Down'
      onType(sequenceOf(key, terminal.modes.applicationCursorKeysMode, false).repeat(Math.abs(lines)), false)
    },
  })

  const paste = (text: string) => terminal.paste(withoutControls(text))
  const tryPaste = (text: string) => {
    const lines = linesToConfirm(text, terminal.modes.bracketedPasteMode)
    if (lines > 0) options.onAsk(lines, text)
    else paste(text)
  }
  const onPaste = (event: ClipboardEvent) => {
    event.preventDefault()
    event.stopImmediatePropagation()
    tryPaste(event.clipboardData?.getData('text/plain') ?? '')
  }
  element.addEventListener('paste', onPaste, true)

  return {
    get isApplication() {
      return terminal.modes.applicationCursorKeysMode
    },
    room() {
      const size = element.offsetParent ? fit.proposeDimensions() : undefined
      if (!size || !(size.cols > 1) || !(size.rows > 0)) return null
      return { columns: Math.min(size.cols, 500), rows: Math.min(size.rows, 300) }
    },
    begin(columns, rows) {
      // What was not drawn yet belongs to what is drawn anew.
      terminal.write('', () => {
        terminal.reset()
        terminal.resize(columns, rows)
      })
    },
    draw: (bytes, shown) => terminal.write(bytes, shown),
    resize: (columns, rows) => terminal.write('', () => terminal.resize(columns, rows)),
    focus: () => terminal.focus(),
    paste,
    tryPaste,
    selection: () => terminal.getSelection(),
    change: (settings) => Object.assign(terminal.options, looks(settings)),
    find(text, way) {
      const how = { decorations: MARKS, incremental: way === 'here' }
      if (way === 'previous' || way === 'here') search.findPrevious(text, how)
      else search.findNext(text, how)
    },
    endFind: () => search.clearDecorations(),
    onFound: (listener) =>
      void search.onDidChangeResults(({ resultIndex, resultCount }) =>
        listener({ index: resultIndex, count: resultCount }),
      ),
    dispose() {
      element.removeEventListener('paste', onPaste, true)
      terminal.dispose()
    },
  }
}

const looks = ({ fontSize, theme, isScreenReader }: Settings) => ({
  fontSize,
  theme: themeOf(theme),
  screenReaderMode: isScreenReader,
})

/** Another page knows nothing of this one. */
function openLink(url: string): void {
  if (/^https?:\/\//i.test(url)) window.open(url, '_blank', 'noopener,noreferrer')
}

/** `false`: the key is not the terminal's. */
function byKey(event: KeyboardEvent, terminal: Terminal, { onFind }: ScreenOptions): boolean {
  if (event.type !== 'keydown') return true
  const isShifted = event.ctrlKey && event.shiftKey && !event.altKey
  // The browser pastes by itself; elsewhere it would open something.
  if (isShifted && event.code === 'KeyV') return false
  if (isShifted && event.code === 'KeyC') {
    event.preventDefault()
    const text = terminal.getSelection()
    if (text !== '') void navigator.clipboard?.writeText(text)
    return false
  }
  if ((isShifted || event.metaKey) && event.code === 'KeyF') {
    event.preventDefault()
    onFind()
    return false
  }
  return true
}
