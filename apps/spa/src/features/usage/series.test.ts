import type { UsagePoint } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { COLUMNS, seriesOf } from './series.ts'

const NOW = Date.parse('2026-11-20T12:10:00Z')
const point = (at: string, cpu: number, diskBytes: number | null = null): UsagePoint => ({
  ...{ at: `2026-11-20T${at}:00.000Z`, cpu, memoryBytes: 0, diskBytes, receivedBytes: 0, sentBytes: 0 },
})

it('puts each half hour in its column, the present one last, with the most of it', () => {
  const points = [point('11:30', 0.4), point('11:45', 1), point('12:00', 0.5)]
  const { values, last, most } = seriesOf(points, NOW, ({ cpu }) => cpu, 2)
  expect(values).toHaveLength(COLUMNS)
  expect(values.slice(-3)).toEqual([null, 0.5, 0.25])
  expect({ last, most }).toEqual({ last: 0.5, most: 1 })
})

it('leaves out what is older, and what was not measured', () => {
  const old: UsagePoint = { ...point('00:00', 1), at: '2026-11-18T00:00:00.000Z' }
  const { values, last } = seriesOf([old, point('12:00', 1)], NOW, ({ diskBytes }) => diskBytes, 1)
  expect(values.every((value) => value === null)).toBe(true)
  expect(last).toBeNull()
})

it('fills a column with the most that there was where nothing else is given', () => {
  const { values } = seriesOf([point('11:30', 4), point('12:00', 2)], NOW, ({ cpu }) => cpu)
  expect(values.slice(-2)).toEqual([1, 0.5])
})
