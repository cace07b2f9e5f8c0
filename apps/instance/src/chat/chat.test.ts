/** The chat of a whole instance, with its process, as a page sees it; the model's provider is played. */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bootChat, isAlive } from '../testing/chat.ts'
import { textOf } from './log/tree.ts'

test('answers word by word, and keeps the conversation as a file', async () => {
  await using it = await bootChat()
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
  // The least expensive of those that there are.
  expect(it.provider.asked[0]).toMatchObject({ model: 'claude-haiku-4-5' })
  expect(it.provider.asked[0]?.system[0]?.text).toContain('@alice')
})

test('takes a message once, however often it is sent, and answers one that was not answered', async () => {
  await using it = await bootChat()
  await using page = await it.page()
  it.provider.will({ text: 'Once.' }, { text: 'Twice.' })
  const id = await page.say('first', 'Hello', { id: 'message-1' })
  await page.answer(id)
  await page.say('first', 'Hello', { id })
  await page.event('taken', () => page.events.filter(({ type }) => type === 'taken').length === 2)
  expect([...page.conversation().turns.values()].map(textOf)).toEqual(['Once.'])
  expect(it.provider.asked).toHaveLength(1)
})

test('shows a page that comes in the middle what was said so far, and stops where it is told to', async () => {
  await using it = await bootChat()
  await using page = await it.page()
  const never = Promise.withResolvers<void>()
  it.provider.will({ text: 'A beginning', until: never.promise })
  const id = await page.say('first', 'Tell me a story')
  await page.until(() => page.live().some(({ kind }) => kind === 'text'))
  await using other = await it.page()
  other.send({ type: 'look', conversation: 'first' })
  const seen = await other.event('conversation')
  expect(seen.running).toMatchObject({ text: 'A beginning' })
  other.send({ type: 'stop', conversation: 'first' })
  const turn = await page.answer(id)
  expect(turn.ended.how).toBe('stopped')
  expect(textOf(turn)).toBe('A beginning')
  never.resolve()
})

test('branches where a message is changed, and where it is answered again', async () => {
  await using it = await bootChat()
  await using page = await it.page()
  it.provider.will({ text: 'A1' }, { text: 'A2' }, { text: 'B1' })
  const first = await page.say('first', 'One')
  const answer = await page.answer(first)
  const second = await page.say('first', 'Two', { parent: answer.id })
  await page.answer(second)
  const changed = await page.say('first', 'Two, but other', { parent: answer.id })
  expect(textOf(await page.answer(changed))).toBe('B1')
  // What was said on the other branch is none of this one's.
  const sent = JSON.stringify(it.provider.asked[2]?.messages)
  expect(sent).toContain('Two, but other')
  expect(sent).not.toContain('A2')
  it.provider.will({ text: 'A1 again' })
  page.send({ type: 'retry', conversation: 'first', message: first, id: 'again' })
  await page.until(() => page.conversation().turns.get('again')?.ended)
  expect([...page.conversation().turns.values()].filter(({ parent }) => parent === first)).toHaveLength(2)
})

test('gives no answer the id of a message, which it would follow without end', async () => {
  await using it = await bootChat()
  await using page = await it.page()
  it.provider.will({ text: 'One' }, { text: 'Two' })
  const first = await page.say('first', 'Hello')
  const { id: parent } = await page.answer(first)
  page.send({ type: 'retry', conversation: 'first', message: first, id: first })
  await page.answer(await page.say('first', 'And now?', { parent }))
  expect(page.conversation().turns.has(first)).toBe(false)
})

test('writes a file with a tool, and takes it back', async () => {
  await using it = await bootChat()
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
  // The model is told of it when it is asked the next time.
  it.provider.will({ text: 'I see.' })
  await page.answer(await page.say('first', 'And now?', { parent: turn.id }))
  expect(JSON.stringify(it.provider.asked.at(-1)?.messages)).toContain('The owner has taken this back.')
})

test('runs a harmless command at once, and asks about others: no, once, always', async () => {
  await using it = await bootChat()
  await using page = await it.page()
  await writeFile(join(it.home, 'a.txt'), 'a')
  const rm = (name: string) => ({
    tools: [{ name: 'run_command', input: { command: `rm ${name}.txt && echo gone` } }],
  })
  const decide = async (decision: 'once' | 'always' | 'deny', after: number) => {
    const asked = await page.until(
      () => page.live().filter((one) => one.kind === 'question' && one.question)[after],
    )
    const tool = asked.kind === 'question' ? (asked.question?.tool ?? '') : ''
    expect(asked).toMatchObject({ question: { risks: ['deletes'], command: expect.stringContaining('rm ') } })
    page.send({ type: 'decide', conversation: 'first', tool, decision })
  }
  it.provider.will({ tools: [{ name: 'run_command', input: { command: 'echo one; echo two' } }] }, rm('a'), {
    text: 'Done.',
  })
  const first = await page.say('first', 'Run')
  await decide('deny', 0)
  const done = await page.answer(first)
  const [harmless, denied] = page.conversation().results.values()
  expect(harmless).toMatchObject({ text: 'one\ntwo', isError: false })
  expect(page.live().some((live) => live.kind === 'output' && live.text.includes('one'))).toBe(true)
  expect(denied).toMatchObject({ isError: true, text: expect.stringContaining('said no') })
  expect(await readdir(it.home)).toContain('a.txt')
  await Promise.all(['b', 'c'].map((name) => writeFile(join(it.home, `${name}.txt`), '')))
  it.provider.will(rm('a'), rm('b'), rm('c'), { text: 'Done.' })
  const second = await page.say('first', 'Again', { parent: done.id })
  await decide('once', 1)
  await decide('always', 2)
  await page.answer(second)
  expect((await readdir(it.home)).filter((name) => name.endsWith('.txt'))).toEqual([])
})

