/** An app at a host of its own: its owner's way there, in a frame and full screen, and a stranger's, who gets nowhere else. */
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import type { Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchChromium, type Person, signUpInBrowser, visit } from '../support/chromium.ts'
import { DOMAINS, type Domains } from '../support/domains.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const HANDLE = 'ada'
/** Within this time what was published, or signed in, is so no longer. */
const ENDED_MS = 5_000

/** What the instance knows of whoever asks from that page. */
const roleIn = (page: Page | Frame): Promise<unknown> =>
  page.evaluate(async () => {
    const answer = await fetch('/.app/me')
    return answer.ok ? (await answer.json()).role : answer.status
  })

/** Opens a room of the app's; the answer says whether that is still open. */
async function join(page: Page | Frame): Promise<() => Promise<boolean>> {
  const socket = await page.evaluateHandle(async () => {
    const opened = new WebSocket(`${location.origin.replace('http', 'ws')}/.app/rooms/lobby`)
    await new Promise((resolve, reject) => {
      opened.onopen = resolve
      opened.onerror = reject
    })
    return opened
  })
  return () => socket.evaluate(({ readyState }) => readyState === WebSocket.OPEN)
}

interface Place {
  name: string
  parts: 'embedded' | 'caddy'
  domains: Domains
  /** Whether publishing is on without an administrator. */
  publishes: boolean
}

const PLACES: Place[] = [
  { name: 'a made-up top-level name', parts: 'caddy', domains: DOMAINS.suffix, publishes: true },
  { name: 'one domain', parts: 'caddy', domains: DOMAINS.one, publishes: false },
]

