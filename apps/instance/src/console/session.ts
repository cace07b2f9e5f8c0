/** One console: keeps its folder and history, and runs a line at a time. */
import { appendFile } from 'node:fs/promises'
import { show } from '../files/home.ts'
import { inPlainWords, PlainError } from '../files/plain-words.ts'
import { type Outcome, type Surroundings, takeFlags } from './command.ts'
import { COMMANDS } from './commands/index.ts'
import { parseLine } from './parse.ts'

export interface LineResult {
  text: string
  failed: boolean
  /** As shown in the prompt. */
  cwd: string
  clear: boolean
}

export interface ConsoleSession {
  readonly cwd: string
  /** Never rejects: what went wrong is the text. */
  run(line: string): Promise<LineResult>
}

export type SessionOptions = Omit<Surroundings, 'cwd'> & {
  cwd?: string
  remember: (line: string) => Promise<void>
}

export function createSession({ cwd: start = '', remember, ...fixed }: SessionOptions): ConsoleSession {
  let cwd = start

  const execute = async (line: string): Promise<Outcome> => {
    const { words, redirect } = parseLine(line)
    const [name, ...rest] = words
    if (name === undefined) return {}
    const command = COMMANDS.get(name)
    if (!command) throw new PlainError(`I don’t know ${name}. Type help to see what I understand.`)
    const { args, flags } = takesText(name)
      ? { args: rest, flags: new Set<string>() }
      : takeFlags(rest, command)
    const at = { ...fixed, cwd }
    const outcome = await command.run(args, flags, at)
    if (!redirect) return outcome
    await store(at, redirect, `${outcome.text ?? ''}\n`)
    return { ...outcome, text: '' }
  }

  return {
    get cwd() {
      return cwd
    },
    async run(line) {
      // Forgetting a line, on a full disk for instance, must not keep it from running.
      if (line.trim() !== '') await remember(line.trim()).catch(() => undefined)
      try {
        const outcome = await execute(line)
        cwd = outcome.cwd ?? cwd
        return { text: outcome.text ?? '', failed: false, cwd: show(cwd), clear: outcome.clear ?? false }
      } catch (error) {
        return {
          text: inPlainWords(error, subjectOf(error, fixed.home.root)),
          failed: true,
          cwd: show(cwd),
          clear: false,
        }
      }
    },
  }
}

/** The words of these are text: a dash in it is no flag. */
const takesText = (name: string) => name === 'echo' || name === 'write' || name === 'ask'

async function store(at: Surroundings, to: { to: string; append: boolean }, text: string): Promise<void> {
  const path = await at.home.target(at.home.locate(at.cwd, to.to))
  await (to.append ? appendFile(path, text) : at.write(path, text))
}

/** What the owner typed, or the path of a system error as they know it. */
function subjectOf(error: unknown, root: string): string | undefined {
  if (!(error instanceof Error)) return undefined
  if ('subject' in error) return String(error.subject)
  if (!('path' in error)) return undefined
  const path = String(error.path)
  return path.startsWith(root) ? show(path.slice(root.length + 1)) : undefined
}
