import { expect, test } from 'vitest'
import { readEnv, readProxyEnv } from '../env.ts'
import { livenessOf } from './settings.ts'

const secrets = { PLATFORM_SECRET: 's'.repeat(32), EDGE_TOKEN: 'e'.repeat(32) }

test('has a proxy give signs of life several times before it counts as dead, whatever the setting', () => {
  expect(livenessOf(readEnv(secrets))).toEqual({ deadAfterMs: 60_000, heartbeatMs: 15_000, everyMs: 10_000 })
  const set = { ...secrets, AI_CALL_DEAD_AFTER_S: '4.5' }
  expect(livenessOf(readEnv(set))).toEqual({ deadAfterMs: 4500, heartbeatMs: 1125, everyMs: 750 })
  expect(livenessOf(readProxyEnv(set))).toEqual(livenessOf(readEnv(set)))
  expect(() => readEnv({ ...secrets, AI_CALL_DEAD_AFTER_S: '3' })).toThrow('AI_CALL_DEAD_AFTER_S')
})
