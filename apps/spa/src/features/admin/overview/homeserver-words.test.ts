/** What administrators are told of the homeserver: the worst first. */
import type { HomeserverState } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { homeserverWords } from './homeserver-words.ts'

const words = (more: Partial<HomeserverState>) =>
  homeserverWords({ state: 'up', since: null, why: null, pending: 0, refused: 0, plaintext7d: 0, ...more })

it('puts an alarm before an outage, and an outage before refusals', () => {
  expect(words({ state: 'down', refused: 1, plaintext7d: 2 })).toMatchObject({ tone: 'failed' })
  expect(words({ state: 'down', plaintext7d: 2 }).text).toContain('2 messages were sent unencrypted')
  expect(words({ plaintext7d: 1 }).text).toContain('1 message was sent unencrypted')
  expect(words({ state: 'down', refused: 1 }).text).toContain('does not answer')
  expect(words({ refused: 1 }).tone).toBe('busy')
  expect(words({}).tone).toBe('awake')
})

it('says of a platform without one that there is none, and nothing worse', () => {
  expect(words({ state: 'off' })).toEqual({ tone: 'asleep', text: 'This platform has no homeserver.' })
})
