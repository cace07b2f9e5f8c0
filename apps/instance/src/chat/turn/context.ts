/** A conversation as the model gets it: messages in turn, tools with their results, and no more than it reads at once. */
import type { ContentBlockParam, ToolResultBlockParam } from '@anthropic-ai/sdk/resources/messages'
import type { Block, Image } from '../log/entry.ts'
import { type Conversation, type Item, pathTo, type Turn } from '../log/tree.ts'

/** Tokens of what is sent at most, roughly: dear, and slow, long before a model could not read them. */
export const MOST_TOKENS = 90_000
const LETTERS_PER_TOKEN = 3.2
const IMAGE_TOKENS = 1_600
/** Results of tools that are older than so many messages are kept short. */
const RECENT_ITEMS = 6
const OLD_RESULT_LETTERS = 600

export interface ContextOptions {
  conversation: Conversation
  /** What is to be answered: a message, or an answer that goes on. */
  last: string
  /** Base64; `null`: the file is gone. */
  imageOf: (image: Image) => Promise<{ mediaType: ImageType; data: string } | null>
  mostTokens?: number
}
export type ImageType = 'image/jpeg' | 'image/png' | 'image/webp' | 'image/gif'

/** One side's turn. */
export interface Sent {
  role: 'user' | 'assistant'
  content: ContentBlockParam[]
}

export interface Context {
  messages: Sent[]
  /** Messages of the beginning that were left out. */
  leftOut: number
}

export async function contextOf(options: ContextOptions): Promise<Context> {
  const { conversation, last, imageOf, mostTokens = MOST_TOKENS } = options
  const path = pathTo(conversation, last)
  const groups: Sent[][] = []
  for (const [index, item] of path.entries()) {
    const isOld = index < path.length - RECENT_ITEMS
    if (item.kind === 'said') groups.push([await messageOf(item, imageOf)])
    else groups.push(messagesOf(conversation, item.turn, isOld))
  }
  let from = 0
  let tokens = groups.flat().reduce((sum, message) => sum + tokensOf(message), 0)
  // What is to be answered stays, however long it is.
  const end = path.findLastIndex(({ kind }) => kind === 'said')
  while (tokens > mostTokens && from < end) {
    tokens -= (groups[from] ?? []).reduce((sum, message) => sum + tokensOf(message), 0)
    from++
  }
  // It begins with what a person said.
  while (from < end && path[from]?.kind !== 'said') from++
  const messages = merged(groups.slice(from).flat())
  if (from > 0) messages.unshift(...LEFT_OUT)
  return { messages: merged(messages), leftOut: from }
}

const LEFT_OUT: Sent[] = [
  {
    role: 'user',
    content: [{ type: 'text', text: '[The beginning of this conversation was left out: it is too long.]' }],
  },
  { role: 'assistant', content: [{ type: 'text', text: 'I go on without it.' }] },
]

async function messageOf(
  { said }: Extract<Item, { kind: 'said' }>,
  imageOf: ContextOptions['imageOf'],
): Promise<Sent> {
  const content: ContentBlockParam[] = []
  for (const image of said.images) {
    const found = await imageOf(image)
    if (!found) content.push({ type: 'text', text: `[The picture ${image.name} is no longer there.]` })
    else
      content.push({
        type: 'image',
        source: { type: 'base64', media_type: found.mediaType, data: found.data },
      })
  }
  const who = said.from ? `[through ${said.from.name}]\n` : ''
  if (said.text.trim() !== '' || content.length === 0)
    content.push({ type: 'text', text: `${who}${said.text}` || '…' })
  return { role: 'user', content }
}

/** Each call of a tool is followed by its result: one that was lost has one that says so. */
function messagesOf(conversation: Conversation, turn: Turn, isOld: boolean): Sent[] {
  const messages: Sent[] = []
  for (const { content } of turn.steps) {
    const blocks = content.filter(isSent)
    if (blocks.length === 0) continue
    messages.push({ role: 'assistant', content: blocks.map(paramOf) })
    const calls = blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))
    if (calls.length > 0) {
      messages.push({ role: 'user', content: calls.map((id) => resultOf(conversation, id, isOld)) })
    }
  }
  const how = turn.ended?.how
  if (how !== undefined && how !== 'done')
    messages.push({ role: 'user', content: [{ type: 'text', text: `[This answer ended early: ${how}.]` }] })
  return messages
}

/** An empty text is refused. */
const isSent = (block: Block) => block.type !== 'text' || block.text.trim() !== ''

function paramOf(block: Block): ContentBlockParam {
  if (block.type === 'text') return { type: 'text', text: block.text }
  if (block.type === 'tool_use') {
    const { id, name, input } = block
    return { type: 'tool_use', id, name, input: typeof input === 'object' && input !== null ? input : {} }
  }
  return block
}

function resultOf({ results, undone }: Conversation, id: string, isOld: boolean): ToolResultBlockParam {
  const result = results.get(id)
  if (!result) {
    return {
      type: 'tool_result',
      tool_use_id: id,
      is_error: true,
      content: 'This was interrupted before it was done.',
    }
  }
  const text =
    isOld && result.text.length > OLD_RESULT_LETTERS
      ? `${result.text.slice(0, OLD_RESULT_LETTERS).toWellFormed()} …`
      : result.text
  const note = undone.has(id) ? '\n[The owner has taken this back.]' : ''
  return {
    type: 'tool_result',
    tool_use_id: id,
    is_error: result.isError,
    content: `${text}${note}` || 'Done.',
  }
}

/** Two of one side after each other become one. */
function merged(messages: readonly Sent[]): Sent[] {
  const all: Sent[] = []
  for (const { role, content } of messages) {
    const last = all.at(-1)
    if (last?.role === role) last.content = [...last.content, ...content]
    else all.push({ role, content })
  }
  return all
}

function tokensOf({ content }: Sent): number {
  return content.reduce(
    (sum, block) =>
      sum +
      (block.type === 'image' ? IMAGE_TOKENS : Math.ceil(JSON.stringify(block).length / LETTERS_PER_TOKEN)),
    0,
  )
}
