/** What was under way when the process before this one ended, at a sleep or a kill: brought to an end, in plain words. */
import type { Tree } from '../files/api/tree.ts'
import type { Open } from './desk.ts'
import type { Chats } from './store.ts'
import { changesOf } from './tools/save.ts'

export const recoverWith =
  (tree: Tree, chats: Chats, now: () => number) =>
  async ({ conversation, append }: Open): Promise<void> => {
    const unfinished = [...conversation.turns.values()].filter(({ ended }) => ended === null)
    for (const { id: turn, steps } of unfinished) {
      const calls = steps
        .flatMap(({ content }) => content)
        .flatMap((one) => (one.type === 'tool_use' ? [one.id] : []))
      for (const tool of calls.filter((one) => !conversation.results.has(one))) {
        await using keep = await chats.keepFolder(conversation.id)
        const changes = await changesOf(tree, keep, tool)
        const text =
          changes.length > 0 ? `${LOST} What it had written is whole.` : `${LOST} Nothing was written.`
        await append({
          ...{ type: 'result', turn, tool, text, isError: true, at: now() },
          ...(changes.length > 0 && { changes }),
        })
      }
      await append({ type: 'ended', turn, how: 'interrupted', at: now() })
    }
  }

const LOST = 'I was stopped in the middle of this.'
