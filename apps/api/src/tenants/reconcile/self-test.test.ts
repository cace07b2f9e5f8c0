import { expect, it } from 'vitest'
import { createLog } from '../../log.ts'
import type { SelfTestReport } from '../../ports/runtime.ts'
import { createSelfTester, type SelfTestOptions } from './self-test.ts'

const CLOSED: SelfTestReport = { neighbour: 'closed', host: 'closed', metadata: 'closed', services: 'answer' }
const HOUR_MS = 3_600_000

function boot(overrides: Partial<SelfTestOptions> = {}) {
  const world = { now: 0, made: 0, answer: (): SelfTestReport | null => CLOSED, open: null as string | null }
  const tester = createSelfTester({
    verdict: { tell: (test) => test() },
    runtime: {
      foundOpen: () => world.open,
      selfTest: async () => {
        world.made++
        return world.answer()
      },
    },
    image: () => 'image',
    services: [],
    intervalMs: HOUR_MS,
    clock: { now: () => world.now, monotonic: () => world.now },
    log: createLog({ level: 'silent', part: 'test' }),
    ...overrides,
  })
  const after = async (ms: number) => {
    world.now += ms
    await tester.check()
    return world.made
  }
  return { world, tester, after }
}

it('tests at once, and then every hour', async () => {
  const { tester, after } = boot()
  expect(tester.latest()).toBeNull()
  expect(await after(0)).toBe(1)
  expect(tester.latest()).toEqual({ at: '1970-01-01T00:00:00.000Z', report: CLOSED, why: null })
  expect(await after(HOUR_MS - 1)).toBe(1)
  expect(await after(1)).toBe(2)
})

it('tests again within a minute where something is open', async () => {
  const { world, tester, after } = boot()
  world.answer = () => ({ ...CLOSED, host: 'open' })
  await after(0)
  expect(tester.latest()?.report?.host).toBe('open')
  expect(await after(59_999)).toBe(1)
  expect(await after(1)).toBe(2)
})

it('keeps why a test could not be made, and tries again', async () => {
  const { world, tester, after } = boot()
  world.answer = () => {
    throw new Error('The image has no Node.')
  }
  await after(0)
  expect(tester.latest()).toMatchObject({ report: null, why: 'The image has no Node.' })
  world.answer = () => CLOSED
  expect(await after(300_000)).toBe(2)
  expect(tester.latest()).toMatchObject({ report: CLOSED, why: null })
})

it('asks no more where there is nothing to try, and never where it is switched off', async () => {
  const { world, after } = boot()
  world.answer = () => null
  await after(0)
  expect(await after(100 * HOUR_MS)).toBe(1)
  const off = boot({ intervalMs: null })
  expect(await off.after(0)).toBe(0)
})

it('tests again within a minute what another process has found open', async () => {
  const { world, after } = boot()
  await after(0)
  world.open = 'open'
  expect(await after(59_999)).toBe(1)
  expect(await after(1)).toBe(2)
  world.open = null
  expect(await after(60_000)).toBe(2)
})