test('ends a command that is stopped, with everything that it started', async () => {
  await using it = await bootChat()
  await using page = await it.page()
  it.provider.will({ tools: [{ name: 'run_command', input: { command: 'echo $$; sleep 300 & sleep 300' } }] })
  const id = await page.say('first', 'Run')
  const asked = await page.until(() => page.live().find((one) => one.kind === 'question' && one.question))
  const tool = asked.kind === 'question' ? (asked.question?.tool ?? '') : ''
  page.send({ type: 'decide', conversation: 'first', tool, decision: 'once' })
  const output = await page.until(() => page.live().find((one) => one.kind === 'output'))
  const shell = Number(output.kind === 'output' ? output.text : Number.NaN)
  page.send({ type: 'stop', conversation: 'first' })
  expect((await page.answer(id)).ended.how).toBe('stopped')
  expect(page.conversation().results.get(tool)?.text).toContain('[stopped by the owner]')
  await expect.poll(() => isAlive(shell)).toBe(false)
})

test.each([
  [
    { status: 402, type: 'billing_error', message: 'Your AI credits are used up (5 of 5 USD spent).' },
    'credits',
    'Your AI credits are used up.',
  ],
  [{ status: 401, type: 'authentication_error', message: 'No such token.' }, 'key', 'refused my key'],
  [{ status: 400, type: 'invalid_request_error', message: 'Odd.' }, 'refused', 'Odd.'],
] as const)(
  'says in plain words why there is no answer, and keeps what was asked: %j',
  async (error, kind, words) => {
    await using it = await bootChat()
    await using page = await it.page()
    it.provider.will({ error })
    const turn = await page.answer(await page.say('first', 'Hello'))
    expect(turn.ended).toMatchObject({
      how: 'failed',
      failure: { kind, words: expect.stringContaining(words) },
    })
    expect([...page.conversation().said.values()].map(({ text }) => text)).toEqual(['Hello'])
  },
)

test('keeps what came before the connection broke, and says that nobody is reached', async () => {
  await using it = await bootChat()
  await using page = await it.page()
  it.provider.will({ text: 'Half of', isCut: true })
  const first = await page.answer(await page.say('first', 'Hello'))
  expect(textOf(first)).toBe('Half of')
  expect(first.ended).toMatchObject({
    how: 'failed',
    failure: { kind: expect.stringMatching(/lost|unreachable/) },
  })
  await it.provider[Symbol.asyncDispose]()
  const second = await page.answer(await page.say('first', 'And now?', { parent: first.id }))
  expect(second.ended.failure).toMatchObject({ kind: 'unreachable' })
})

test('goes on in a conversation that is too long, with a word about what was left out', async () => {
  await using it = await bootChat()
  await using page = await it.page()
  let parent: string | null = null
  for (let number = 0; number < 3; number++) {
    it.provider.will({ text: `Answer ${number}` })
    parent = (await page.answer(await page.say('first', `${number} ${'long '.repeat(35_000)}`, { parent })))
      .id
  }
  const turn = await page.until(() => page.conversation().turns.get(parent ?? ''))
  expect(turn.notes).toEqual([expect.stringContaining('I left out its first 4 messages')])
  const sent = it.provider.asked.at(-1)?.messages
  expect(sent?.[0]?.role).toBe('user')
  expect(JSON.stringify(sent)).not.toContain('"0 long')
})

test('names, finds, throws away and brings back conversations', async () => {
  await using it = await bootChat()
  await using page = await it.page()
  it.provider.will({ text: 'The answer is Zürich.' })
  await page.answer(await page.say('first', 'Where?'))
  page.send({ type: 'rename', conversation: 'first', title: 'Places' })
  await page.event('list', ({ conversations }) => conversations[0]?.title === 'Places')
  page.send({ type: 'search', query: 'zürich' })
  expect((await page.event('found')).results).toMatchObject([{ conversation: 'first', title: 'Places' }])
  page.send({ type: 'delete', conversation: 'first' })
  const { trash } = await page.event('deleted')
  expect((await readdir(join(it.home, 'chats'))).filter((name) => name.startsWith('first'))).toEqual([])
  page.send({ type: 'restore', trash })
  await page.until(() => page.events.findLast(({ type }) => type === 'list'))
  await expect.poll(() => readdir(join(it.home, 'chats'))).toContain('first.jsonl')
})
