import { expect, test } from 'vitest'
import { isTicked, NOBODY, tick } from './use-selection.ts'

const loaded = ['usr_a', 'usr_b'] as const
const change = (id: 'usr_a' | 'usr_b', isSelected: boolean) => ({ id, isSelected, loaded: [...loaded] })

test('ticks and unticks', () => {
  const one = tick(NOBODY, change('usr_a', true))
  expect(isTicked(one, 'usr_a')).toBe(true)
  expect(isTicked(one, 'usr_b')).toBe(false)
  expect(isTicked(tick(one, change('usr_a', false)), 'usr_a')).toBe(false)
})

test('leaves only people whom the list has shown when one of everybody is unticked', () => {
  const rest = tick({ all: true }, change('usr_a', false))
  expect(rest).toEqual({ all: false, ids: new Set(['usr_b']) })
})
