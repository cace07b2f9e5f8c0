/** The chat of a whole instance, with its process, as a page sees it; the model's provider is played. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openChatPage } from '../testing/chat.ts'
import { bootInstance } from '../testing/instance.ts'
import { playProvider } from '../testing/provider.ts'
import { textOf } from './log/tree.ts'

async function boot() {
  const provider = await playProvider()
  const instance = await bootInstance({
    ai: { url: provider.url, token: 'test' },
    terminal: { kind: 'pty', shell: '/bin/bash' },
    externalOrigin: null,
  })
  const origin = `ws://127.0.0.1:${instance.port}`
  return {
    ...{ provider, instance, origin, home: instance.home },
    page: () => openChatPage(origin),
    async [Symbol.asyncDispose]() {
      await instance[Symbol.asyncDispose]()
      await provider[Symbol.asyncDispose]()
    },
  }
}

test('answers word by word, and keeps the conversation as a file', async () => {
  await using it = await boot()
  await using page = await it.page()
  it.provider.will({ text: 'Hello, Alice.', cost: '0.0021' })
  const turn = await page.answer(await page.say('first', 'Say hello to me, please'))
  expect(textOf(turn)).toBe('Hello, Alice.')
  expect(turn.ended.how).toBe('done')
  expect(turn.steps[0]?.cost).toEqual({ usd: '0.0021', left: '4.5' })
  expect(page.live()).toContainEqual({ kind: 'text', text: 'Hello, Alice.' })
  expect(page.conversation().title).toBe('Say hello to me, please')
  const lines = (await readFile(join(it.home, 'chats/first.jsonl'), 'utf8')).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).type)).toEqual([
    'begun',
    'said',
    'title',
    'turn',
    'step',
    'ended',
  ])
  expect(it.provider.asked[0]).toMatchObject({ model: 'claude-haiku-4-5' })
})

test('writes a file with a tool, and takes it back', async () => {
  await using it = await boot()
  await using page = await it.page()
  await mkdir(join(it.home, 'plans'))
  await writeFile(join(it.home, 'plans/a.md'), 'before')
  it.provider.will(
    { text: 'I write it.', tools: [{ name: 'write_file', input: { path: 'plans/a.md', content: 'after' } }] },
    { text: 'Done.' },
  )
  const turn = await page.answer(await page.say('first', 'Write'))
  expect(turn.ended.how).toBe('done')
  expect(await readFile(join(it.home, 'plans/a.md'), 'utf8')).toBe('after')
  const [tool = ''] = page.conversation().results.keys()
  page.send({ type: 'undo', conversation: 'first', tool, anyway: false })
  await page.until(() => page.conversation().undone.has(tool))
  expect(await readFile(join(it.home, 'plans/a.md'), 'utf8')).toBe('before')
  expect((await readdir(join(it.home, '.uploads'))).filter((name) => name.startsWith('chat-'))).toEqual([])
})

test('runs a command, live', async () => {
  await using it = await boot()
  await using page = await it.page()
  it.provider.will(
    { tools: [{ name: 'run_command', input: { command: 'echo one; echo two' } }] },
    { text: 'Done.' },
  )
  await page.answer(await page.say('first', 'Run'))
  const [result] = page.conversation().results.values()
  expect(result).toMatchObject({ text: 'one\ntwo', isError: false })
  expect(page.live().some((live) => live.kind === 'output' && live.text.includes('one'))).toBe(true)
})
