/** What the demonstration model does on a computer: a whole conversation by its real protocol, with tools that the test plays. */
import type Anthropic from '@anthropic-ai/sdk'
import { expect, test } from 'vitest'
import { clientOf } from '../anthropic/testing/client.ts'
import { startScriptedModel } from '../server.ts'
import { APPS, filesOf } from './apps.ts'

const tool = (name: string): Anthropic.Tool => ({ name, input_schema: { type: 'object' } })
const TOOLS = ['write_file', 'make_app', 'run_command', 'list_files', 'remember', 'read_file'].map(tool)

/** Runs until it asks for nothing more; resolves to what it called, and its last words. */
async function converse(words: string, { tools = TOOLS, isError = false } = {}) {
  await using model = await startScriptedModel()
  const client = clientOf(model)
  const messages: Anthropic.MessageParam[] = [{ role: 'user', content: words }]
  const calls: Anthropic.ToolUseBlock[] = []
  for (;;) {
    const answer = await client.messages.create({
      model: 'claude-haiku-4-5',
      max_tokens: 16_000,
      tools,
      messages,
    })
    const called = answer.content.filter((block) => block.type === 'tool_use')
    calls.push(...called)
    const said = answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('')
    if (answer.stop_reason !== 'tool_use') return { calls, said }
    messages.push({ role: 'assistant', content: answer.content })
    const results = called.map(({ id }) => ({
      ...{ type: 'tool_result' as const, tool_use_id: id, content: 'Done: one.txt', is_error: isError },
    }))
    messages.push({ role: 'user', content: results })
  }
}

test.each([
  ['Build me a tic-tac-toe game that two people can play together from different places.', 'tic-tac-toe'],
  ['Build me a guestbook where visitors leave a name and a short message.', 'guestbook'],
  ['Build me a pixel clock that fills the screen and changes its colours with the hour.', 'pixel-clock'],
  ['make a small multiplayer game', 'tic-tac-toe'],
])('builds what was asked for: %s', async (words, name) => {
  const { calls, said } = await converse(words)
  const files = filesOf({ name })
  expect(calls.slice(0, -1).map(({ input }) => input)).toEqual(
    files.map(({ path, content }) => ({ path: `apps/${name}/${path}`, content })),
  )
  expect(calls.at(-1)).toMatchObject({ name: 'make_app', input: { name } })
  expect(said).toContain('This was a demonstration.')
})

test('has the files of each app, none of which is loaded from elsewhere', () => {
  for (const app of APPS) {
    const files = filesOf(app)
    expect(files.map(({ path }) => path)).toEqual(['index.html', 'style.css', 'app.js'])
    for (const { content } of files) expect(content).not.toMatch(/(src|href)="https?:|onclick|innerHTML/)
  }
})

test.each([
  ['Run `ls -la`', 'run_command', { command: 'ls -la' }],
  ['run ls notes', 'run_command', { command: 'ls notes' }],
  ['Please remember that I like green', 'remember', { fact: 'I like green', kind: 'memory' }],
  ['List the files in notes', 'list_files', { path: 'notes' }],
  ['Read notes/pad.md', 'read_file', { path: 'notes/pad.md' }],
])('does one thing: %s', async (words, name, input) => {
  const { calls, said } = await converse(words)
  expect(calls).toMatchObject([{ name, input }])
  expect(said).not.toBe('')
})

test('stops where something did not work, and says so', async () => {
  const { calls, said } = await converse('Build me a pixel clock', { isError: true })
  expect(calls).toHaveLength(1)
  expect(said).toContain('Done: one.txt')
})

test('calls nothing by chance on a computer, and says what is missing there', async () => {
  expect((await converse('Write me a command for my files')).calls).toEqual([])
  const { calls, said } = await converse('run ls', { tools: TOOLS.slice(0, 2) })
  expect(calls).toEqual([])
  expect(said).toContain('does not offer')
})
