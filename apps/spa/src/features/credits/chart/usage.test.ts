import { expect, test } from 'vitest'
import { usageOf } from './usage.ts'

const NOW = Date.parse('2026-11-26T23:59:59Z')
const row = (day: string, model: string, cost: string) => ({ day, model, cost, calls: 1 })

test('has every day of the range, today last, and adds exactly', () => {
  const usage = usageOf([row('2026-11-26', 'a', '0.1'), row('2026-11-26', 'b', '0.2')], 7, NOW)
  expect(usage.days).toHaveLength(7)
  expect(usage.days[0]).toEqual({ day: '2026-11-20', costs: [0, 0], total: '0.00' })
  expect(usage.days[6]).toEqual({ day: '2026-11-26', costs: [0.2, 0.1], total: '0.30' })
  expect(usage.total).toBe('0.30')
  expect(usage.calls).toBe(2)
})

test('names the five dearest models and adds up the others', () => {
  const rows = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((model, index) =>
    row('2026-11-25', model, `${index}.5`),
  )
  const { series, days, total } = usageOf(rows, 7, NOW)
  expect(series.map(({ model, cost }) => `${model} ${cost}`)).toEqual([
    'g 6.50',
    'f 5.50',
    'e 4.50',
    'd 3.50',
    'c 2.50',
    'Other models 2.00',
  ])
  expect(days[5]?.costs).toEqual([6.5, 5.5, 4.5, 3.5, 2.5, 2])
  expect(days[5]?.total).toBe(total)
})

test('leaves out what is outside of the range', () => {
  expect(usageOf([row('2026-11-19', 'a', '1'), row('2026-11-27', 'a', '1')], 7, NOW).total).toBe('0.00')
})
