/** Cases: the same attacks of an instance's page where instances have a registrable domain of their own. */
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, type Person, signUpInBrowser, visit } from '../support/chromium.ts'
import { DOMAINS } from '../support/domains.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import * as attacks from './attacks.ts'

describeReal(['caddy', 'chromium'], 'on a domain of its own', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  beforeAll(async () => {
    stack = await bootStack({ parts: 'caddy', domains: DOMAINS.two })
    chromium = await launchChromium()
    person = await chromium.newPerson('abuse-own-domain')
    await signUpInBrowser(person.page, stack.hosts, 'vera')
    // Else the sign-in page signs in by itself.
    await person.setPresence(false)
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })
  const instance = async () => {
    await visit(person.page, `${stack.hosts.instanceOrigin('vera')}/`)
    return person.page
  }
  /** Of the platform, by the browser's own store. */
  const platformCookies = async () =>
    (await person.context.cookies(stack.hosts.appOrigin)).map(({ name, value }) => `${name}=${value}`).sort()

  it.each(['app.mos.test', 'mos.test'])(
    "an instance's page neither reads nor makes a passkey of %s",
    async (rpId) => {
      const before = await person.passkeys()
      const outcome = await (await instance()).evaluate(attacks.attackPasskeys, rpId)
      expect(new Set(Object.values(outcome))).toEqual(new Set(['SecurityError']))
      expect(await person.passkeys()).toEqual(before)
    },
  )

  it.each(['mos-inst.test', 'mos.test', 'app.mos.test'])(
    "an instance's page keeps, adds and evicts no cookie of the platform by 400 for %s",
    async (domain) => {
      const before = await platformCookies()
      expect(before.join()).toContain('__Host-mos_sid')
      const page = await instance()
      const kept = await page.evaluate(attacks.floodCookies, { count: 400, domain })
      expect(kept > 0).toBe(domain === 'mos-inst.test')
      expect(await platformCookies()).toEqual(before)
      await visit(page, stack.hosts.appOrigin)
      await page.getByRole('button', { name: 'Sleep' }).waitFor()
    },
  )
})
