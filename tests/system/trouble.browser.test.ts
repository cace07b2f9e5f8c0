/** What a person sees while a part of the platform is in trouble, in Chromium on the embedded stack. */
import { rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { arriveAt, DEVICES, launchChromium, type Person, signInWithPasskey } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const LOG_LINE = /\{"time"/

describeReal(['chromium'], 'pages in trouble', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  let page: Page
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    chromium = await launchChromium()
    person = await chromium.newPerson('trouble')
    page = person.page
    await page.goto(at('app', '/signup'))
    await page.getByLabel('Handle').fill('carla')
    await page.getByRole('button', { name: 'Create passkey' }).click()
    await arriveAt(page, at('carla'))
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const at = (host: string, path = '/') => `${stack.url.replace('//', `//${host}.`)}${path}`
  /** Word for word: "Falling asleep" would do for "asleep", and a computer that is visited while it falls asleep stays awake. */
  const badge = (text: string | RegExp, of = page) => of.getByRole('status').getByText(text, { exact: true })
  const signal = (name: 'SIGSTOP' | 'SIGCONT') => {
    const pid = stack.platform().parts.api
    if (pid === undefined) throw new Error('The api is not running.')
    process.kill(pid, name)
  }

  it('says that the api hangs, on an open page and on a new one', async () => {
    await page.goto(at('app'))
    await badge('Awake').waitFor()
    signal('SIGSTOP')
    try {
      await badge('Reconnecting').waitFor({ timeout: 60_000 })
      expect(await badge('Awake').count()).toBe(0)
      await person.picture('hung-dashboard')
      expect(await violationsOf(page)).toEqual([])
      const tab = await person.context.newPage()
      await tab.goto(at('app'))
      await tab.getByText('Matrix OS isn’t answering').waitFor({ timeout: 60_000 })
      await tab.screenshot({ path: join('test-results/trouble', 'hung-new-tab.png') })
      await tab.close()
      const landing = await person.context.newPage()
      await landing.goto(stack.url)
      await landing.getByText('The live count is unavailable').waitFor({ timeout: 60_000 })
      await landing.close()
    } finally {
      signal('SIGCONT')
    }
    await badge('Awake').waitFor({ timeout: 60_000 })
  })

  it('asks once more for a piece of a page that was lost on the way', async () => {
    const visits = [
      { lost: /\/assets\/index-[\w-]{8}\.js/, to: at('app'), shows: badge('Awake') },
      // A piece that the entry itself asks for.
      { lost: /\/assets\/app-[\w-]{8}\.js/, to: at('app'), shows: badge('Awake') },
      { lost: /\/assets\/index-/, to: at('carla'), shows: page.locator('#state-word') },
    ]
    for (const { lost, to, shows } of visits) {
      let aborted = 0
      await page.route(lost, async (route) => {
        aborted++
        await route.abort()
        await page.unroute(lost)
      })
      await page.goto(to)
      await shows.waitFor()
      expect(aborted, `${lost} at ${to}`).toBeGreaterThan(0)
    }
  })

  it('says that a command waits, and why it failed', async () => {
    await page.goto(at('app'))
    await badge('Awake').waitFor()
    const failed = Promise.withResolvers<void>()
    await page.route('**/trpc/tenants.sleep*', async (route) => {
      await failed.promise
      await route.abort()
    })
    await page.getByRole('button', { name: 'Sleep' }).click()
    await badge('Still waiting. Matrix OS isn’t answering.').waitFor({ timeout: 20_000 })
    failed.resolve()
    await page.getByText('Matrix OS isn’t answering. Try again in a moment.').waitFor()
    await page.unrouteAll()
  })

  it('says that a sign-in waits for an api that hangs', async () => {
    const newcomer = await chromium.newPerson('trouble-sign-in')
    const login = newcomer.page
    await login.goto(at('app', '/login'))
    await login.getByLabel('Handle').fill('carla')
    await login.getByLabel('Password', { exact: true }).fill('a long enough password')
    await login.getByLabel('6-digit code').fill('123456')
    signal('SIGSTOP')
    try {
      await login.getByRole('button', { name: 'Sign in', exact: true }).click()
      await login.getByText('Still waiting. Matrix OS isn’t answering.').waitFor({ timeout: 20_000 })
      await newcomer.picture('hung-sign-in')
    } finally {
      signal('SIGCONT')
    }
    await login.getByText('Incorrect handle, password or code.').waitFor({ timeout: 60_000 })
    expect(await login.getByText('Still waiting').count()).toBe(0)
  })

  it('says that five wrong codes used up a set-up', async () => {
    const newcomer = await chromium.newPerson('trouble-codes')
    const setup = newcomer.page
    await setup.goto(at('app', '/signup'))
    await setup.getByLabel('Handle').fill('wrongly')
    await setup.getByRole('button', { name: /password/i }).click()
    await setup.getByLabel('Password', { exact: true }).fill('a long enough password')
    await setup.getByRole('button', { name: 'Continue' }).click()
    const code = setup.getByLabel('6-digit code')
    const create = setup.getByRole('button', { name: 'Create my computer' })
    for (let tries = 1; tries <= 5; tries++) {
      // The page knows of an answer a moment after it came, and takes no click until then.
      await expect.poll(() => create.isEnabled()).toBe(true)
      await code.fill('000000')
      const answered = setup.waitForResponse((one) => one.url().includes('auth.registerTotp'))
      await create.click()
      await answered
    }
    await setup.getByText('That was 5 wrong codes.').waitFor()
    expect(await setup.getByText('Setup expired.').count()).toBe(0)
    await newcomer.picture('used-up')
  })

  it('goes on saying so while one question after the other fails', async () => {
    const questions = '**/trpc/tenants.mine?*'
    await page.route('**/trpc/tenants.watch*', (route) => route.abort())
    await page.goto(at('app'))
    await badge('Awake').waitFor()
    let failed = 0
    page.on('requestfailed', (request) => {
      if (request.url().includes('/trpc/tenants.mine')) failed++
    })
    await page.route(questions, (route) => route.abort())
    await badge('Reconnecting').waitFor({ timeout: 60_000 })
    // A question is tried three times; by the fourth failure, one was given up and the next was asked.
    await expect.poll(() => failed, { timeout: 60_000 }).toBeGreaterThan(3)
    expect(await badge('Reconnecting').count()).toBe(1)
    await page.unrouteAll()
    await badge('Awake').waitFor({ timeout: 60_000 })
  })

  it('stays live where another tab signed out and in again', async () => {
    const signedIn = Promise.withResolvers<void>()
    const tab = await person.context.newPage()
    const tabBadge = (text: string) => badge(text, tab)
    await tab.goto(at('app'))
    await tabBadge('Awake').waitFor()
    await tab.route('**/trpc/auth.*', async (route) => {
      await signedIn.promise
      await route.continue()
    })
    await person.setPresence(false)
    await page.goto(at('app'))
    await page.getByRole('button', { name: 'carla' }).click()
    await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
    await page.waitForURL(/\/login/)
    await signInWithPasskey(person)
    await badge('Awake').waitFor({ timeout: 60_000 })
    signedIn.resolve()
    await page.getByRole('button', { name: 'Sleep' }).click()
    await tabBadge('Asleep').waitFor({ timeout: 60_000 })
    await tab.close()
    await page.getByRole('button', { name: 'Wake' }).click()
    await badge('Awake').waitFor({ timeout: 60_000 })
  })

  it('shows a failed wake as what it is, on the gate and on the dashboard', async () => {
    const system = join(stack.dataDir, 'instances/carla/matrixos/system')
    await page.goto(at('app'))
    await page.getByRole('button', { name: 'Sleep' }).click()
    await badge('Asleep').waitFor({ timeout: 60_000 })
    await rename(system, `${system}.kept`)
    await writeFile(system, 'A file where a folder should be.')

    await page.goto(at('carla'))
    await page.getByRole('heading', { name: 'carla could not be started' }).waitFor({ timeout: 60_000 })
    expect(await page.title()).not.toContain('Waking')
    expect(await page.getByRole('progressbar').count()).toBe(0)
    await page.getByText('Details', { exact: true }).waitFor()
    expect(await page.getByText(LOG_LINE).first().isVisible()).toBe(false)
    await person.picture('gate-failed')
    expect(await violationsOf(page)).toEqual([])
    await page.getByText('Details', { exact: true }).click()
    await expect.poll(() => page.getByText(LOG_LINE).first().isVisible()).toBe(true)

    await page.goto(at('app'))
    await badge(/Not running|Trying again/).waitFor()
    expect(await page.getByRole('heading', { name: 'Setting up your computer' }).count()).toBe(0)
    expect(await page.getByRole('progressbar').count()).toBe(0)
    const details = page.getByText('Details', { exact: true })
    await details.waitFor()
    expect(await page.getByText(LOG_LINE).first().isVisible()).toBe(false)
    await person.picture('dashboard-failed')
    expect(await violationsOf(page)).toEqual([])
    await page.setViewportSize(DEVICES.phone)
    await details.click()
    expect(await violationsOf(page), 'details on a phone').toEqual([])
    expect(await page.getByRole('region', { name: 'Details' }).getAttribute('tabindex')).toBe('0')
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    await page.setViewportSize(DEVICES.desktop)

    await rm(system)
    await rename(`${system}.kept`, system)
    await page.goto(at('carla'))
    await page.getByRole('heading', { name: 'Welcome, carla' }).waitFor({ timeout: 90_000 })
  })
})
