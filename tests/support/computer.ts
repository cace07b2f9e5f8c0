/** A person in Chromium at the address of their computer, which is awake. */
import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import type { Page, Route } from 'playwright-core'
import { expect } from 'vitest'
import { violationsOf } from './axe.ts'
import { DEVICES, launchChromium } from './chromium.ts'
import { bootStack, type StackOptions } from './stack.ts'

export const HANDLE = 'ada-lovelace-of-london'
export const PROGRESS = '**/.mos/progress'

/** By the dock, as on every device; a part that is in front already would be put away by that. */
export async function openPart(page: Page, title: string): Promise<void> {
  const button = page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: title })
  if ((await button.getAttribute('aria-current')) !== 'true') await button.click()
  await page.getByRole('region', { name: title, exact: true }).waitFor()
}

/** Those that came back with the page too; what is typed in them and not saved is kept by the browser. */
export async function closeWindows(page: Page): Promise<void> {
  const closers = page.locator('.window > header').getByRole('button', { name: /^Close / })
  const anyway = page.getByRole('button', { name: 'Close anyway' })
  while ((await closers.count()) > 0) {
    const before = await closers.count()
    await closers.last().click()
    await expect.poll(async () => (await closers.count()) < before || (await anyway.isVisible())).toBe(true)
    if (await anyway.isVisible()) await anyway.click()
    await expect.poll(() => closers.count()).toBeLessThan(before)
  }
}

/** The page has said what it is, and the computer what it has. */
export async function isAwake(page: Page): Promise<void> {
  await page.locator('#state-word').filter({ hasText: 'Awake' }).waitFor()
  await page.locator('#asleep').waitFor({ state: 'hidden' })
  // The frame is there before the computer has said what else there is.
  await page.locator('nav.dock').waitFor({ state: 'attached' })
}

/** The windows that are to be seen, where they are and which is above which. */
export const windowsSeen = (page: Page) =>
  page.locator('.window:not([hidden])').evaluateAll((all) =>
    all.map((element) => {
      const { x, y, width, height } = element.getBoundingClientRect()
      const isFront = element.getAttribute('data-front') === 'true'
      return { id: element.getAttribute('data-window'), x, y, width, height, isFront }
    }),
  )

export type Computer = Awaited<ReturnType<typeof openComputer>>

/** `folder`: of its pictures. `env`: of the platform's parts. */
export async function openComputer(
  folder: string,
  env: Record<string, string> = {},
  parts: StackOptions['parts'] = 'embedded',
) {
  await using opened = new AsyncDisposableStack()
  const stack = opened.use(await bootStack({ parts, env }))
  const client = stack.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: HANDLE })
  await waitUntilRunning(client)
  const chromium = opened.use(await launchChromium())
  const person = await chromium.newPerson(folder)
  const { page } = person
  let sockets = 0
  page.on('websocket', () => sockets++)
  const cookies = client.browser.jar.all().map(({ host, name, value, path, httpOnly, secure }) => ({
    ...{ name, value, domain: host, path, httpOnly, secure },
    sameSite: 'Lax' as const,
  }))
  await person.context.addCookies(cookies)

  const address = (path = '/') => `${stack.url.replace('//', `//${HANDLE}.`)}${path}`
  const word = page.locator('#state-word')
  const asleep = page.locator('#asleep')
  const observed = async () => (await client.trpc.tenants.mine.query()).observed
  await page.goto(address())
  await isAwake(page)
  const open = opened.move()

  return {
    stack,
    client,
    person,
    page,
    address,
    word,
    asleep,
    input: page.locator('#console-input'),
    openPart: (title: string) => openPart(page, title),
    isAwake: () => isAwake(page),
    observed,
    /** WebSockets that the page has opened so far. */
    sockets: () => sockets,
    focused: () => page.evaluate(() => document.activeElement?.id ?? ''),

    putToSleep: async () => {
      await putInstanceToSleep(client)
      await until('it has stopped', async () => (await observed()) === 'stopped', 60_000)
    },

    /** Until the release every look at the computer stays without an answer. */
    holdProgress: async () => {
      const held: Route[] = []
      await page.route(PROGRESS, (route) => void held.push(route))
      return async () => {
        await page.unroute(PROGRESS)
        await Promise.all(held.map((route) => route.continue().catch(() => undefined)))
      }
    },

    /** What breaks rules of accessibility, in every size and colour scheme. */
    violations: async (): Promise<string[]> => {
      const found: string[] = []
      for (const [device, size] of Object.entries(DEVICES)) {
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.setViewportSize(size)
          await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
          found.push(...(await violationsOf(page)).map((each) => `${device} ${colorScheme} ${each}`))
        }
      }
      await page.setViewportSize(DEVICES.desktop)
      await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
      return found
    },

    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
