/**
 * The protocol between a page and its terminals, on one WebSocket for all of them. Control goes as JSON text, output as
 * binary frames: two bytes with the number of the view (big-endian), then the bytes of the program. `requests.ts`
 * validates what the page asks.
 */
export type { TerminalRequest } from './requests.ts'

export const TERMINAL_PATH = '/ws/terminal'
/** Bytes before the output in a binary frame. */
export const VIEW_HEADER_BYTES = 2
/** Terminals that can be open at once. */
export const MOST_SESSIONS = 10
/** Lines above the screen that are kept. */
export const SCROLLBACK_LINES = 5_000
/** Characters of one input message; longer pastes are sent in pieces. */
export const INPUT_LIMIT = 16_384
/** A page tells what it has shown after this many bytes. */
export const ACKNOWLEDGE_EVERY_BYTES = 32_768

/** Closing codes of our own. */
export const CLOSED = {
  /** The page did not keep up with the output. It can attach anew, and then has everything. */
  tooSlow: 4008,
} as const

export interface SessionInfo {
  id: string
  /** What its owner calls it; `null`: no name was given. */
  name: string | null
  /** What the program calls its window; empty if it does not. */
  title: string
  /** Absolute path of the folder in which it works. */
  folder: string
  /** The same below home, as it is shown. */
  place: string
  /** The program in front, when that is not the shell itself. */
  program: string | null
  /** `slept`: kept over a sleep, or new; its shell starts when somebody looks at it. */
  state: 'running' | 'ended' | 'slept'
  /** How it ended: the code, or 128 and the signal's number. */
  exitCode: number | null
  /** Another one for each shell that was started in it. What was typed for one is never given to another. */
  generation: number
}

export type TerminalEvent =
  | { type: 'pong' }
  | { type: 'sessions'; sessions: SessionInfo[] }
  | { type: 'opened'; request: number; session: string }
  /** What follows in this view's binary frames draws the whole terminal anew, on an empty one of this size. */
  | { type: 'attached'; view: number; columns: number; rows: number; generation: number; typed: number }
  /** From here on the view's output is for this size. */
  | { type: 'size'; view: number; columns: number; rows: number }
  /** All input up to this number has reached the program. */
  | { type: 'typed'; session: string; number: number }
  /** This input reached no program: the one that it was for has ended. */
  | { type: 'untyped'; session: string; number: number }
  | { type: 'refused'; request: number | null; message: string }
  /** Something that happened to programs, whoever started them. */
  | { type: 'notice'; message: string }
