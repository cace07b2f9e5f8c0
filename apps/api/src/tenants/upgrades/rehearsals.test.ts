import { FIRST_PLAN, type InstanceId, newId } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import pino from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { Verdict } from './rehearsal.ts'
import { createRehearsals } from './rehearsals.ts'

const FAILED: Verdict = { is: 'failed', why: 'It stopped.' }

function subject(verdicts: Verdict[]) {
  const rows = new Set<InstanceId>()
  const cleared: InstanceId[] = []
  const held = { until: Promise.resolve() }
  const rehearsals = createRehearsals({
    store: {
      note: async (id) => void rows.add(id),
      forget: async (id) => void rows.delete(id),
      all: async () => [...rows],
    },
    rehearsal: {
      run: async () => {
        await held.until
        return verdicts.shift() ?? { is: 'passed' }
      },
      clear: async (id) => void cleared.push(id),
    },
    clock: systemClock,
    log: pino({ level: 'silent' }),
  })
  const id = newId('ins', systemClock)
  const begin = () =>
    rehearsals.begin({ original: { id, handle: 'ada', plan: FIRST_PLAN }, image: 'next', limitMs: 1 })
  const isOver = () => until('it is over', async () => rehearsals.underWay() === 0)
  return { rehearsals, rows, cleared, held, id, begin, isOver }
}

it('fails what fails twice, and tells it once', async () => {
  const { rehearsals, rows, cleared, id, begin, isOver } = subject([FAILED, FAILED])
  begin()
  expect(rehearsals.verdictOn(id)).toBe('under way')
  await isOver()
  expect(rehearsals.verdictOn(id)).toEqual(FAILED)
  expect(rehearsals.takeFailed()).toEqual([{ id, why: 'It stopped.' }])
  expect(rehearsals.takeFailed()).toEqual([])
  expect([rows.size, cleared.length]).toEqual([0, 2])
})

it('passes what fails once: its files may have changed while they were copied', async () => {
  const { rehearsals, id, begin, isOver } = subject([FAILED])
  begin()
  await isOver()
  expect(rehearsals.verdictOn(id)).toEqual({ is: 'passed' })
})

it('knows nothing for the next upgrade of what came of one before, also while that ends', async () => {
  const { rehearsals, held, id, begin, isOver } = subject([FAILED, FAILED, FAILED, FAILED])
  rehearsals.serve(1)
  begin()
  await isOver()
  rehearsals.serve(1)
  expect(rehearsals.verdictOn(id)).toEqual(FAILED)
  rehearsals.serve(2)
  expect([rehearsals.verdictOn(id), rehearsals.takeFailed()]).toEqual([null, []])
  const { promise, resolve } = Promise.withResolvers<void>()
  held.until = promise
  begin()
  rehearsals.serve(3)
  resolve()
  await rehearsals.close()
  expect([rehearsals.verdictOn(id), rehearsals.takeFailed()]).toEqual([null, []])
})

it('removes what others have left, and not what is under way', async () => {
  const { rehearsals, rows, cleared, held, begin } = subject([])
  const left = newId('ins', systemClock)
  rows.add(left)
  const { promise, resolve } = Promise.withResolvers<void>()
  held.until = promise
  begin()
  await until('it is noted', async () => rows.size === 2)
  expect(await rehearsals.hasLeft()).toBe(true)
  await rehearsals.clearLeft()
  expect(cleared).toEqual([left])
  expect(await rehearsals.hasLeft()).toBe(false)
  resolve()
  await rehearsals.close()
  expect(rows.size).toBe(0)
})
