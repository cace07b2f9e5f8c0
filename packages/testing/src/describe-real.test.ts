import { expect, test, vi } from 'vitest'
import { describeReal } from './describe-real.ts'

let ran = 0
describeReal([], 'a suite that needs no part', () => {
  test('runs', () => void ran++)
})

vi.stubEnv('MATRIXOS_ONLY_PARTS', '1')
describeReal([], 'a suite that needs no part, where another run has had it', () => {
  test('is left out', () => expect.unreachable())
})

test('has run the one and left out the other', () => expect(ran).toBe(1))
