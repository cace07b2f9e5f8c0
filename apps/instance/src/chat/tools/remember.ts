/** Keeps what should be known in every conversation: in the memory, or in the soul. Both are files that their owner edits. */
import * as z from 'zod/mini'
import { isMissing } from '../../http/problem.ts'
import { MEMORY_FILE } from '../places.ts'
import { defineTool, told } from './define.ts'
import { readBytes } from './save.ts'
import type { Place, Tool } from './tool.ts'

export const SOUL_FILE = 'system/soul.md'
const LARGEST = 256 * 1024
const MEMORY_BEGINS = '# Memory\n\nWhat I was asked to remember. Change or remove any line.\n'

const input = z.object({
  fact: told(z.string().check(z.minLength(1), z.maxLength(500)), 'One sentence, as it should be remembered'),
  kind: told(
    z.enum(['memory', 'soul']),
    'memory: a fact or a wish of the owner. soul: how this computer should be or behave, only when the owner asks for that',
  ),
})

export const rememberTool = ({ tree }: Place): Tool =>
  defineTool({
    name: 'remember',
    description:
      'Keeps one fact for all later conversations. Use it when the owner asks you to remember something, or tells you something about themselves that will matter again.',
    input,
    async run({ fact, kind }, call) {
      const path = kind === 'memory' ? MEMORY_FILE : SOUL_FILE
      const before = await readOr(tree, path, kind === 'memory' ? MEMORY_BEGINS : '# Soul\n')
      const line = `- ${fact.replaceAll(/\s+/g, ' ').trim()}`
      if (before.split('\n').includes(line)) return { text: 'That is remembered already.' }
      await call.save(path, Buffer.from(`${before.trimEnd()}\n${gap(before)}${line}\n`))
      return { text: `Remembered in ~/${path}.` }
    },
  })

/** Lists go on, everything else is left apart. */
const gap = (before: string) => (/(^|\n)- [^\n]*\n*$/.test(before) ? '' : '\n')

async function readOr(tree: Place['tree'], path: string, otherwise: string): Promise<string> {
  try {
    return (await readBytes(tree, path, LARGEST)).toString('utf8')
  } catch (error) {
    if (isMissing(error)) return otherwise
    throw error
  }
}
