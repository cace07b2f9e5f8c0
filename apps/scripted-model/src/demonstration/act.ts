/**
 * What the demonstration model does on a computer that offers it its tools: by simple rules, and step by step, since it
 * remembers nothing. How far it has come is told by the results that came back.
 */
import type { Prompt } from '../answer/prompt.ts'
import { APPS, type DemoApp, filesOf } from './apps.ts'

export interface Act {
  text: string
  /** `null`: it is done. */
  tool: { name: string; input: Record<string, unknown> } | null
}

/** `null`: nothing that it can do with tools. */
export function actOn(prompt: Prompt): Act | null {
  const { tools, asked, results } = prompt
  const has = (name: string) => tools.some((tool) => tool.name === name)
  if (!has('make_app') || !has('write_file')) return null
  const app = appFor(asked)
  if (app) return build(app, results)
  const single = SINGLE.find(({ pattern }) => pattern.test(asked))
  if (!single) return null
  if (!has(single.tool))
    return {
      text: `${ME} I would do that with ${single.tool}, which this computer does not offer me.`,
      tool: null,
    }
  const [result] = results
  if (result) return { text: resultWords(single.tool, result), tool: null }
  return { text: `${ME} ${single.words}`, tool: { name: single.tool, input: single.input(asked) } }
}

const ME = 'This is a demonstration model: I follow simple rules, and bill nobody.'

/** Whether the computer offers its tools: then no other is called by chance. */
export const isComputer = ({ tools }: Prompt): boolean => tools.some(({ name }) => name === 'make_app')

const BUILD = /\b(build|make|create|write|program|design|code|develop)\b/i
const OF_AN_APP = /\b(app|game|page|site|tool|clock|guest ?book|tic.?tac.?toe|noughts)\b/i

function appFor(asked: string): DemoApp | null {
  if (!BUILD.test(asked) || !OF_AN_APP.test(asked)) return null
  // What is named itself goes before what is only like it.
  const named = APPS.find(({ title }) => asked.toLowerCase().includes(title.toLowerCase()))
  return named ?? APPS.find((app) => app.asked.test(asked)) ?? null
}

function build(app: DemoApp, results: Prompt['results']): Act {
  const failed = results.find(({ isError }) => isError)
  if (failed)
    return { text: `I stop here, since something did not work: ${shorten(failed.text)}`, tool: null }
  const files = filesOf(app)
  const file = files[results.length]
  if (file) {
    const path = `apps/${app.name}/${file.path}`
    return {
      text: results.length === 0 ? beginning(app) : (BETWEEN[file.path] ?? 'Next.'),
      tool: { name: 'write_file', input: { path, content: file.content } },
    }
  }
  if (results.length === files.length) {
    const { name, title, icon, description, isOpen } = app
    return {
      text: 'Now I make an app of it.',
      tool: {
        name: 'make_app',
        input: { name, title, icon, description, ...(isOpen && { visitors_may_write: true }) },
      },
    }
  }
  return { text: ending(app), tool: null }
}

const beginning = ({ words }: DemoApp) =>
  `${ME} I can’t invent anything, but I know three small apps by heart, and I build one of them now, as a real model would: ${words}.\n\nFirst the page.`
const BETWEEN: Record<string, string> = {
  'style.css': 'Then how it looks, by day and by night.',
  'app.js': 'And what it does.',
}
const ending = ({ title, isOpen }: DemoApp) =>
  `**${title}** is ready: open it, change any of its files, and show it to others${isOpen ? '; visitors may write in it' : ''}.\n\nThis was a demonstration. A real model builds what you think of.`

interface Single {
  pattern: RegExp
  tool: string
  words: string
  input: (asked: string) => Record<string, unknown>
}

const SINGLE: readonly Single[] = [
  {
    pattern: /^\s*(please\s+)?(run|execute)\b/i,
    tool: 'run_command',
    words: 'I run it.',
    input: (asked) => ({
      command: quoted(asked) ?? asked.replace(/^\s*(please\s+)?(run|execute)\s*:?\s*/i, '').trim(),
    }),
  },
  {
    pattern: /\bremember\b/i,
    tool: 'remember',
    words: 'I write it down.',
    input: (asked) => ({
      fact: asked.replace(/^.*?\bremember\b\s*(that\s+)?/is, '').trim() || asked,
      kind: 'memory',
    }),
  },
  {
    pattern: /\b(list|show|which|what)\b.*\bfiles?\b/i,
    tool: 'list_files',
    words: 'I look.',
    input: (asked) => ({ path: /\bin\s+([\w./-]+)/i.exec(asked)?.[1] ?? '' }),
  },
  {
    pattern: /\bread\b.*\S+\.\w+/i,
    tool: 'read_file',
    words: 'I read it.',
    input: (asked) => ({ path: quoted(asked) ?? /(\S+\.\w+)/.exec(asked)?.[1] ?? '' }),
  },
]

const quoted = (text: string) => /`([^`]+)`/.exec(text)?.[1] ?? null

function resultWords(tool: string, { text, isError }: Prompt['results'][number]): string {
  if (isError) return `That did not work:\n\n\`\`\`text\n${shorten(text)}\n\`\`\``
  if (tool === 'remember') return 'I’ll know that from now on, in every conversation.'
  return `Here is what I got:\n\n\`\`\`text\n${shorten(text)}\n\`\`\``
}

const LONGEST = 1_500
const shorten = (text: string) =>
  text.length <= LONGEST ? text : `${[...text].slice(0, LONGEST - 1).join('')}…`
