/**
 * The terminal as it is, without a screen: takes all output, so that a page that attaches later gets lines above the
 * screen, the screen, and the state in which a program such as vim put it. It alone answers what programs ask of
 * their terminal, so that several pages do not answer at once.
 */
import { fileURLToPath } from 'node:url'
import serializing from '@xterm/addon-serialize'
import unicode from '@xterm/addon-unicode11'
import headless from '@xterm/headless'
import { bound } from './bounds.ts'
import { followModes } from './modes.ts'
import { SCROLLBACK_LINES } from './protocol.ts'

/** As what is kept over a sleep; the system has no longer paths. */
const LONGEST_FOLDER = 4_096

export interface MirrorOptions {
  columns: number
  rows: number
  /** To the program, in answer to its question. */
  onAnswer: (text: string) => void
  onTitle: (title: string) => void
  /** The folder that the shell tells of, absolute. */
  onFolder: (folder: string) => void
}

export interface Mirror {
  /** Bytes that were written but are not taken in yet. */
  readonly pending: number
  /** Calls back when these and all before are taken in. */
  write(bytes: Uint8Array, done?: () => void): void
  /** In order with what is written. */
  resize(columns: number, rows: number): void
  /** Calls back with what draws all that was written until now on an empty terminal of this size. */
  snapshot(done: (snapshot: Snapshot) => void): void
  /** Resolves with what to show of it once its programs are gone, in at most about `limit` characters. */
  keepsake(limit: number): Promise<string>
  dispose(): void
}

export interface Snapshot {
  text: string
  columns: number
  rows: number
}

/** What a program hears that asks for colours: black glass is dark in every theme. */
const COLOURS = { 10: 'rgb:eded/eded/e8e8', 11: 'rgb:0b0b/0c0c/0b0b', 12: 'rgb:5555/dddd/8888' } as const

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about.
const NO_MOVES = /\x1b\[0C(\x1b\[\d+X)\x1b\[0D/g

export function createMirror(options: MirrorOptions): Mirror {
  const terminal = new headless.Terminal({
    cols: options.columns,
    rows: options.rows,
    scrollback: SCROLLBACK_LINES,
    allowProposedApi: true,
  })
  const serializer = new serializing.SerializeAddon()
  bound(terminal, new unicode.Unicode11Addon())
  terminal.loadAddon(serializer)
  const modes = followModes(terminal)
  let pending = 0

  terminal.onData(options.onAnswer)
  terminal.onTitleChange(options.onTitle)
  terminal.parser.registerOscHandler(7, (url) => {
    const folder = folderOf(url)
    if (folder && folder.length <= LONGEST_FOLDER) options.onFolder(folder)
    return true
  })
  // Where a link leads is for the pages: a snapshot does not tell it, and each would be kept.
  terminal.parser.registerOscHandler(8, () => true)
  answerColours(terminal, options.onAnswer)
  const lines = (options = {}) =>
    serializer
      .serialize({ excludeModes: true, ...options })
      // Where an empty line continues in the next, it means to move by none, which terminals take for one.
      .replace(NO_MOVES, '$1')
  const drawn = () => {
    const below = lines({ excludeAltBuffer: true })
    if (terminal.buffer.active.type === 'normal') return below
    // The lines end in the colours of now, and the other screen is told from none.
    return `${below}\x1b[0m${lines().slice(below.length)}`
  }

  return {
    get pending() {
      return pending
    },
    write(bytes, done) {
      pending += bytes.length
      terminal.write(bytes, () => {
        pending -= bytes.length
        done?.()
      })
    },
    resize(columns, rows) {
      terminal.write('', () => {
        terminal.resize(columns, rows)
        modes.resized()
      })
    },
    snapshot(done) {
      terminal.write('', () => {
        done({ text: drawn() + modes.restore(), columns: terminal.cols, rows: terminal.rows })
      })
    },
    async keepsake(limit) {
      await new Promise<void>((resolve) => terminal.write('', resolve))
      const above = terminal.buffer.active.type === 'alternate' ? `\r\n${screenOf(terminal)}` : ''
      for (let scrollback = 1_000; scrollback >= 1; scrollback = Math.floor(scrollback / 2)) {
        const text = lines({ scrollback, excludeAltBuffer: true }) + above
        if (text.length <= limit) return text
      }
      return above.slice(0, limit)
    },
    dispose: () => terminal.dispose(),
  }
}

function answerColours({ parser }: headless.Terminal, onAnswer: (text: string) => void): void {
  for (const [number, colour] of Object.entries(COLOURS)) {
    parser.registerOscHandler(Number(number), (data) => {
      if (data === '?') onAnswer(`\x1b]${number};${colour}\x1b\\`)
      return true
    })
  }
}

/** The words on a program's own screen, which is gone with it. */
function screenOf({ buffer, rows }: headless.Terminal): string {
  const { active } = buffer
  const texts = Array.from({ length: rows }, (_, row) => active.getLine(row)?.translateToString(true) ?? '')
  return texts.join('\r\n').trimEnd()
}

function folderOf(url: string): string | null {
  try {
    const { protocol, pathname } = new URL(url)
    return protocol === 'file:' ? fileURLToPath(`file://${pathname}`) : null
  } catch {
    return null
  }
}
