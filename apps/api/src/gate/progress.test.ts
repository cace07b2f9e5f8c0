import { expect, it } from 'vitest'
import type { InstanceRow } from '../tenants/store.ts'
import { progressOf } from './progress.ts'

it('shows what the instance printed to its owner alone', () => {
  const error = { code: 'instance_unhealthy', message: 'It does not start.', detail: 'token=secret' } as const
  const row = { observed: 'failed', desired: 'awake', step: null, nextAttemptAt: null, error } as InstanceRow
  expect(progressOf(row, true, null).error?.detail).toBe('token=secret')
  expect(progressOf(row, false, null).error).toEqual({ code: error.code, message: error.message })
  expect(JSON.stringify(progressOf(row, false, null))).not.toContain('secret')
})
