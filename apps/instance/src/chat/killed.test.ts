/** The chat's process is killed, asked by channels, and denied to others. */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { PlainError } from '../files/plain-words.ts'
import { bootChat, chatProcess, isAlive } from '../testing/chat.ts'
import { createChatDoor } from './door.ts'

test('killed in the middle of a tool, it says so, and nothing is half-written', async () => {
  await using it = await bootChat()
  await writeFile(join(it.home, 'a.md'), 'before')
  const mark = join(it.home, 'late.txt')
  it.provider.will(
    { tools: [{ name: 'write_file', input: { path: 'a.md', content: 'after' } }] },
    {
      text: 'Now I wait.',
      tools: [{ name: 'run_command', input: { command: 'echo $$; sleep 1; touch late.txt; sleep 300' } }],
    },
  )
  const page = await it.page()
  await page.say('first', 'Do it', { id: 'message' })
  const asked = await page.until(() => page.live().find((one) => one.kind === 'question' && one.question))
  const tool = asked.kind === 'question' ? (asked.question?.tool ?? '') : ''
  page.send({ type: 'decide', conversation: 'first', tool, decision: 'once' })
  const output = await page.until(() => page.live().find((one) => one.kind === 'output'))
  const shell = Number(output.kind === 'output' ? output.text : Number.NaN)
  process.kill(await chatProcess(), 'SIGKILL')
  await page.closed
  // What it ran ends with it.
  await expect.poll(() => isAlive(shell)).toBe(false)

  // Who comes before that end is known is handed to what is dead; a page connects once more then.
  await using next = await vi.waitFor(it.page, { timeout: 15_000 })
  next.send({ type: 'look', conversation: 'first' })
  await next.event('conversation')
  const turn = await next.answer('message')
  expect(turn.ended.how).toBe('interrupted')
  expect(next.conversation().results.get(tool)).toMatchObject({
    isError: true,
    text: 'I was stopped in the middle of this. Nothing was written.',
  })
  expect(await readFile(join(it.home, 'a.md'), 'utf8')).toBe('after')
  expect(await readdir(join(it.home, '.uploads'))).toEqual([])
  await expect(readFile(mark)).rejects.toThrow()
  // And it goes on.
  it.provider.will({ text: 'Here I am again.' })
  next.send({ type: 'retry', conversation: 'first', message: 'message', id: 'again' })
  await next.until(() => next.conversation().turns.get('again')?.ended?.how === 'done')
})

test('ends its process when nobody looks any more, and starts it again', async () => {
  await using it = await bootChat()
  const page = await it.page()
  await page.event('hello')
  const pid = await chatProcess()
  page.close()
  await expect.poll(() => isAlive(pid)).toBe(false)
  await using again = await it.page()
  await again.event('hello')
})

test('answers what came another way once, with its origin, and does nothing there that needs leave', async () => {
  await using it = await bootChat()
  await writeFile(join(it.home, 'a.txt'), '')
  const door = createChatDoor({
    settings: { ...it.settings, denylist: 'default', platform: null },
    home: it.home,
    notifyAway: async () => undefined,
    askOthers: async () => '',
    denied: { follow: () => undefined, report: () => undefined },
    log: () => undefined,
  })
  const question = {
    id: 'telegram:1',
    conversation: 'telegram-7',
    words: 'Tidy up',
    from: { kind: 'channel', name: 'Telegram' },
  } as const
  it.provider.will(
    { tools: [{ name: 'run_command', input: { command: 'rm a.txt' } }] },
    { text: 'I may not.' },
    { text: 'Second.' },
  )
  const [one, same] = await Promise.all([door.ask(question), door.ask(question)])
  expect([one, same]).toEqual([{ text: 'I may not.' }, { text: 'I may not.' }])
  expect(await readdir(it.home)).toContain('a.txt')
  expect(JSON.stringify(it.provider.asked[1]?.messages)).toContain('nobody can be asked here')
  expect(it.provider.asked[0]?.system[0]?.text).toContain('through Telegram')
  expect(await door.ask({ ...question, id: 'telegram:2', words: 'And?' })).toEqual({ text: 'Second.' })
  await door.stop()
  // Also over a restart.
  const next = createChatDoor({
    settings: { ...it.settings, denylist: 'default', platform: null },
    home: it.home,
    notifyAway: async () => undefined,
    askOthers: async () => '',
    denied: { follow: () => undefined, report: () => undefined },
    log: () => undefined,
  })
  expect(await next.ask(question)).toEqual({ text: 'I may not.' })
  it.provider.will({ error: { status: 402, type: 'billing_error', message: 'Used up.' } })
  await expect(next.ask({ ...question, id: 'telegram:3' })).rejects.toMatchObject({
    message: 'Used up.',
    isPassing: false,
  })
  await next.stop()
  await using page = await it.page()
  const { conversations } = await page.event('hello')
  expect(conversations).toMatchObject([{ id: 'telegram-7', from: 'Telegram' }])
})

