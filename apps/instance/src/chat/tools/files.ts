/** Reads, lists, writes and edits files of the home. */
import { isUtf8 } from 'node:buffer'
import { readdir } from 'node:fs/promises'
import * as z from 'zod/mini'
import { nameOf } from '../../files/api/names.ts'
import { PlainError } from '../../files/plain-words.ts'
import { isMissing } from '../../http/problem.ts'
import { defineTool, told } from './define.ts'
import { type Locate, pathField, toWrite } from './paths.ts'
import { isSecret, isSetting } from './places.ts'
import { readBytes, realPath } from './save.ts'
import type { Place, Tool, Verdict } from './tool.ts'

const LARGEST_READ = 4 * 1024 * 1024
/** Of one answer to the model. */
const LINES_READ = 2_000
const LETTERS_READ = 60_000
const LARGEST_WRITTEN = 2 * 1024 * 1024
const LISTED_AT_MOST = 500

const readInput = z.object({
  path: pathField('Path of the file, from the top of the home, such as notes/plan.md'),
  from_line: z.optional(told(z.int().check(z.minimum(1)), 'First line to read, counted from 1')),
  lines: z.optional(told(z.int().check(z.minimum(1), z.maximum(LINES_READ)), 'How many lines to read')),
})

const listInput = z.object({
  path: z.optional(pathField('Folder, from the top of the home; without it, the home itself')),
})
const writeInput = z.object({
  path: pathField('Path of the file, from the top of the home. Folders are made where they are missing.'),
  content: told(z.string().check(z.maxLength(LARGEST_WRITTEN)), 'The whole content of the file'),
})
const editInput = z.object({
  path: pathField('Path of the file, from the top of the home'),
  old_text: told(z.string().check(z.minLength(1)), 'The text to replace, exactly as it stands in the file'),
  new_text: told(z.string().check(z.maxLength(LARGEST_WRITTEN)), 'What comes in its place'),
  every: z.optional(told(z.boolean(), 'Replace every occurrence. Without it, there has to be exactly one.')),
})

export function fileTools({ tree }: Place, locate: Locate): Tool[] {
  const text = async (path: string) => {
    const bytes = await readBytes(tree, path, LARGEST_READ)
    if (!isUtf8(bytes) || bytes.subarray(0, 8_000).includes(0)) throw new PlainError(`${path} is no text.`)
    return bytes.toString('utf8')
  }
  // A link with a harmless name may lead to what has another.
  const toRead = async (typed: string): Promise<Verdict | null> => {
    const path = await realPath(tree, locate(typed))
    return isSecret(path) ? { risks: ['secrets'], command: null, what: `Read ~/${path}` } : null
  }
  const asSetting = async (typed: string): Promise<Verdict | null> => {
    const path = await realPath(tree, toWrite(locate, typed))
    const risks = [
      ...(isSecret(path) ? (['secrets'] as const) : []),
      ...(isSetting(path) ? (['settings'] as const) : []),
    ]
    return risks.length > 0 ? { risks, command: null, what: `Write ~/${path}` } : null
  }
  return [
    defineTool({
      name: 'read_file',
      description: `Reads a text file of the home, at most ${LINES_READ} lines at once.`,
      input: readInput,
      judge: ({ path }) => toRead(path),
      async run({ path, from_line = 1, lines = LINES_READ }) {
        const all = (await text(locate(path))).split('\n')
        const shown = all.slice(from_line - 1, from_line - 1 + lines)
        const cut = shown.join('\n').slice(0, LETTERS_READ).toWellFormed()
        const read = cut.split('\n').length
        const isWhole = from_line === 1 && read === all.length && cut.length === shown.join('\n').length
        return {
          text: isWhole ? cut : `${cut}\n[lines ${from_line}–${from_line + read - 1} of ${all.length}]`,
        }
      },
    }),
    defineTool({
      name: 'list_files',
      description: 'Lists a folder of the home: names, sizes, folders with a slash at the end.',
      input: listInput,
      run: async ({ path = '' }) => ({ text: await listing(tree, locate(path || '~')) }),
    }),
    defineTool({
      name: 'write_file',
      description:
        'Writes a text file of the home, new or as a whole. What was there before is kept, and the owner can take it back.',
      input: writeInput,
      judge: ({ path }) => asSetting(path),
      async run({ path, content }, call) {
        const located = toWrite(locate, path)
        await call.save(located, Buffer.from(content))
        return { text: `Wrote ~/${located} (${content.split('\n').length} lines).` }
      },
    }),
    defineTool({
      name: 'edit_file',
      description: 'Replaces a piece of a text file. Read the file first; the old text has to match exactly.',
      input: editInput,
      judge: ({ path }) => asSetting(path),
      async run({ path, old_text, new_text, every = false }, call) {
        const located = toWrite(locate, path)
        const before = await text(located)
        const count = before.split(old_text).length - 1
        if (count === 0) throw new PlainError(`${path}: the old text is not in it. Read it again.`)
        if (count > 1 && !every)
          throw new PlainError(
            `${path}: the old text is in it ${count} times. Give more of it, or set every.`,
          )
        await call.save(located, Buffer.from(before.split(old_text).join(new_text)))
        return { text: `Changed ~/${located} (${count === 1 ? 'one place' : `${count} places`}).` }
      },
    }),
  ]
}

async function listing(tree: Place['tree'], path: string): Promise<string> {
  await using folder = await tree.pin(path)
  if (!(await folder.stats()).isDirectory()) throw new PlainError(`${path} is no folder.`)
  const entries = await readdir(folder.self, { encoding: 'buffer', withFileTypes: true })
  const lines: string[] = []
  const shown = entries.slice(0, LISTED_AT_MOST)
  for (const entry of shown) {
    const name = nameOf(entry.name)
    if (entry.isDirectory()) lines.push(`${name}/`)
    else if (entry.isSymbolicLink()) lines.push(`${name} (link)`)
    else lines.push(`${name} ${await sizeOf(tree, path === '' ? name : `${path}/${name}`)}`)
  }
  lines.sort()
  const more = entries.length - shown.length
  const rest = more > 0 ? [`[${more} more]`] : []
  return lines.length === 0 ? 'The folder is empty.' : [...lines, ...rest].join('\n')
}

async function sizeOf(tree: Place['tree'], path: string): Promise<string> {
  try {
    await using spot = await tree.spot(path)
    return `${(await spot.stats())?.size ?? 0} B`
  } catch (error) {
    if (isMissing(error)) return ''
    throw error
  }
}
