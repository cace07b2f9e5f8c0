/** The one suite that every edge driver passes. */
import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import { appCases } from './contract-apps.ts'
import { attackCases } from './contract-attacks.ts'
import { bodyCases } from './contract-bodies.ts'
import { cookieCases } from './contract-cookies.ts'
import { domainCases } from './contract-domains.ts'
import { gateCases } from './contract-gate.ts'
import { groupCases } from './contract-groups.ts'
import { headerCases } from './contract-headers.ts'
import { homeserverCases } from './contract-homeserver.ts'
import { limitCases } from './contract-limits.ts'
import { proxyCases } from './contract-proxies.ts'
import { routingCases } from './contract-routing.ts'
import { silenceCases } from './contract-silence.ts'
import { streamCases } from './contract-streams.ts'
import { pass } from './gate.ts'
import { type Setup, type StartEdge, setUp } from './setup.ts'

export function edgeContract(name: string, start: StartEdge): void {
  describe(`${name} edge`, () => {
    let current: Setup | undefined
    const get = (): Setup => {
      if (!current) throw new Error('The edge has not started.')
      return current
    }
    beforeAll(async () => {
      current = await setUp(start)
    })
    beforeEach(() => {
      const { platform, instance } = get()
      platform.asked.length = 0
      platform.decide = () => pass(instance.address, { user: 'alice' })
    })
    afterAll(() => current?.[Symbol.asyncDispose]())

    describe('routing', () => routingCases(get))
    describe('gate', () => gateCases(get))
    describe('headers', () => headerCases(get))
    describe('cookies', () => cookieCases(get))
    describe('domains', () => domainCases(start))
    describe('homeserver', () => homeserverCases(start))
    describe('apps', () => appCases(get, start))
    describe('groups', () => groupCases(get, start))
    describe('attacks', () => attackCases(get))
    describe('limits', () => limitCases(get))
    describe('silence', () => silenceCases(start))
    describe('streams', () => streamCases(get))
    describe('bodies', () => bodyCases(start))
    describe('behind a proxy', () => proxyCases(start))
  })
}
