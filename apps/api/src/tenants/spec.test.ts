import { hostsOf, newId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { instanceSpec, instanceToken } from './spec.ts'
import type { InstanceRow } from './store.ts'
import { POLICIES } from './testing/policies.ts'

const SECRET = 'p'.repeat(43)
const ada = { id: newId('ins', systemClock), handle: 'ada', tokenGeneration: 1 }

it('gives the next owner of a handle another token', () => {
  const next = { ...ada, id: newId('ins', systemClock) }
  expect(instanceToken(SECRET, next)).not.toBe(instanceToken(SECRET, ada))
})

it('revokes a token by raising its generation', () => {
  expect(instanceToken(SECRET, { ...ada, tokenGeneration: 2 })).not.toBe(instanceToken(SECRET, ada))
})

it('makes the same token of the same instance and secret, and of no other', () => {
  expect(instanceToken(SECRET, { ...ada })).toBe(instanceToken(SECRET, ada))
  expect(instanceToken('q'.repeat(43), ada)).not.toBe(instanceToken(SECRET, ada))
  expect(instanceToken(SECRET, { ...ada, handle: 'bob' })).not.toBe(instanceToken(SECRET, ada))
  expect(instanceToken(SECRET, ada)).toMatch(/^[0-9a-f]{64}$/)
})

it('leaves what runs since before generations the token that it has', () => {
  const token = instanceToken(SECRET, { ...ada, tokenGeneration: 0 })
  // echo -n ada | openssl dgst -sha256 -hmac ppp…
  expect(token).toBe('4cefcd299e4f9113948f6179ccfb43cc0a2dbe13e0eadac2955811e2d4b7b11e')
  expect(instanceToken(SECRET, { ...ada, id: newId('ins', systemClock), tokenGeneration: 0 })).toBe(token)
})

it('gives the instance the token that the gate shows it', () => {
  const { policyOf } = POLICIES
  const options = { hosts: hostsOf('http://localhost'), platformSecret: SECRET, slot: 0, policyOf }
  const row = { ...ada, image: 'i', plan: 'standard' } as InstanceRow
  const ai = { url: 'http://10.201.0.1:4100', token: 'mosai_x' }
  const operator = { TELEGRAM_API_URL: 'https://bots.test' }
  const { env } = instanceSpec(row, { ...options, homePathOf: () => '/home', ai, operator })
  expect(env.MATRIX_AUTH_TOKEN).toBe(instanceToken(SECRET, ada))
  expect(env).toMatchObject({ ANTHROPIC_BASE_URL: ai.url, ANTHROPIC_API_KEY: 'mosai_x' })
  expect(env).toMatchObject({ PLATFORM_INTERNAL_URL: ai.url, TELEGRAM_API_URL: 'https://bots.test' })
  expect(env).toMatchObject({ OPENAI_BASE_URL: `${ai.url}/v1`, OPENAI_API_KEY: 'mosai_x' })
})
