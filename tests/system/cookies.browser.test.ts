/**
 * What an instance's page can do to the platform by cookies, in Chromium: on one registrable domain, on two, and where
 * the instances' domain is a public suffix.
 */

import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  launchChromium,
  type Person,
  signInWithPasskey,
  signUpInBrowser,
  visit,
} from '../support/chromium.ts'
import { DOMAINS, type Domains } from '../support/domains.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const HANDLE = 'ada'

interface Cookies {
  count: number
  bytes: number
  domain: string
}

/** Sets cookies as a script of this page can. Resolves with how many of them the browser kept. */
const setCookies = (page: Page, cookies: Cookies): Promise<number> =>
  page.evaluate(async ({ count, bytes, domain }) => {
    for (let i = 0; i < count; i++) {
      const name = `junk${i}`
      const value = 'x'.repeat(bytes - name.length)
      await cookieStore.set({ name, value, domain, expires: Date.now() + 3_600_000 }).catch(() => undefined)
    }
    return (await cookieStore.getAll()).filter((cookie) => cookie.name?.startsWith('junk')).length
  }, cookies)

for (const [name, domains] of Object.entries({
  one: DOMAINS.one,
  two: DOMAINS.two,
  suffix: DOMAINS.suffix,
})) {
  describeReal(['caddy', 'chromium'], `cookies of an instance's page (${name})`, () => {
    const { hostname: platform } = new URL(domains.publicUrl)
    const shared: Domains['instanceDomain'] = (domains as Domains).instanceDomain ?? platform
    let stack: Stack
    let chromium: Awaited<ReturnType<typeof launchChromium>>
    let person: Person
    beforeAll(async () => {
      stack = await bootStack({ parts: 'caddy', domains })
      chromium = await launchChromium()
      person = await chromium.newPerson(`cookies-${name}`)
      await signUpInBrowser(person.page, stack.hosts, HANDLE)
      // Else the sign-in page signs in by itself.
      await person.setPresence(false)
    })
    afterAll(async () => {
      await chromium?.[Symbol.asyncDispose]()
      await stack?.[Symbol.asyncDispose]()
    })

    const openInstance = () => visit(person.page, stack.hosts.instanceOrigin(HANDLE))
    /** A document that asks for nothing itself: an answer to that would clear the cookies while they are being set. */
    const openSilent = () => visit(person.page, `${stack.hosts.instanceOrigin(HANDLE)}/icon.svg`)
    const signedIn = async () => {
      const { page } = person
      await visit(page, stack.hosts.appOrigin)
      await page
        .getByRole('button', { name: 'Sleep' })
        .or(page.getByRole('button', { name: 'Sign in with a passkey' }))
        .waitFor()
      return page.getByRole('button', { name: 'Sleep' }).isVisible()
    }
    const signIn = async () => {
      await signInWithPasskey(person)
      await person.page.getByRole('button', { name: 'Sleep' }).waitFor()
      await person.setPresence(false)
    }
    /** By the browser's own store: what it would send to this origin. */
    const junkAt = async (origin: string) =>
      (await person.context.cookies(origin)).filter((cookie) => cookie.name.startsWith('junk')).length
    const platformPages = () => {
      const { landingOrigin, appOrigin, apiOrigin, instanceOrigin } = stack.hosts
      const gate = `${instanceOrigin(HANDLE)}/.mos/dashboard`
      return [landingOrigin, appOrigin, `${appOrigin}/login`, `${apiOrigin}/trpc/stats.public`, gate]
    }

    it(`${name === 'one' ? 'are' : 'are not'} warned of at the start`, () => {
      expect(stack.log().includes('Instances share the domain mos.test')).toBe(name === 'one')
    })

    it('begins with a person who is signed in', async () => {
      expect(await signedIn()).toBe(true)
    })

    if (name === 'suffix') {
      it('are refused by the browser for all of a public suffix', async () => {
        await openInstance()
        expect(await setCookies(person.page, { count: 6, bytes: 4000, domain: shared })).toBe(0)
        expect(await signedIn()).toBe(true)
      })
      return
    }

    it.each([6, 120])('leave every host of the platform open: %i of 4 kB', async (count) => {
      await openInstance()
      expect(await setCookies(person.page, { count, bytes: 4000, domain: shared })).toBe(count)
      for (const url of platformPages()) {
        const response = await visit(person.page, url)
        expect([url, response?.status()]).toEqual([url, 200])
      }
      expect(await signedIn()).toBe(true)
      expect(await junkAt(stack.hosts.appOrigin)).toBe(name === 'one' ? count : 0)
      const instance = await openInstance()
      expect(instance?.status()).toBe(200)
    })

    it('are cleared by a page that says so where they are too many, and the person goes on', async () => {
      const { page } = person
      await openSilent()
      // The browser drops the oldest of them, and of all others, on the way.
      expect(await setCookies(page, { count: 150, bytes: 4000, domain: shared })).toBeGreaterThan(135)
      const url = name === 'one' ? stack.hosts.appOrigin : stack.hosts.instanceOrigin(HANDLE)
      expect((await visit(page, url))?.status()).toBe(431)
      await page.getByRole('heading', { name: 'Too many cookies' }).waitFor()
      expect(await junkAt(stack.hosts.instanceOrigin(HANDLE))).toBe(0)
      await page.getByRole('link', { name: 'Reload this page' }).click()
      if (name === 'one') await signIn()
      else await page.getByRole('heading', { name: `Welcome, ${HANDLE}` }).waitFor()
      expect(await signedIn()).toBe(true)
    })

    it(`${name === 'one' ? 'can' : 'cannot'} sign the person out, who can sign in again`, async () => {
      await openInstance()
      await setCookies(person.page, { count: 400, bytes: 10, domain: shared })
      expect(await signedIn()).toBe(name === 'two')
      if (name === 'one') await signIn()
    })
  })
}