test('is the owner’s alone, with its files', async () => {
  await using it = await bootChat()
  const viewer = { 'x-mos-role': 'viewer', 'x-mos-user': 'bob' }
  await expect(it.instance.open('/ws/chat', { headers: viewer })).rejects.toThrow('refused with 404')
  await expect(it.instance.open('/ws/chat', { headers: { 'x-mos-app': 'game' } })).rejects.toThrow('refused')
  await expect(it.instance.open('/ws/chat', { origin: 'https://evil.example' })).rejects.toThrow(
    'refused with 403',
  )
  const page = await it.page()
  it.provider.will({ text: 'Private.' })
  await page.answer(await page.say('first', 'Between us'))
  page.close()
  for (const path of ['chats/first.jsonl', 'chats', 'system/memory.md']) {
    await writeFile(join(it.home, 'system/memory.md'), 'x')
    const answer = await fetch(it.instance.url(`/api/files/content?path=${encodeURIComponent(path)}`), {
      headers: viewer,
    })
    expect(answer.status, path).toBe(403)
  }
})

test('offers no commands where there is no shell, and says why', async () => {
  await using it = await bootChat({ terminal: { kind: 'console', reason: 'No shell here.' } })
  await using page = await it.page()
  expect((await page.event('hello')).noCommands).toBe('No shell here.')
  await page.answer(await page.say('first', 'Hello'))
  expect(it.provider.asked[0]?.tools.map(({ name }) => name)).not.toContain('run_command')
  expect(it.provider.asked[0]?.system[0]?.text).toContain('No shell here.')
})

test('asks another’s AI by a tool, and tells the model its answer, or why there is none', async () => {
  await using it = await bootChat()
  const asked: { id: string; handle: string; words: string }[] = []
  const door = createChatDoor({
    settings: { ...it.settings, denylist: 'default', platform: { url: 'http://platform.test', token: 't' } },
    home: it.home,
    notifyAway: async () => undefined,
    async askOthers(question) {
      asked.push(question)
      if (question.handle === '@nobody') throw new PlainError('There is nobody called @nobody here.')
      return 'On Tuesday.'
    },
    denied: { follow: () => undefined, report: () => undefined },
    log: () => undefined,
  })
  const input = (handle: string) => ({ handle, question: 'Which day suits you?' })
  it.provider.will(
    { tools: [{ name: 'ask_ai', input: input('@bob') }] },
    { tools: [{ name: 'ask_ai', input: input('@nobody') }] },
    { text: 'Bob says Tuesday.' },
  )
  const from = { kind: 'schedule', name: 'Every morning' } as const
  const words = 'Ask bob and nobody which day suits them'
  const answer = await door.ask({ id: 'schedule-1', conversation: 'schedules', words, from })
  expect(answer).toEqual({ text: 'Bob says Tuesday.' })
  expect(asked.map(({ handle, words }) => [handle, words])).toEqual([
    ['@bob', 'Which day suits you?'],
    ['@nobody', 'Which day suits you?'],
  ])
  expect(asked[0]?.id).toMatch(/^schedules\..+/)
  expect(JSON.stringify(it.provider.asked[1]?.messages)).toContain('On Tuesday.')
  expect(JSON.stringify(it.provider.asked[2]?.messages)).toContain('There is nobody called @nobody here.')
  await door.stop()
})
