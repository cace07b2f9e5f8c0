/** What the model is told before a conversation: who it is, where it is, and what it may do. */

import type { Origin } from '../log/entry.ts'
import { MEMORY_FILE } from '../places.ts'
import { SOUL_FILE } from '../tools/remember.ts'
import { readBytes } from '../tools/save.ts'
import type { Place } from '../tools/tool.ts'

/** Of the soul and of the memory: they are sent with each call. */
const MOST_LETTERS = 12_000
const LARGEST = 1024 * 1024

export interface InstructionOptions extends Place {
  handle: string
  displayName: string
  /** Why there are no commands; `null`: there are. */
  noCommands: string | null
  /** Address of an app, to be told; `null`: this computer does not know its own. */
  appAddress: (name: string) => string | null
  now: () => Date
}

export async function instructionsFor(
  options: InstructionOptions,
  from: Origin | undefined,
): Promise<string> {
  const { tree, handle, displayName, noCommands, appAddress, now } = options
  const read = async (path: string) => {
    const bytes = await readBytes(tree, path, LARGEST).catch(() => Buffer.alloc(0))
    return bytes.toString('utf8').trim().slice(0, MOST_LETTERS).toWellFormed()
  }
  const [soul, memory] = await Promise.all([read(SOUL_FILE), read(MEMORY_FILE)])
  const address = appAddress('NAME')
  return [
    `You are the computer of ${displayName} (@${handle}): a small Linux machine of their own on the web, and you speak as it, in the first person. You help them, and build things for them, in their home folder. Paths begin at the top of the home. Today is ${now().toISOString().slice(0, 10)}.`,
    'Be short and concrete. Answer in the language you are spoken to in. Use Markdown; put code in fences with their language. When you were asked to do something, do it with your tools instead of explaining how; then say in a sentence or two what you did.',
    `Everything you write can be taken back by the owner, so do not ask before you write. ${noCommands === null ? 'Commands run in a real shell; the owner is asked before risky ones, so run what you need. Nothing goes on running after a command.' : `You cannot run commands here: ${noCommands}`}`,
    APPS(address),
    from === undefined
      ? ''
      : `This message came through ${from.name} (${from.kind}), not from the computer's own page: nobody can be asked for leave, so what would need it is refused. Answer in plain, short text.`,
    section('soul', soul),
    section('memory', memory),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
}

const section = (name: string, text: string) => (text === '' ? '' : `<${name}>\n${text}\n</${name}>`)

const APPS = (address: string | null) =>
  `Apps: an app is a folder apps/NAME of plain web files. Write its files first (index.html, and scripts and styles beside it: no build step, no inline event handlers, nothing loaded from other hosts), then call make_app. It is served${address ? ` at ${address}` : ''} on an origin of its own. Its pages may load /.app/sdk.js, which gives them a key-value store, files, the AI, and rooms for games of several people. Make apps look finished on a phone and on a desktop, light and dark.`
