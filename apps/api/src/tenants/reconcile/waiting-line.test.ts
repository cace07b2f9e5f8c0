/** Whose turn it is where memory is short, and what whoever waits is told. */
import { newId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { Change } from '../cache.ts'
import type { InstanceRow } from '../store.ts'
import { WAITS_FOR_MEMORY } from './admission.ts'
import { createWaitingLine, placeText } from './waiting-line.ts'

const rowOf = (seconds: number, seen: Partial<InstanceRow> = {}) =>
  ({
    ...{ id: newId('ins', systemClock), desired: 'awake', observed: 'stopped', error: WAITS_FOR_MEMORY },
    ...{ observedAt: new Date(seconds * 1_000), ...seen },
  }) as InstanceRow

function lineOf(rows: InstanceRow[], unvisited: InstanceRow[] = []) {
  const known = new Map([...rows, ...unvisited].map((row) => [row.id, row]))
  const time = { now: 0 }
  let tell: (change: Change) => void = () => undefined
  const line = createWaitingLine({
    cache: {
      all: () => known.values(),
      onChange: (listener) => {
        tell = listener
        return () => undefined
      },
    },
    isVisited: ({ id }) => !unvisited.some((row) => row.id === id),
    clock: { monotonic: () => time.now },
  })
  const start = (row: InstanceRow, atS: number) => {
    time.now = atS * 1_000
    const started = { ...row, observed: 'starting', error: null } as InstanceRow
    known.set(row.id, started)
    tell({ row: started, removed: false, added: false })
  }
  return { line, start, pass: (atS: number) => (time.now = atS * 1_000) }
}

it('lets the first few look for room, by how long they have waited, and whoever nobody waits for after them', () => {
  const waiting = [5, 1, 3, 2, 4].map((seconds) => rowOf(seconds))
  const background = rowOf(0)
  const { line } = lineOf(waiting, [background])
  expect(waiting.map((row) => line.placeOf(row)?.place)).toEqual([5, 1, 3, 2, 4])
  expect(waiting.map((row) => line.isItsTurn(row))).toEqual([false, true, true, true, true])
  expect(line.placeOf(background)?.place).toBe(6)
})

it('puts whoever comes now behind those who wait, and holds up nobody where none do', () => {
  const comes = rowOf(0, { error: null })
  expect(lineOf([comes]).line.isItsTurn(comes)).toBe(true)
  expect(lineOf([comes, rowOf(1)]).line.isItsTurn(comes)).toBe(true)
  const { line } = lineOf([comes, ...[1, 2, 3, 4].map((seconds) => rowOf(seconds))])
  expect(line.isItsTurn(comes)).toBe(false)
  expect(line.placeOf(comes)).toBe(null)
})

it('says how long it takes by how fast the line has moved lately', () => {
  const rows = [1, 2, 3, 4, 5].map((seconds) => rowOf(seconds))
  const { line, start, pass } = lineOf(rows)
  const [first, second, third, , last] = rows as [
    InstanceRow,
    InstanceRow,
    InstanceRow,
    InstanceRow,
    InstanceRow,
  ]
  expect(line.placeOf(last)).toEqual({ place: 5, aboutS: null })
  start(first, 100)
  expect(line.placeOf(last)).toEqual({ place: 4, aboutS: null })
  start(second, 110)
  start(third, 120)
  pass(130)
  expect(line.placeOf(last)).toEqual({ place: 2, aboutS: 20 })
  pass(2_000)
  expect(line.placeOf(last)).toEqual({ place: 2, aboutS: null })
})

it('tells a place in words', () => {
  expect([1, 2, 3, 4, 11, 21].map((place) => placeText({ place, aboutS: 20 }))).toEqual([
    'Next in line, about 20 s.',
    '2nd in line, about 20 s.',
    '3rd in line, about 20 s.',
    '4th in line, about 20 s.',
    '11th in line, about 20 s.',
    '21st in line, about 20 s.',
  ])
  expect(placeText({ place: 1, aboutS: null })).toBe('Next in line.')
  expect(placeText({ place: 7, aboutS: 170 })).toBe('7th in line, about 3 min.')
})
