import { once } from 'node:events'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { expect, test } from 'vitest'
import { createPartSpawner, type Exit, type Part } from './part.ts'
import { createSupervisor } from './supervisor.ts'
import { ASK_MS, MOST_UNANSWERED, watchLife } from './watch-life.ts'

/** Pauses between questions end when the test says so; all others at once. */
function manualDelay() {
  const waiting = new Set<() => void>()
  const delay = (ms: number, signal: AbortSignal) =>
    ms !== ASK_MS
      ? Promise.resolve()
      : new Promise<void>((done) => {
          waiting.add(done)
          signal.addEventListener('abort', () => done())
        })
  const pass = () => {
    const ended = [...waiting]
    waiting.clear()
    for (const done of ended) done()
  }
  return { delay, pass, isWaiting: () => waiting.size > 0 }
}

function rig() {
  const { delay, pass, isWaiting } = manualDelay()
  const exited = Promise.withResolvers<Exit>()
  const questions: (() => void)[] = []
  const log: string[] = []
  const part: Part = {
    pid: 1,
    ready: Promise.resolve(),
    exited: exited.promise,
    ask: (onAnswer) => void questions.push(onAnswer),
    terminate: () => {},
    kill: () => void log.push('killed'),
  }
  const stop = new AbortController()
  const say = (_: string, message: string) => void log.push(message)
  const watched = watchLife(part, { name: 'api', say, delay, stopping: stop.signal })
  /** One pause passes, and the next question comes, if one does. */
  const next = async () => {
    pass()
    await new Promise(setImmediate)
  }
  return { log, questions, next, watched, stop, exited, isWaiting }
}

test('kills a part that has answered none of twelve questions in a row', async () => {
  const { log, questions, next, watched } = rig()
  for (let i = 1; i < MOST_UNANSWERED; i++) await next()
  expect(questions).toHaveLength(MOST_UNANSWERED)
  expect(log).toEqual([])
  await next()
  await watched
  expect(log).toEqual(['api has not answered for 60 s: killing it', 'killed'])
})

test('a late answer, to whichever question, is an answer', async () => {
  const { log, questions, next, stop } = rig()
  for (let i = 1; i < MOST_UNANSWERED; i++) await next()
  questions[0]?.()
  for (let i = 0; i < MOST_UNANSWERED; i++) await next()
  expect(log).toEqual([])
  stop.abort()
})

test.each(['exit', 'stop'])('asks nothing more after: %s', async (end) => {
  const { log, questions, next, watched, stop, exited } = rig()
  await next()
  if (end === 'exit') exited.resolve({ code: 1, signal: null })
  else stop.abort()
  await watched
  expect(questions).toHaveLength(2)
  expect(log).toEqual([])
})

const STUB = `
import { answerPings } from ${JSON.stringify(join(ROOT, 'packages/host/src/answer-pings.ts'))}
answerPings()
process.on('disconnect', () => process.exit(0))
process.send({ type: 'ready' })
`

test('a real part that hangs is killed and comes back', async () => {
  const { delay, pass, isWaiting } = manualDelay()
  const log: string[] = []
  const pids: number[] = []
  let answers = 0
  const spawn = createPartSpawner({ cwd: ROOT, env: {}, onLine: (_, line) => void log.push(line) })
  const supervisor = createSupervisor({
    parts: [{ name: 'api', command: [process.execPath, '--input-type=module', '-e', STUB], env: {} }],
    stopOrder: ['api'],
    spawn: (spec) => {
      const part = spawn(spec)
      const counted = (onAnswer: () => void) => () => {
        answers++
        onAnswer()
      }
      return { ...part, ask: (onAnswer) => part.ask(counted(onAnswer)) }
    },
    say: (_level, message) => void log.push(message),
    now: () => 0,
    delay: (ms, signal) => (ms > ASK_MS ? once(signal, 'abort').then(() => {}) : delay(ms, signal)),
    onPids: ({ api }) => void (api && pids.push(api)),
  })
  await supervisor.start()
  const askAgain = async () => {
    const before = answers
    await expect.poll(isWaiting).toBe(true)
    pass()
    await expect.poll(() => answers, { timeout: 20_000 }).toBe(before + 1)
  }
  await expect.poll(() => answers, { timeout: 20_000 }).toBe(1)
  for (let i = 0; i < 2 * MOST_UNANSWERED; i++) await askAgain()
  expect(log).toEqual([])

  const before = answers
  process.kill(pids[0] ?? 0, 'SIGSTOP')
  await expect
    .poll(
      () => {
        pass()
        return log
      },
      { timeout: 20_000 },
    )
    .toContain('api has not answered for 60 s: killing it')
  await expect.poll(() => log, { timeout: 20_000 }).toContain('api is back')
  expect(log).toContain('api exited (SIGKILL); restarting in 0.5 s')
  await expect.poll(() => answers, { timeout: 20_000 }).toBeGreaterThan(before)
  supervisor.killAll()
  await supervisor.stop()
}, 60_000)
