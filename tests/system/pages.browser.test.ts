/** The platform's pages as a visitor and a new person meet them, in Chromium on the embedded stack. */

import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { arriveAt, DEVICES, launchChromium, type Person } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], "the platform's pages", () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  let page: Page
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    chromium = await launchChromium()
    person = await chromium.newPerson('pages')
    page = person.page
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const at = (host: string, path = '/') => `${stack.url.replace('//', `//${host}.`)}${path}`
  const port = () => new URL(stack.url).port
  const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()
  const handleField = () => page.getByLabel('Handle')
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())

  const isStill = () =>
    page.evaluate(() => document.getAnimations().every(({ playState }) => playState === 'finished'))

  /** A picture for people, and the rules of accessibility in both colour schemes. */
  async function inspect(name: string) {
    await person.picture(name)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await violationsOf(page), `${name}, ${colorScheme}`).toEqual([])
    }
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: null })
  }

  it('logs no console error on an anonymous visit', async () => {
    for (const [url, title] of [
      [stack.url, /Operating System/],
      [at('app'), 'Welcome back'],
      [at('app', '/login'), 'Welcome back'],
      [at('app', '/signup'), 'Name your computer'],
    ] as const) {
      await page.goto(url, { waitUntil: 'networkidle' })
      await heading(title)
    }
    expect(person.errors).toEqual([])
  })

  it('shows the address of a computer with its port', async () => {
    await page.goto(stack.url)
    await page.getByText(`.localhost:${port()}`, { exact: true }).first().waitFor()
    await inspect('landing')
    await page.goto(at('app', '/signup'))
    await handleField().fill('ada')
    await page.getByText(`ada.localhost:${port()}`).waitFor()
    await page.getByText('Available', { exact: true }).waitFor()
    await inspect('signup')
  })

  it('plays the film of the landing page with captions, and by itself only where motion is welcome', async () => {
    const film = page.locator('video')
    const played = () => film.evaluate((one: HTMLVideoElement) => one.currentTime)
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await page.goto(stack.url)
    await film.scrollIntoViewIfNeeded()
    const button = page.getByRole('button', { name: 'Play the film' })
    await button.waitFor()
    expect(await played()).toBe(0)
    await button.click()
    await expect.poll(played).toBeGreaterThan(0)
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    await page.reload()
    await film.scrollIntoViewIfNeeded()
    await expect.poll(played).toBeGreaterThan(0)
    expect(await film.evaluate((one: HTMLVideoElement) => one.textTracks[0]?.mode)).toBe('showing')
    await page.getByRole('button', { name: 'Pause the film' }).click()
    await button.waitFor()
    await page.emulateMedia({ reducedMotion: null })
  })

  it('keeps the sign-up button in place while a handle is typed', async () => {
    for (const size of Object.values(DEVICES)) {
      await page.setViewportSize(size)
      await page.goto(at('app', '/signup'))
      await handleField().fill('')
      const button = page.getByRole('button', { name: 'Create passkey' })
      await page.getByText('3–32 letters, numbers or hyphens').waitFor()
      await expect.poll(isStill).toBe(true)
      const before = await button.boundingBox()
      for (const [text, shows] of [
        ['a', '3–32'],
        ['7ada', 'Start with a letter'],
        ['abc--d', 'one hyphen in a row'],
        ['admin', 'reserved'],
        ['a-name-that-has-thirty-two-chars', 'Available'],
      ] as const) {
        await handleField().fill(text)
        await page.getByText(shows).first().waitFor()
        expect(await button.boundingBox(), text).toEqual(before)
      }
    }
    await page.setViewportSize(DEVICES.desktop)
  })

  it('goes one step back in sign-up, with what was typed', async () => {
    await page.goto(at('app', '/login'))
    await page.getByRole('link', { name: 'Get started' }).click()
    await handleField().fill('bella')
    await page.getByText('Available', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Use a password and authenticator app' }).click()
    await heading('Choose a password')
    await inspect('signup-password')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Continue' }).click()
    await heading('Connect your app')
    await inspect('signup-code')
    await page.goBack()
    await heading('Choose a password')
    await page.goForward()
    await heading('Connect your app')
    await page.goBack()
    await page.goBack()
    await heading('Name your computer')
    expect(await handleField().inputValue()).toBe('bella')
    await page.goBack()
    await heading('Welcome back')
  })

  it('lets a password manager keep the handle with a new password', async () => {
    await page.goto(at('app', '/signup?handle=bella'))
    await page.getByText('Available', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Use a password and authenticator app' }).click()
    await heading('Choose a password')
    const username = page.locator('form input[autocomplete="username"]')
    expect(await username.inputValue()).toBe('bella')
    // Chromium takes no notice of one of the type `hidden`.
    expect(await username.evaluate((field: HTMLInputElement) => field.type)).toBe('text')
    expect(await username.isVisible()).toBe(false)
  })

  it('leads to the field that needs another look', async () => {
    const inFocus = () => page.evaluate(() => document.activeElement?.getAttribute('name'))
    await page.goto(at('app', '/login'))
    const submit = page.getByRole('button', { name: 'Sign in', exact: true })
    await submit.click()
    expect(await inFocus()).toBe('handle')
    await page.getByLabel('Handle').fill('nobody')
    await submit.click()
    expect(await inFocus()).toBe('password')
    await page.goto(at('app', '/signup?handle=bella'))
    await page.getByText('Available', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Use a password and authenticator app' }).click()
    await page.getByRole('button', { name: 'Continue' }).click()
    expect(await inFocus()).toBe('password')
    await page.getByLabel('Password', { exact: true }).fill('correct horse battery')
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('button', { name: 'Create my computer' }).click()
    expect(await inFocus()).toBe('code')
  })

  it('shows one problem at a time when signing in', async () => {
    await page.goto(at('app', '/login'))
    await inspect('login')
    const options = /auth\.loginPasskeyOptions/
    await page.route(options, (route) => route.abort())
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
    const alerts = page.getByRole('alert')
    await alerts.waitFor()
    const first = await alerts.textContent()
    await page.unroute(options)
    await page.getByLabel('Handle').fill('nobody')
    await page.getByLabel('Password', { exact: true }).fill('wrong horse battery')
    await page.getByLabel('6-digit code').fill('123456')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('Incorrect handle, password or code.').waitFor()
    expect(await alerts.count()).toBe(1)
    expect(await alerts.textContent()).not.toContain(first)
    await inspect('login-refused')
    await page.getByLabel('6-digit code').fill('12')
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('Enter the 6 digits your app shows.').waitFor()
    expect(await alerts.count()).toBe(0)
  })

  it('offers an unclaimed name, and carries it to sign-up', async () => {
    await page.goto(at('nobody123'))
    await heading('nobody123 is unclaimed')
    await inspect('gate-unclaimed')
    await page.getByRole('link', { name: 'Claim nobody123' }).click()
    await heading('Name your computer')
    expect(await handleField().inputValue()).toBe('nobody123')
    await page.reload()
    expect(await handleField().inputValue()).toBe('nobody123')
  })

  it('does not offer a name that sign-up refuses', async () => {
    for (const host of ['admin', 'a', '7up', 'ab--c']) {
      await page.goto(at(host))
      await heading('Page not found')
      expect(await page.getByRole('link', { name: /claim/i }).count(), host).toBe(0)
    }
    await inspect('gate-not-found')
  })

  it('says that there is no such page, on both sites', async () => {
    await page.goto(at('app', '/no/such/page'))
    await heading('Page not found')
    await inspect('app-not-found')
    await page.goto(`${stack.url}/no/such/page`)
    await heading('Page not found')
    await inspect('landing-not-found')
  })

  it('shows a first start for at least a second and a half', async () => {
    await page.goto(at('app', '/signup'))
    await handleField().fill('carla')
    await page.getByRole('button', { name: 'Create passkey' }).click()
    await heading('Setting up your computer')
    const shownMs = performance.now()
    await page.screenshot({ path: 'test-results/pages/first-start.png' })
    await arriveAt(page, at('carla'))
    expect(performance.now() - shownMs).toBeGreaterThan(1200)
  })

  it('gives the focus back when a dialog is closed with Escape', async () => {
    await page.goto(at('app'))
    await page.getByRole('button', { name: 'Delete…' }).waitFor()
    await inspect('dashboard')
    await page.getByRole('button', { name: 'Delete…' }).click()
    await page.getByRole('dialog').waitFor()
    await inspect('dashboard-delete')
    await page.keyboard.press('Escape')
    await expect.poll(focused).toBe('Delete…')
    await page.getByRole('button', { name: 'carla' }).click()
    await page.getByRole('menuitem', { name: 'Sign out everywhere' }).click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await expect.poll(focused).toContain('carla')
  })

  it('says whose computer it is to a person who may not open it', async () => {
    const other = await chromium.newPerson('pages')
    await other.page.goto(at('app', '/signup'))
    await other.page.getByLabel('Handle').fill('dora')
    await other.page.getByRole('button', { name: 'Create passkey' }).click()
    await arriveAt(other.page, at('dora'))
    await other.page.goto(at('carla'))
    await other.page.getByRole('heading', { name: 'This is carla’s computer' }).waitFor()
    await other.page.getByText('Only carla and people carla shares it with can open it.').waitFor()
    expect(await violationsOf(other.page)).toEqual([])
    await other.picture('gate-private')
  })

  it('says that a deleted name cannot be claimed yet', async () => {
    await page.goto(at('app', '/?delete=true'))
    await page.getByLabel('Type carla to confirm').fill('carla')
    await page.getByText('90 days').waitFor()
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await heading('Goodbye')
    await page.getByText('90 days').waitFor()
    await inspect('goodbye')
    const isGone = async () => (await stack.instancesOf('carla')) === 0
    await expect.poll(isGone, { timeout: 30_000 }).toBe(true)
    await page.goto(at('app', '/signup?handle=carla'))
    await page.getByText('This handle was used before and cannot be claimed yet.').waitFor()
    await page.goto(at('carla'))
    await heading('Page not found')
  })
})
