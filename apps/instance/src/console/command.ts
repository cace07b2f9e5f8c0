/** What a console command is, and what it is given. */
import type { Ask } from '../ai/ask.ts'
import type { WriteAtomic } from '../files/atomic.ts'
import type { Home } from '../files/home.ts'
import { PlainError } from '../files/plain-words.ts'

export interface Surroundings {
  home: Home
  write: WriteAtomic
  owner: { handle: string; displayName: string }
  now: () => Date
  /** Folder below the home in which the session is. */
  cwd: string
  history: readonly string[]
  /** Throws a PlainError when the AI gives no answer, or this visitor may not ask it. */
  ask: Ask
}

export interface Outcome {
  text?: string
  cwd?: string
  clear?: boolean
}

export interface Command {
  usage: string
  about: string
  /** Letters of the flags that it knows. */
  flags?: string
  run(args: string[], flags: ReadonlySet<string>, at: Surroundings): Promise<Outcome> | Outcome
}

/** Separates `-l`, `-la`, `--` from the words. Throws a PlainError that shows the usage. */
export function takeFlags(words: string[], command: Command): { args: string[]; flags: Set<string> } {
  const flags = new Set<string>()
  const end = words.indexOf('--')
  const args = words.filter((word, index) => {
    if (index === end) return false
    if ((end !== -1 && index > end) || !/^-[a-zA-Z]+$/.test(word)) return true
    for (const flag of word.slice(1)) {
      if (!command.flags?.includes(flag))
        throw new PlainError(`I don’t know the option -${flag}. Usage: ${command.usage}`)
      flags.add(flag)
    }
    return false
  })
  return { args, flags }
}

/** The arguments as a list of known length; throws a PlainError that shows the usage when some are missing. */
export function need(args: string[], count: number, command: Command): string[] {
  if (args.length < count) throw new PlainError(`Usage: ${command.usage}`)
  return args
}
