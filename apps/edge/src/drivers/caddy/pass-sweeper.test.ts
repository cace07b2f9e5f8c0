import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '@matrixos/testing/until'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { manualTimers } from '../../testing/manual-timers.ts'
import { startPassSweeper } from './pass-sweeper.ts'

const LIFE_MS = 10_000
const HOST = 'ada.localhost'
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mos-passes-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function lay(name: string, at: number): Promise<void> {
  await mkdir(join(folder, HOST), { recursive: true })
  await writeFile(join(folder, HOST, name), '')
  await utimes(join(folder, HOST, name), at / 1000, at / 1000)
}

it('takes away what is too old, and what is from the future', async () => {
  const start = Date.now()
  await lay('old', start - LIFE_MS - 1)
  await lay('young', start)
  await lay('future', start + 60_000)
  const timers = manualTimers()
  const clock = { ...timers, now: () => start + timers.now() }
  const sweeper = startPassSweeper({
    ...{ folder, lifeMs: LIFE_MS, timers: clock, log: pino({ level: 'silent' }) },
  })
  const left = () => readdir(join(folder, HOST))
  await until('only the young one is left', async () => (await left()).join() === 'young')
  await until('it is gone in time', async () => {
    await timers.pass(1_000)
    return timers.now() > LIFE_MS + 5_000 || (await left()).length === 0
  })
  expect(await left()).toEqual([])
  expect(timers.now()).toBeGreaterThan(LIFE_MS)
  sweeper.close()
})

it('waits for a folder that is not there, and looks no more once it is closed', async () => {
  const warnings: unknown[] = []
  const timers = manualTimers()
  const log = { warn: (...line: unknown[]) => void warnings.push(line) }
  const sweeper = startPassSweeper({ folder: join(folder, 'none'), lifeMs: LIFE_MS, timers, log })
  await until('it has looked', () => timers.pending() === 1)
  sweeper.close()
  expect(timers.pending()).toBe(0)
  expect(warnings).toEqual([])
})
