import { expect, test } from 'vitest'
import { conversationOf } from '../log/tree.ts'
import type { Tool } from '../tools/tool.ts'
import { createUseTool } from './use-tool.ts'

test('does nothing that needs leave for whoever else writes in a conversation, whatever its owner allowed there', async () => {
  const conversation = conversationOf('one', [])
  conversation.allowed.add('deletes')
  const ran: string[] = []
  const tool: Tool = {
    ...{ name: 'run_command', description: '', schema: {} },
    judge: async () => ({ risks: ['deletes'], command: 'rm x', what: 'Run a command' }),
    async run(_, { id }) {
      ran.push(id)
      return { text: 'Done.' }
    },
  }
  const results: string[] = []
  const use = (ask: (() => Promise<'once'>) | null) =>
    createUseTool({
      ...{ conversation, turn: 'turn', tools: [tool], ask, now: () => 0 },
      saveFor: async () => [],
      append: async (entry) => void (entry.type === 'result' && results.push(entry.text)),
      live: () => undefined,
      signal: new AbortController().signal,
      log: () => undefined,
    })
  await use(null)({ type: 'tool_use', id: 'channel', name: 'run_command', input: {} })
  expect(results).toEqual([expect.stringContaining('nobody can be asked here')])
  await use(async () => 'once')({ type: 'tool_use', id: 'page', name: 'run_command', input: {} })
  expect(ran).toEqual(['page'])
})
