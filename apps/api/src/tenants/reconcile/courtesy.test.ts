import { expect, it } from 'vitest'
import { createCourtesy } from './courtesy.ts'

const NEVER_MS = 1_000_000

it('waits for those that go first, also for one that came later, and for nobody else', async () => {
  const courtesy = createCourtesy({ longestMs: NEVER_MS })
  await courtesy.wait()
  const [one, other] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  const first = courtesy.first(() => one.promise)
  const order: string[] = []
  const waiting = courtesy.wait().then(() => order.push('waited'))
  const second = courtesy.first(() => other.promise)
  one.resolve('one')
  order.push(await first)
  other.resolve('other')
  order.push(await second)
  await waiting
  expect(order).toEqual(['one', 'other', 'waited'])
})

it('waits no more once what went first has failed', async () => {
  const courtesy = createCourtesy({ longestMs: NEVER_MS })
  const failing = courtesy.first(() => Promise.reject(new Error('It does not start.')))
  await expect(failing).rejects.toThrow('It does not start.')
  await courtesy.wait()
})

it('waits no longer than it should', async () => {
  const courtesy = createCourtesy({ longestMs: 1 })
  const hanging = courtesy.first(() => new Promise(() => {}))
  await courtesy.wait()
  expect(await Promise.race([hanging, 'it still hangs'])).toBe('it still hangs')
})

it('lets those go first who come a moment later, where nobody waits', async () => {
  const courtesy = createCourtesy({ longestMs: NEVER_MS, momentMs: 5 })
  const order: string[] = []
  const waiting = courtesy.waitAMoment().then(() => order.push('waited'))
  const coming = Promise.withResolvers<void>()
  const first = courtesy.first(() => coming.promise).then(() => order.push('first'))
  setTimeout(coming.resolve, 20)
  await Promise.all([waiting, first])
  expect(order).toEqual(['first', 'waited'])
})
