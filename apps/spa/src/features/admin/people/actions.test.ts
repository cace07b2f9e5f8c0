import { expect, test } from 'vitest'
import { actionsFor } from './actions.ts'

const instance = (desired: 'awake' | 'asleep', observed: 'running' | 'stopped') => ({
  id: 'ins_1' as const,
  desired,
  observed,
})

test('offers what would change something', () => {
  const awake = { suspendedAt: null, instance: instance('awake', 'running') }
  expect(actionsFor(awake)).toEqual(['sleepInstance', 'revokeSessions', 'suspend'])
  const asleep = { suspendedAt: null, instance: instance('asleep', 'stopped') }
  expect(actionsFor(asleep)).toEqual(['wakeInstance', 'revokeSessions', 'suspend'])
  expect(actionsFor({ suspendedAt: null, instance: null })).toEqual(['revokeSessions', 'suspend'])
})

test('does not offer to wake the computer of somebody who is suspended', () => {
  const suspended = { suspendedAt: '2026-01-01T00:00:00.000Z', instance: instance('asleep', 'stopped') }
  expect(actionsFor(suspended)).toEqual(['revokeSessions', 'unsuspend'])
})
