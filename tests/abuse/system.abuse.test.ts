/** Every abuse case, against one platform on Caddy, PostgreSQL and Docker, whose instances are hostile. */
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, describe } from 'vitest'
import { adminCases } from './admin-cases.ts'
import { appHandOffCases } from './app-hand-off-cases.ts'
import { attackerCases } from './attacker-cases.ts'
import { callerCases } from './caller-cases.ts'
import { edgeCases } from './edge-cases.ts'
import { guessCases } from './guess-cases.ts'
import { handOffCases } from './hand-off-cases.ts'
import { passkeyCases } from './passkey-cases.ts'
import { sessionCases } from './session-cases.ts'
import { openSetup, type Setup } from './setup.ts'
import { sharingCases } from './sharing-cases.ts'
import { tokenCases } from './token-cases.ts'

describeReal(['docker', 'caddy', 'postgres'], 'a platform under attack', () => {
  let setup: Setup
  beforeAll(async () => {
    setup = await openSetup()
  })
  afterAll(() => setup?.[Symbol.asyncDispose]())
  const get = () => setup

  describe('passkeys', () => passkeyCases(get))
  describe('guesses', () => guessCases(get))
  describe('sessions', () => sessionCases(get))
  describe('hand-off', () => handOffCases(get))
  describe('app hand-off', () => appHandOffCases(get))
  describe('edge', () => edgeCases(get))
  describe('callers', () => callerCases(get))
  describe('tokens', () => tokenCases(get))
  describe('sharing', () => sharingCases(get))
  describeReal(['chromium'], "an instance's page", () => attackerCases(get))
  // The last ones: the victim is suspended there.
  describe('administration', () => adminCases(get))
})
