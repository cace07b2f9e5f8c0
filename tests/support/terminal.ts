/** The terminal at a computer's address, in Chromium: its owner's browser, and what they do with it. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import type { Page } from 'playwright-core'
import { launchChromium, visit } from './chromium.ts'
import { bootStack, type StackOptions } from './stack.ts'

export interface TerminalsOptions extends StackOptions {
  handle: string
  /** Of the pictures. */
  folder: string
}

export type Terminals = Awaited<ReturnType<typeof openTerminals>>

/** An account whose computer runs, and its owner's browser with a terminal open. */
export async function openTerminals({ handle, folder, ...options }: TerminalsOptions) {
  await using opened = new AsyncDisposableStack()
  const stack = opened.use(await bootStack(options))
  const client = stack.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  await waitUntilRunning(client)
  const chromium = opened.use(await launchChromium())
  const person = await chromium.newPerson(folder)
  const { page, context } = person
  const cookies = client.browser.jar.all().map(({ host, name, value, path, httpOnly, secure }) => ({
    ...{ name, value, domain: host, path, httpOnly, secure },
    sameSite: 'Lax' as const,
  }))
  await context.addCookies(cookies)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await visit(page, stack.hosts.instanceOrigin(handle))
  await openTerminal(page).catch(async () => {
    // Chromium may have given up on a part of the page, because this machine's networks changed as containers started.
    await page.reload()
    await openTerminal(page)
  })
  const open = opened.move()
  return { stack, person, page, [Symbol.asyncDispose]: () => open.disposeAsync() }
}

/** The lines of the glass that is seen. */
export const glass = (page: Page) => page.locator('.stage:not([hidden]) .xterm-rows')
export const sees = (page: Page, text: string | RegExp, timeout?: number) =>
  glass(page)
    .filter({ hasText: text })
    .waitFor(timeout === undefined ? {} : { timeout })
export const field = (page: Page) => page.locator('.stage:not([hidden]) textarea')
export const tabs = (page: Page) => page.getByRole('tab')

/** In the strip below the glass. */
export const says = (page: Page, text: string | RegExp) =>
  page.locator('.terminal .status').filter({ hasText: text }).waitFor()

export async function run(page: Page, line: string): Promise<void> {
  await field(page).focus()
  await page.keyboard.type(line)
  await page.keyboard.press('Enter')
}

/** Where the page has not opened its window by itself. */
export async function openTerminal(page: Page): Promise<void> {
  const part = page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: 'Terminal' })
  await part.waitFor()
  if ((await page.locator('.window').count()) === 0) await part.click()
  await tabs(page).first().waitFor()
  await sees(page, /\S/)
}

/** Another terminal beside the one that is seen. */
export async function openAnother(page: Page): Promise<void> {
  const before = await tabs(page).count()
  await page.getByRole('button', { name: 'New terminal' }).click()
  await until('another tab', async () => (await tabs(page).count()) === before + 1)
}

/** The middle of the last place where this text is on the glass. */
export const placeOf = (page: Page, text: string): Promise<{ x: number; y: number }> =>
  glass(page).evaluate((rows, wanted) => {
    const walker = document.createTreeWalker(rows, NodeFilter.SHOW_TEXT)
    let place = { x: 0, y: 0 }
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const at = node.textContent?.lastIndexOf(wanted) ?? -1
      if (at < 0) continue
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + wanted.length)
      const { left, top, width, height } = range.getBoundingClientRect()
      place = { x: left + width / 2, y: top + height / 2 }
    }
    return place
  }, text)

/** As a phone has it: a finger, and a screen of its size, until the function that this resolves with. */
export async function holdPhone(
  page: Page,
  size: { width: number; height: number },
): Promise<() => Promise<void>> {
  const before = page.viewportSize()
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: true })
  await page.setViewportSize(size)
  await page.getByRole('toolbar', { name: 'Keys' }).waitFor()
  return async () => {
    if (before) await page.setViewportSize(before)
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: false })
    await session.detach()
  }
}
