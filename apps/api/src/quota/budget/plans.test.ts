import { parseUsd } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { readEnv } from '../../env.ts'
import { createAllowances } from './plans.ts'

const secrets = { PLATFORM_SECRET: 's'.repeat(32), EDGE_TOKEN: 't'.repeat(32) }

it('gives what the environment says, in nano-USD', () => {
  const figures = readEnv({ ...secrets, AI_CREDITS_USD: '2.5', AI_CREDITS_PERIOD: 'month' })
  expect(createAllowances(figures)('standard')).toEqual({
    ...{ credits: parseUsd('2.50'), period: 'month' },
    ...{ callsAtOnce: 5, callsPerMinute: 60 },
  })
  expect(readEnv(secrets).AI_CREDITS_USD).toBe(5_000_000_000n)
})

it('refuses an amount that is none', () => {
  expect(() => readEnv({ ...secrets, AI_CREDITS_USD: '5 dollars' })).toThrow(
    /AI_CREDITS_USD: .*amount of USD/,
  )
})
