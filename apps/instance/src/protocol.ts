/** The protocol between the page and its computer; `requests.ts` validates the page's requests. */
import type { Look } from './shell/protocol.ts'

export type { ConsoleRequest, NotesRequest } from './requests.ts'

export const NOTES_PATH = '/ws/notes'
export const CONSOLE_PATH = '/ws/console'
/** Open as long as somebody is at the page, whatever parts are. */
export const SHELL_PATH = '/ws/shell'
/** The files of the home: `files/api/protocol.ts`. */
export const FILES_API = '/api/files'
export const FILES_SOCKET_PATH = '/ws/files'

/**
 * Every request that changes something has it, with the value `1`: another site's page would need leave to send it.
 * The edge keeps all of `x-mos-…` for itself.
 */
export const REQUEST_HEADER = 'x-computer-request'

/** Characters that the note pad may hold. */
export const PAD_LIMIT = 500_000

/** The reason of a closing frame 1001 at a graceful stop: the page then stays quiet until its person is back. */
export const ASLEEP = 'asleep'

export type NotesEvent =
  | { type: 'pong' }
  | { type: 'pad'; version: string; text: string }
  /** `keptCopy`: where another writer's text went, if this save replaced it. */
  | { type: 'saved'; id: number; version: string; keptCopy: string | null }
  | { type: 'failed'; id: number; message: string }

export type ConsoleEvent =
  | { type: 'pong' }
  | { type: 'welcome'; handle: string; cwd: string; history: string[]; isReadOnly: boolean }
  | { type: 'result'; text: string; failed: boolean; cwd: string; clear: boolean }
  | { type: 'completions'; line: string; completed: string; options: string[] }

export type ShellEvent =
  | { type: 'pong' }
  /** `run`: another one after each start. `isAfterCrash`: the run before this one was killed. */
  | { type: 'hello'; run: string; isAfterCrash: boolean }
  /** To the owner's pages: as it is kept now. */
  | { type: 'look'; look: Look }

/** The page's first question, `GET /api/me`. */
export interface Me {
  handle: string
  displayName: string
  /** Markdown; `null` when its owner removed it. */
  soul: string | null
  /** Whoever asks, when that is not the owner. */
  viewer: { handle: string; canUseNotes: boolean } | null
  /** `pty`: a real shell, for the owner alone. */
  terminal: 'pty' | 'console'
  /** Why the owner has the built-in console only; a sentence for them. */
  consoleReason: string | null
}

/** `GET /api/credits`, for the owner alone. */
export interface CreditsNotice {
  /** The highest threshold of the AI credits that was reached, in percent; `null`: none, or nothing is known. */
  alert: 80 | 100 | null
}
