import { expect, it } from 'vitest'
import { createHistory } from './history.ts'
import { createLineQueue } from './queue.ts'

function setUp() {
  const state = { sent: [] as string[], isConnected: true, needed: 0 }
  const queue = createLineQueue({
    send: (request) => {
      if (state.isConnected && request.type === 'run') state.sent.push(request.line)
      return state.isConnected
    },
    onNeed: () => {
      state.needed++
    },
  })
  return { state, queue }
}

it('runs one line at a time, in order', () => {
  const { state, queue } = setUp()
  for (const line of ['ls', 'cat a', 'cat b']) queue.add(line)
  expect(state.sent).toEqual(['ls'])
  queue.ended()
  queue.sendNext()
  expect(state.sent).toEqual(['ls', 'cat a'])
})

it('keeps a line while there is no connection, and asks for one', () => {
  const { state, queue } = setUp()
  state.isConnected = false
  queue.add('ls')
  expect([state.needed, queue.waiting()]).toEqual([1, ['ls']])
  state.isConnected = true
  queue.sendNext()
  expect([state.sent, queue.waiting()]).toEqual([['ls'], []])
})

it('forgets what waits, and not what runs', () => {
  const { state, queue } = setUp()
  queue.add('ls')
  queue.add('rm a')
  queue.clear()
  expect(queue.isRunning()).toBe(true)
  queue.ended()
  queue.sendNext()
  expect(state.sent).toEqual(['ls'])
})

it('steps through history and back to the line being typed', () => {
  const history = createHistory()
  history.replace(['a', 'b'])
  history.add('b')
  expect([history.step(-1), history.step(-1), history.step(-1), history.step(1), history.step(1)]).toEqual([
    'b',
    'a',
    'a',
    'b',
    '',
  ])
  history.step(-1)
  history.leave()
  expect(history.step(-1)).toBe('b')
})