describeReal(['caddy', 'chromium'], 'an app’s own host', () => {
  describe.each(PLACES)('below $name', ({ parts, domains, publishes }) => {
    let stack: Stack
    let chromium: Awaited<ReturnType<typeof launchChromium>>
    let ada: Person
    let game: string
    let computer: string
    beforeAll(async () => {
      stack = await bootStack({ parts, domains })
      chromium = await launchChromium()
      ada = await chromium.newPerson('app-hand-off')
      await signUpInBrowser(ada.page, stack.hosts, HANDLE)
      await ada.setPresence(false)
      computer = stack.hosts.instanceOrigin(HANDLE)
      game = stack.hosts.instanceAppOrigin(HANDLE, 'game')
      const made = await ada.page.evaluate(async () => {
        const headers = { 'content-type': 'application/json', 'x-computer-request': '1' }
        const body = JSON.stringify({ title: 'Game' })
        return (await fetch('/api/apps', { method: 'POST', headers, body })).json()
      })
      expect(made).toEqual({ name: 'game' })
    }, 180_000)
    afterAll(async () => {
      await chromium?.[Symbol.asyncDispose]()
      await stack?.[Symbol.asyncDispose]()
    })

    /** Puts a frame into the page of the computer; resolves when it has loaded. */
    async function frame(src: string): Promise<Frame> {
      const { page } = ada
      const element = await page.evaluateHandle(async (address) => {
        const made = document.createElement('iframe')
        const loaded = new Promise((resolve) => made.addEventListener('load', resolve, { once: true }))
        made.src = address
        document.body.append(made)
        await loaded
        return made
      }, src)
      const found = await element.contentFrame()
      if (!found) throw new Error('There is no frame.')
      return found
    }
    const cookieNames = async (person: Person) =>
      (await person.context.cookies([game, computer])).map(({ name }) => name)

    it('opens for its owner in a frame of the computer, and stays open', async () => {
      const byLaunch = await frame('/.mos/app-launch?app=game&rt=%2F%3Flevel%3D2')
      expect(byLaunch.url()).toBe(`${game}/?level=2`)
      expect(await roleIn(byLaunch)).toBe('owner')
      const byAddress = await frame(`${game}/`)
      expect(await roleIn(byAddress)).toBe('owner')
      expect(await (await join(byAddress))()).toBe(true)
      const cookies = await ada.context.cookies(game)
      expect(cookies.map(({ name, sameSite }) => [name, sameSite])).toContainEqual(['__Host-mos_app', 'None'])
    })

    it('opens full screen, by the computer’s link and by its own', async () => {
      const tab = await ada.context.newPage()
      await visit(tab, `${computer}/.mos/app-launch?app=game`)
      expect([tab.url(), await roleIn(tab)]).toEqual([`${game}/`, 'owner'])
      await ada.context.clearCookies({ name: '__Host-mos_app', domain: new URL(game).hostname })
      await visit(tab, `${game}/?again`)
      expect([tab.url(), await roleIn(tab)]).toEqual([`${game}/?again`, 'owner'])
      await tab.close()
    })

    it('is at home nowhere else, and nobody else frames it', async () => {
      const tab = await ada.context.newPage()
      await visit(tab, `${game}/`)
      const outcome = await tab.evaluate(
        async (addresses) => {
          const ask = (address: string) =>
            fetch(address, { credentials: 'include' }).then(
              ({ status }) => status,
              () => 'refused',
            )
          return Promise.all(addresses.map(ask))
        },
        [
          `${computer}/api/me`,
          stack.hosts.instanceAppOrigin(HANDLE, 'other'),
          `${stack.hosts.appOrigin}/trpc/auth.me`,
        ],
      )
      expect(outcome).toEqual(['refused', 'refused', 'refused'])
      const framed = tab.waitForResponse(`${computer}/`)
      await tab.evaluate((src) => {
        const made = document.createElement('iframe')
        made.src = src
        document.body.append(made)
      }, `${computer}/`)
      expect((await framed).status()).toBe(403)
      await tab.close()
    })

    it.runIf(publishes)(
      'lets a stranger in once it is published, as nobody, without a cookie, and out again',
      async () => {
        const stranger = await chromium.newPerson('app-hand-off')
        const { page } = stranger
        await visit(page, `${game}/`)
        expect(new URL(page.url()).origin).toBe(stack.hosts.appOrigin)
        await stranger.context.clearCookies()

        await publish(true)
        await visit(page, `${game}/`)
        await until('it is open to anyone', async () => {
          if (new URL(page.url()).origin === game) return true
          await stranger.context.clearCookies()
          await visit(page, `${game}/`)
          return false
        })
        expect(await roleIn(page)).toBe('visitor')
        expect(await cookieNames(stranger)).toEqual([])
        const owned = await frame('/.mos/app-launch?app=game')
        expect(await roleIn(owned)).toBe('owner')
        const [isVisiting, isOwning] = [await join(page), await join(owned)]

        await publish(false)
        const off = performance.now()
        await until('the visitor is out', async () => !(await isVisiting()))
        expect(performance.now() - off).toBeLessThan(ENDED_MS)
        expect(await isOwning()).toBe(true)
        expect(await roleIn(page)).toBe(401)
      },
    )

    /** As the owner does on the platform. */
    async function publish(isPublic: boolean): Promise<void> {
      const tab = await ada.context.newPage()
      await visit(tab, stack.hosts.appOrigin)
      const status = await tab.evaluate(async (wanted) => {
        const call = (path: string, input?: unknown) =>
          fetch(`/trpc/${path}`, {
            headers: { 'content-type': 'application/json', 'x-mos': '1' },
            ...(input === undefined ? {} : { method: 'POST', body: JSON.stringify(input) }),
          })
        const { result } = await (await call('tenants.mine')).json()
        const input = { instanceId: result.data.id, app: 'game' }
        const more = { mode: 'public', title: 'Game' }
        const done = await call(
          `publishing.${wanted ? 'publish' : 'unpublish'}`,
          wanted ? { ...input, ...more } : input,
        )
        return done.ok ? '' : done.text()
      }, isPublic)
      expect(status).toBe('')
      await tab.close()
    }

    it('ends for its owner with the session, also in a frame', async () => {
      const framed = await frame('/.mos/app-launch?app=game')
      const isOpen = await join(framed)
      const tab = await ada.context.newPage()
      await visit(tab, stack.hosts.appOrigin)
      await tab.evaluate(() =>
        fetch('/trpc/auth.logout', {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-mos': '1' },
        }),
      )
      const out = performance.now()
      await until('it is closed', async () => !(await isOpen()))
      expect(performance.now() - out).toBeLessThan(ENDED_MS)
      expect(await roleIn(framed)).toBe(401)
      const again = await frame('/.mos/app-launch?app=game')
      await again.getByRole('heading', { name: 'You are signed out here' }).waitFor()
      await visit(tab, `${game}/`)
      expect(new URL(tab.url()).origin).toBe(stack.hosts.appOrigin)
    })
  })
})
