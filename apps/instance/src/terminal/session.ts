/** One terminal: its shell, its mirror, and the pages that look at it. */
import { randomInt } from 'node:crypto'
import { createBrake } from './brake.ts'
import { createLook } from './look.ts'
import { createMirror, type Snapshot } from './mirror.ts'
import { oneAtATime } from './one-at-a-time.ts'
import type { Program } from './program.ts'
import type { SessionInfo } from './protocol.ts'
import { createShell } from './shell.ts'
import type { LongRun } from './stopwatch.ts'
import { createView, type Outlet, type View } from './view.ts'
import { SLEPT, STARTED_ANEW } from './words.ts'

/** What is kept of a terminal while the computer sleeps. */
export interface Kept {
  id: string
  name: string | null
  title: string
  folder: string
  columns: number
  rows: number
  generation: number
  /** What was to be seen, as sequences that draw it. */
  screen: string
}

export interface SessionSurroundings {
  shell: string
  environment: Record<string, string>
  /** Resolves to this folder, or to home when it is gone. */
  folderOrHome: (folder: string) => Promise<string>
  /** How a folder is shown. */
  place: (folder: string) => string
  now: () => number
  /** How long a page may hold a program up without showing anything. */
  stallMs: number
  /** How long programs may take to end when their terminal closes. */
  graceMs: number
  /** A program that ran at least this long is worth a word when it ends. */
  longMs: number
  /** Such a one ended while nobody looked at its terminal. */
  onUnseenEnd: (run: UnseenEnd) => void
  /** Something happened at a terminal a moment ago. */
  onLook: () => void
  /** Resolves to how many processes and threads can still be started. */
  room: () => Promise<number>
}

export interface UnseenEnd extends LongRun {
  /** Id of its terminal. */
  session: string
  /** Where it worked, as it is shown. */
  place: string
}

export interface SessionOptions extends SessionSurroundings {
  kept: Kept
  /** Whether it was kept over a sleep: then its shell starts when somebody looks. */
  hasSlept: boolean
  /** Something in `info` is different. */
  onChange: () => void
}

export interface Session {
  readonly info: SessionInfo
  rename(name: string | null): void
  /**
   * Shows what there is, and starts the shell if none was started. What can be shown is, when it cannot be started: the
   * next try appears below it. Rejects when the terminal was closed meanwhile.
   */
  attach(outlet: Outlet): Promise<View>
  detach(view: View): void
  /** The page has shown some more. */
  acknowledge(view: View, bytes: number): void
  resize(columns: number, rows: number): void
  /** Resolves to whether the shell of this generation took it. */
  type(generation: number, data: Buffer): Promise<boolean>
  /** A new shell in the same terminal, once the old one has ended. */
  restart(): Promise<void>
  /** Whether it is a shell that waits, or none, and nobody looks at it but these views. */
  isIdleBut(views: readonly View[]): Promise<boolean>
  keep(): Promise<Kept>
  /** Resolves when nothing of it runs any more. */
  end(): Promise<void>
}

/** Bytes that a program leaves unread before typing is refused. */
const MOST_UNREAD = 1024 * 1024
const KEEPSAKE_LIMIT = 200_000
const TITLE_LIMIT = 200

type Changing = Pick<
  SessionInfo,
  'name' | 'title' | 'folder' | 'program' | 'state' | 'exitCode' | 'generation'
>

