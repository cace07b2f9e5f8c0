/** One message, one answer: whatever ends this computer, and whenever. */
import type { ChannelKind, ChannelMessage } from '@matrixos/shared'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { temporaryFolder } from '../testing/folder.ts'
import { createAnswering, type Decide } from './answering.ts'
import { NO_CONFIG } from './config.ts'
import { type Entry, newEntry, openInbox } from './inbox.ts'
import { createSender } from './sending.ts'
import { ServiceProblem } from './services/client.ts'
import type { Act } from './services/host-protocol.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder[Symbol.asyncDispose]())

const message = (id: string, channel: ChannelKind = 'telegram', conversation = 'c'): ChannelMessage => ({
  ...{
    id,
    channel,
    conversation,
    words: 'Hello',
    at: '2026-05-01',
    from: { id: '7', name: '' },
    reply: { chat: '7' },
  },
})
const entryOf = (one: ChannelMessage): Entry =>
  newEntry({ kind: 'message', id: one.id, message: one }, Date.now())

const problem = (isPassing: boolean, isUnsent: boolean) =>
  new ServiceProblem({ words: 'It is away.', isPassing, isUnsent })

type Step = 'taken' | 'decided' | 'sending' | 'sent' | 'waiting'

/** One run of the computer, which "is killed" at a step: nothing that it does after that reaches anything. */
function run({
  killAt,
  answer = 'An answer.',
  fails = [],
}: {
  killAt?: Step
  answer?: string
  fails?: ServiceProblem[]
} = {}) {
  const real = openInbox(folder.path)
  const said: string[] = []
  const notes: (string | null)[] = []
  const reports: boolean[] = []
  const asked: string[] = []
  const dead = Promise.withResolvers<never>()
  dead.promise.catch(() => undefined)
  let isDead = false
  const at = (step: Step) => {
    if (step === killAt) isDead = true
  }
  const unlessDead = async <T>(work: () => Promise<T>): Promise<T> => (isDead ? dead.promise : work())
  const inbox = { ...real, save: (entry: Entry) => unlessDead(() => real.save(entry)) }
  const decide: Decide = async ({ id }) => {
    at('taken')
    return unlessDead(async () => {
      asked.push(id)
      at('decided')
      return answer
    })
  }
  const perform = (_: ChannelKind, act: Act) => {
    // What was about to be sent stands in the inbox.
    at('sending')
    return unlessDead(async () => {
      const failure = fails.shift()
      if (failure) throw failure
      said.push(act.act === 'send' ? act.text : act.act)
      at('sent')
    })
  }
  const sender = createSender({
    ...{ inbox, config: () => NO_CONFIG, perform, now: () => new Date(), retryMs: 1 },
    note: async (_, words) => {
      notes.push(words)
      if (words !== null) at('waiting')
      await unlessDead(async () => undefined)
    },
  })
  const report = async (isBusy: boolean) => void reports.push(isBusy)
  const answering = createAnswering({ inbox, decide, send: sender, report, log: () => undefined })
  const killed = () => expect.poll(() => isDead).toBe(true)
  return { answering, said, notes, reports, asked, killed, inbox: real }
}

it('answers what is handed over twice once, also in another run', async () => {
  const first = run()
  await first.answering.take(entryOf(message('m1')))
  await first.answering.take(entryOf(message('m1')))
  await first.answering.settled()
  expect([first.asked, first.said]).toEqual([['m1'], ['An answer.']])
  expect(first.reports).toEqual([true, false])
  const second = run()
  await second.answering.resume()
  await second.answering.take(entryOf(message('m1')))
  await second.answering.settled()
  expect(second.said).toEqual([])
})

it.each<[Step, ChannelKind, { asked: string[]; said: string[]; notes: (string | null)[] }]>([
  // It was acknowledged, and nothing more.
  ['taken', 'telegram', { asked: ['m1'], said: ['An answer.'], notes: [null] }],
  // The chat had answered, and this had not been noted: the chat knows it, and gives the same answer.
  ['decided', 'telegram', { asked: ['m1'], said: ['An answer.'], notes: [null] }],
  // Nobody knows whether the service has it.
  ['sending', 'telegram', { asked: [], said: [], notes: [expect.stringContaining('missing')] }],
  ['sent', 'telegram', { asked: [], said: [], notes: [expect.stringContaining('missing')] }],
  ['sent', 'slack', { asked: [], said: [], notes: [expect.stringContaining('missing')] }],
  // Discord's replaces itself.
  ['sending', 'discord', { asked: [], said: ['An answer.'], notes: [null] }],
  ['sent', 'discord', { asked: [], said: ['An answer.'], notes: [null] }],
])('goes on where it was killed: when it was %s, on %s', async (killAt, channel, expected) => {
  const first = run({ killAt })
  await first.answering.take(entryOf(message('m1', channel)))
  await first.killed()
  const second = run()
  await second.answering.resume()
  await second.answering.settled()
  const { asked, said, notes } = second
  expect({ asked, said, notes }).toEqual(expected)
  const third = run()
  await third.answering.resume()
  expect(third.said).toEqual([])
})

it('sends each part of a long answer, and after a kill those that follow', async () => {
  const answer = ['a', 'b', 'c'].map((letter) => letter.repeat(4_000)).join('\n\n')
  const first = run({ killAt: 'sent', answer })
  await first.answering.take(entryOf(message('m1')))
  await first.killed()
  expect(first.said).toEqual(['a'.repeat(4_000)])
  const second = run()
  await second.answering.resume()
  await second.answering.settled()
  expect(second.said).toEqual(['b'.repeat(4_000), 'c'.repeat(4_000)])
})

it('sends again what has certainly not arrived, and nothing that may have', async () => {
  const again = run({ fails: [problem(true, true), problem(true, true)] })
  await again.answering.take(entryOf(message('m1')))
  await again.answering.settled()
  expect([again.said, again.notes]).toEqual([['An answer.'], ['It is away.', 'It is away.', null]])
  const unknown = run({ fails: [problem(true, false)] })
  await unknown.answering.take(entryOf(message('m2')))
  await unknown.answering.settled()
  expect([unknown.said, unknown.notes]).toEqual([[], [expect.stringContaining('missing')]])
  const repeatable = run({ fails: [problem(true, false)] })
  await repeatable.answering.take(entryOf(message('m3', 'discord')))
  await repeatable.answering.settled()
  expect(repeatable.said).toEqual(['An answer.'])
})

it('sends after a kill what it was waiting to send again', async () => {
  const first = run({ killAt: 'waiting', fails: [problem(true, true)] })
  await first.answering.take(entryOf(message('m1')))
  await first.killed()
  const second = run()
  await second.answering.resume()
  await second.answering.settled()
  expect([first.said, second.said, second.notes]).toEqual([[], ['An answer.'], [null]])
})

it('gives up what the service refuses, and says why', async () => {
  const { answering, said, notes } = run({ fails: [problem(false, true)] })
  await answering.take(entryOf(message('m1')))
  await answering.settled()
  expect([said, notes]).toEqual([[], ['It is away.']])
})

it('answers a conversation in order, and forgets what was said when it is over', async () => {
  const { answering, asked, inbox } = run()
  for (const id of ['m1', 'm2', 'm3']) await answering.take(entryOf(message(id)))
  await answering.settled()
  expect(asked).toEqual(['m1', 'm2', 'm3'])
  expect(await inbox.unfinished()).toEqual([])
})
