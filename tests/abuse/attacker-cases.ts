/**
 * Cases: the page of an instance in Chromium, made by an attacker, and visited by somebody who is signed in to the
 * platform, and has an instance on the same registrable domain.
 */
import type { Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  launchChromium,
  type Person,
  signInWithPasskey,
  signUpInBrowser,
  visit,
} from '../support/chromium.ts'
import * as attacks from './attacks.ts'
import type { Setup } from './setup.ts'

const DOMAIN = 'mos.test'
const SECURITY_ERROR = 'SecurityError'

export function attackerCases(get: () => Setup): void {
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  /** A page of the app in another tab, where the person goes on meanwhile. */
  let app: Page
  beforeAll(async () => {
    const { stack, mallory } = get()
    chromium = await launchChromium()
    person = await chromium.newPerson('abuse')
    await signUpInBrowser(person.page, stack.hosts, 'vera')
    const { instanceId } = mallory
    await mallory.client.trpc.sharing.add.mutate({ instanceId, handle: 'vera', canUseNotes: false })
    app = await person.context.newPage()
    await visit(app, `${stack.hosts.appOrigin}/settings/security`)
  })
  afterAll(() => chromium?.[Symbol.asyncDispose]())

  const own = () => get().stack.hosts.instanceOrigin('vera')
  const appOrigin = () => get().stack.hosts.appOrigin

  /** The attacker's page, on which its visitor is signed in as a viewer. */
  async function lure(page = person.page): Promise<Page> {
    await visit(page, `${get().mallory.url}/`)
    await page.getByRole('heading', { name: 'Welcome, mallory' }).waitFor()
    return page
  }
  const me = () =>
    app.evaluate(async () => (await fetch('/trpc/auth.me', { headers: { 'x-mos': '1' } })).status)
  /** What her own instance has heard. */
  async function heard(): Promise<string[]> {
    await visit(person.page, `${own()}/heard`)
    const lines: string[][] = JSON.parse((await person.page.locator('body').textContent()) ?? '[]')
    // Browsers look for an icon by themselves.
    return lines.map(([line = '']) => line).filter((line) => line !== 'GET /favicon.ico')
  }
  const shown = (frames: Frame[]) => frames.map((each) => each.url()).filter((url) => url.startsWith('https'))

  it('neither reads, overwrites nor deletes a passkey of the app', async () => {
    const before = await person.passkeys()
    expect(before).toMatchObject([{ rpId: `app.${DOMAIN}` }])
    const outcome = await (await lure()).evaluate(attacks.attackPasskeys, `app.${DOMAIN}`)
    expect(outcome).toEqual({ get: SECURITY_ERROR, create: SECURITY_ERROR, signal: SECURITY_ERROR })
    expect(await person.passkeys()).toEqual(before)
  })

  it('finds no passkey for the whole domain, and what it makes there leaves that of the app alone', async () => {
    const before = await person.passkeys()
    const outcome = await (await lure()).evaluate(attacks.attackPasskeys, DOMAIN)
    expect(outcome.get).toMatch(/^(NotAllowedError|TimeoutError)$/)
    const after = await person.passkeys()
    expect(after.filter(({ rpId }) => rpId !== DOMAIN)).toEqual(before)
  })

  it.each(['auth.me', 'auth.session', 'tenants.mine', 'tokens.list', 'sharing.sharedWithMe'])(
    "reads nothing with the visitor's session: %s",
    async (path) => {
      const page = await lure()
      expect(await page.evaluate(attacks.callWithCookies, `${appOrigin()}/trpc/${path}`)).toEqual([])
      expect(await page.evaluate(attacks.openStream, `${appOrigin()}/trpc/${path}`)).toBe('refused')
    },
  )

  it.each(['auth.logout', 'auth.logoutEverywhere', 'auth.sessions.revokeOthers', 'auth.refresh'])(
    'signs nobody out by a call: %s',
    async (path) => {
      const page = await lure()
      expect(await page.evaluate(attacks.callWithCookies, `${appOrigin()}/trpc/${path}`)).toEqual([])
      expect(await me()).toBe(200)
    },
  )

  it.each(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])(
    'signs nobody out by a form: %s',
    async (enctype) => {
      // A tab of its own: the form takes it away from the page, at a moment of its own.
      const page = await lure(await person.context.newPage())
      const url = `${appOrigin()}/trpc/auth.logoutEverywhere`
      const answer = page.waitForResponse(url)
      await page.evaluate(attacks.sendForm, { url, enctype })
      expect((await answer).status()).toBe(403)
      await page.close()
      expect(await me()).toBe(200)
    },
  )

  it('signs nobody out by what its server answers', async () => {
    await lure()
    await visit(person.page, `${get().mallory.url}/bite`)
    await lure()
    expect(await me()).toBe(200)
    const names = (await person.context.cookies(appOrigin())).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['__Host-mos_sid', '__Host-mos_rt']))
    expect(names).not.toContain('wide')
  })

  it("asks the public api nothing in the visitor's name", async () => {
    const page = await lure()
    const url = `${get().stack.hosts.apiOrigin}/trpc/tenants.mine`
    expect(await page.evaluate(attacks.callWithCookies, url)).toEqual([])
  })

  it("opens no WebSocket to the visitor's own instance", async () => {
    const before = await heard()
    const page = await lure()
    expect(await page.evaluate(attacks.openWebSocket, `${own().replace('https', 'wss')}/ws`)).toBe('refused')
    expect(await heard()).toEqual(before)
  })

  it("sends the visitor's own instance nothing, and reads nothing there", async () => {
    const before = await heard()
    const page = await lure()
    expect(await page.evaluate(attacks.callWithCookies, `${own()}/steal`)).toEqual([])
    expect(await page.evaluate(attacks.openStream, `${own()}/steal`)).toBe('refused')
    const answer = page.waitForResponse(`${own()}/steal`)
    await page.evaluate(attacks.sendForm, { url: `${own()}/steal`, enctype: 'text/plain' })
    expect((await answer).status()).toBe(403)
    expect(await heard()).toEqual(before)
  })

  it('opens a WebSocket at home, so that the others were refused for a reason', async () => {
    const page = await lure()
    const address = `${get().mallory.url.replace('https', 'wss')}/ws`
    expect(await page.evaluate(attacks.openWebSocket, address)).toBe('open')
  })

  it.each(['/', '/login', '/settings/security', '/launch?handle=vera'])(
    'frames no page of the app: %s',
    async (path) => {
      const page = await lure()
      await page.evaluate(attacks.frame, `${appOrigin()}${path}`)
      expect(shown(page.frames())).toEqual([`${get().mallory.url}/`])
    },
  )

  it('frames no landing page', async () => {
    const page = await lure()
    await page.evaluate(attacks.frame, `${get().stack.hosts.landingOrigin}/`)
    expect(shown(page.frames())).toEqual([`${get().mallory.url}/`])
  })

  it("frames a refusal in place of the visitor's own instance", async () => {
    const before = await heard()
    const page = await lure()
    const answer = page.waitForResponse(`${own()}/`)
    await page.evaluate(attacks.frame, `${own()}/`)
    expect((await answer).status()).toBe(403)
    expect(await heard()).toEqual(before)
  })

  it('has no hold on a window of the app that it opens', async () => {
    const page = await lure()
    const opened = person.context.waitForEvent('page')
    const handle = await page.evaluateHandle((url) => window.open(url), `${appOrigin()}/login`)
    const popup = await opened
    await popup.waitForURL(`${appOrigin()}/**`)
    await expect.poll(() => handle.evaluate((other) => other?.closed)).toBe(true)
    expect(await popup.evaluate(() => window.opener)).toBeNull()
    await popup.close()
  })

  it('sees no cookie of the platform, and plants none', async () => {
    const page = await lure()
    expect(await page.evaluate(attacks.takeCookies, DOMAIN)).toEqual({ seen: [], planted: [] })
    const all = await person.context.cookies()
    expect(all.filter(({ name, value }) => name.startsWith('__Host-mos') && value === 'forged')).toEqual([])
    expect(await me()).toBe(200)
  })

  // The last one: SECURITY.md says that this is possible on one domain, and that the person can sign in again.
  it('signs the visitor out by hundreds of cookies, as documented for one domain, but not for long', async () => {
    await person.setPresence(false)
    const page = await lure()
    expect(await page.evaluate(attacks.floodCookies, { count: 400, domain: DOMAIN })).toBeGreaterThan(100)
    expect(await me()).toBe(401)
    await visit(page, `${appOrigin()}/login`)
    await signInWithPasskey(person)
    await page.getByRole('button', { name: 'Sleep' }).waitFor()
    expect(await me()).toBe(200)
  })
}