export function createSession(options: SessionOptions): Session {
  const { kept, onChange, now, place, onUnseenEnd } = options
  const views = new Set<View>()
  let isOver = false
  let { columns, rows } = kept
  let shown = beforeItsShell(kept)
  const change = (next: Partial<Changing>) => {
    const before = JSON.stringify(shown)
    shown = { ...shown, ...next }
    if (JSON.stringify(shown) !== before) onChange()
  }

  const mirror = createMirror({
    ...kept,
    onAnswer: (text) => answer(shell.program, text),
    onTitle: (title) => change({ title: title.slice(0, TITLE_LIMIT) }),
    onFolder: (folder) => change({ folder }),
  })
  const shell = createShell({
    ...options,
    onOutput: (bytes) => {
      feed(bytes)
      look.soon()
    },
    onEnd: (exitCode) => {
      look.ended()
      brake.release()
      change({ state: 'ended', program: null, exitCode })
    },
  })
  const brake = createBrake({
    ...{ views, now, stallMs: options.stallMs },
    pending: () => mirror.pending,
    pause: () => shell.program?.pause(),
    resume: () => shell.program?.resume(),
    onStalled: (view) => {
      detach(view)
      view.outlet.drop()
    },
  })
  const look = createLook({
    ...{ now, longMs: options.longMs, onLook: options.onLook },
    pid: () => shell.program?.pid ?? null,
    onSeen: ({ program, folder }) => change({ program, folder: folder ?? shown.folder }),
    onLongEnd: (run) =>
      views.size === 0 && onUnseenEnd({ ...run, session: kept.id, place: place(shown.folder) }),
  })
  const feed = (bytes: Uint8Array) => {
    mirror.write(bytes, brake.check)
    for (const view of views) view.deliver(bytes)
    brake.check()
  }
  const detach = (view: View) => {
    views.delete(view)
    brake.check()
  }
  const starting = oneAtATime(async () => {
    const words = shown.state === 'ended' ? STARTED_ANEW : options.hasSlept ? kept.screen + SLEPT : ''
    const folder = await options.folderOrHome(shown.folder)
    change({ folder, generation: generationAfter(shown, options), state: 'running', exitCode: null })
    // Pages are told of the new shell before they see it: what is typed at the sight of it is for that one.
    await new Promise((resolve) => setImmediate(resolve))
    if (words !== '') feed(Buffer.from(words))
    await shell.start({ folder, columns, rows }).catch((error) => {
      change({ state: 'ended' })
      throw error
    })
    // Somebody may have made it larger or smaller while it started.
    shell.program?.resize(columns, rows)
  })

  return {
    get info() {
      return { id: kept.id, place: place(shown.folder), ...shown }
    },
    rename: (name) => change({ name }),
    async attach(outlet) {
      if (shown.state === 'slept' || starting.isOn()) {
        await starting.run().catch((error: unknown) => {
          if (isOver) throw error
          outlet.failed(error)
        })
      }
      const view = createView(outlet, now)
      views.add(view)
      mirror.snapshot((snapshot) => views.has(view) && draw(view, snapshot, shown.generation))
      return view
    },
    detach,
    acknowledge(view, bytes) {
      view.acknowledge(bytes)
      brake.check()
    },
    resize(nextColumns, nextRows) {
      if (nextColumns === columns && nextRows === rows) return
      columns = nextColumns
      rows = nextRows
      mirror.resize(columns, rows)
      for (const view of views) view.resized(columns, rows)
      shell.program?.resize(columns, rows)
    },
    async type(generation, data) {
      // Pages are told of a shell a moment before it is there.
      if (generation === shown.generation && starting.isOn()) await starting.run().catch(() => undefined)
      const { program } = shell
      if (!program || generation !== shown.generation || program.unread > MOST_UNREAD) return false
      await program.write(data)
      look.soon()
      return true
    },
    restart: async () => void (shown.state === 'ended' && (await starting.run())),
    async isIdleBut(own) {
      if ([...views].some((view) => !own.includes(view))) return false
      return shown.state === 'ended' || (shown.state === 'running' && (await shell.isIdle()))
    },
    async keep() {
      const { name, title, folder, generation, state } = shown
      if (state === 'slept') return { ...kept, name }
      const screen = await mirror.keepsake(KEEPSAKE_LIMIT)
      return { id: kept.id, name, title, folder, generation, columns, rows, screen }
    },
    async end() {
      isOver = true
      look.close()
      await shell.end()
      brake.release()
      mirror.dispose()
    },
  }
}

const beforeItsShell = ({ name, title, folder, generation }: Kept): Changing => ({
  ...{ name, title, folder, generation },
  ...{ program: null, state: 'slept', exitCode: null },
})

/** Of the shells of a run that was killed, nobody has kept count: the first one after a sleep begins far from all. */
const generationAfter = (
  { state, generation }: Pick<Changing, 'state' | 'generation'>,
  { hasSlept }: Pick<SessionOptions, 'hasSlept'>,
): number => (state === 'slept' && hasSlept ? randomInt(2 ** 40) : generation + 1)

/** First what there was, then what came meanwhile. */
function draw(view: View, { text, ...size }: Snapshot, generation: number): void {
  view.begin(() => {
    view.outlet.attached({ ...size, generation })
    view.deliver(Buffer.from(text))
  })
}

/** A program that asks and asks without reading gets no more answers. */
function answer(program: Program | null, text: string): void {
  if (program && program.unread < MOST_UNREAD) void program.write(Buffer.from(text))
}
