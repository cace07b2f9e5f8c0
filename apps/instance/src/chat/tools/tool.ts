/** What a tool of the AI is. */
import type { Tree } from '../../files/api/tree.ts'
import type { Risk } from '../log/entry.ts'

export interface ToolCall {
  /** Of this call, as the model's provider named it. */
  id: string
  conversation: string
  /** Aborted when the person stops the answer. */
  signal: AbortSignal
  /** Shown while it runs. */
  output(text: string): void
  /** Writes a file of the home, so that it can be taken back. */
  save(path: string, bytes: Uint8Array): Promise<void>
}

export interface Outcome {
  /** For the model, and for whoever unfolds it. */
  text: string
  isError?: boolean
  app?: { name: string; title: string }
}

export interface Verdict {
  risks: Risk[]
  /** As it would be run, where it is a command. */
  command: string | null
  /** What it would do, without saying what may come of it. */
  what: string
}

export interface Tool {
  name: string
  description: string
  /** JSON schema of its input. */
  schema: Record<string, unknown>
  /** `null`: it may do this unasked. Throws a PlainError for an input that makes no sense. */
  judge(input: unknown): Promise<Verdict | null>
  /** What goes wrong is thrown, and told in plain words. */
  run(input: unknown, call: ToolCall): Promise<Outcome>
}

export interface Place {
  tree: Tree
  /** The home, absolute, without links. */
  root: string
}
