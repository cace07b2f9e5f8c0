/** The first journey of a person, in Chromium, on the embedded defaults and on Docker, Caddy and PostgreSQL. */

import { describeReal } from '@matrixos/testing/describe-real'
import type { Route } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { arriveAt, launchChromium, type Person, signInWithPasskey, visit } from '../support/chromium.ts'
import { openPart } from '../support/computer.ts'
import { putToSleep, showsState } from '../support/dashboard.ts'
import { bootStack, STACKS, type Stack, SUFFIX_STACK, TWO_DOMAIN_STACKS } from '../support/stack.ts'

const HANDLE = 'hamed'
const NOTE = 'Buy milk. Ünïcode too.'
const MOST_VISITS = 5

for (const { name, parts, needs, domains } of [...STACKS, ...TWO_DOMAIN_STACKS, SUFFIX_STACK]) {
  describeReal([...needs, 'chromium'], `the journey (${name})`, () => {
    let stack: Stack
    let chromium: Awaited<ReturnType<typeof launchChromium>>
    let person: Person
    beforeAll(async () => {
      stack = await bootStack({ parts, ...(domains && { domains }), env: { PAGE_AFTER_S: '0.1' } })
      chromium = await launchChromium()
      person = await chromium.newPerson(name)
    })
    afterAll(async () => {
      await chromium?.[Symbol.asyncDispose]()
      await stack?.[Symbol.asyncDispose]()
    })
    const app = (path = '/') => `${stack.hosts.appOrigin}${path}`
    const at = (handle: string, path = '/') => `${stack.hosts.instanceOrigin(handle)}${path}`
    /**
     * A container takes longer than this stack's 0.1 s; a child process may be faster. Its start changes this machine's
     * networks: where Chromium gave up for that, it asks again, and finds it awake.
     */
    const visitAsleep = async () => {
      for (let visits = 1; ; visits++) {
        const shown = await visit(person.page, at(HANDLE))
        if (parts !== 'real' || shown?.status() === 503 || visits === MOST_VISITS) return shown
        await visit(person.page, app())
        await putToSleep(person.page)
      }
    }

    it('begins on the landing page, which counts running instances', async () => {
      const { page, picture } = person
      await visit(page, stack.url)
      await page.getByRole('heading', { level: 1 }).waitFor()
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toMatch(
        /Your AI-Powered Operating System/i,
      )
      const counted = page.getByRole('region', { name: 'Running right now' })
      await counted.getByText('0', { exact: true }).waitFor()
      await counted.getByText('The first light here can be yours.').waitFor()
      await picture('1-landing')
    })

    it('says at once which handles are not available', async () => {
      const { page, picture } = person
      await visit(page, app('/signup'))
      const field = page.getByLabel('Handle')
      await field.waitFor()
      await field.fill('admin')
      await page
        .getByText(/reserved/i)
        .first()
        .waitFor()
      await picture('2-reserved')
    })

    it('makes a passkey and lands in an instance of its own, which greets by handle', async () => {
      const { page, picture } = person
      await page.getByLabel('Handle').fill(HANDLE)
      await page.getByText('Available', { exact: true }).first().waitFor()
      await picture('3-signup')
      await page.getByRole('button', { name: 'Create passkey' }).click()
      await arriveAt(page, at(HANDLE))
      await page.getByRole('heading', { name: `Welcome, ${HANDLE}` }).waitFor()
      await page.locator('#state span', { hasText: 'Awake' }).waitFor()
      await picture('4-instance')
    })

    it('keeps a note, and runs commands in its home', async () => {
      const { page, picture } = person
      await openPart(page, 'Note pad')
      await page.locator('#pad-text').fill(NOTE)
      await page.locator('#pad-state', { hasText: 'Saved' }).waitFor()
      // Where there is a wall around it, it has a real shell; elsewhere the built-in console.
      if (parts === 'real') {
        await page
          .getByRole('navigation', { name: 'Parts' })
          .getByRole('button', { name: 'Terminal' })
          .click()
        await page.locator('.xterm-rows', { hasText: /[$#~]/ }).waitFor()
        await page.keyboard.type('ls\n')
        await page.locator('.xterm-rows', { hasText: 'notes' }).waitFor()
      } else {
        await openPart(page, 'Console')
        await page.locator('#console-input').fill('ls')
        await page.locator('#console-input').press('Enter')
        await page.locator('#console-log', { hasText: 'notes' }).waitFor()
      }
      await picture('5-note')
    })

    it('is counted as running on the landing page', async () => {
      const { page } = person
      await visit(page, stack.url)
      const counted = page.getByRole('region', { name: 'Running right now' })
      await counted.getByText('1', { exact: true }).waitFor()
    })

    it('sleeps and wakes from the dashboard, where its state is live', async () => {
      const { page, picture } = person
      await visit(page, app())
      const sleep = page.getByRole('button', { name: 'Sleep' })
      await sleep.waitFor()
      await picture('6-dashboard')
      await putToSleep(page)
      await picture('7-asleep')
      await page.getByRole('button', { name: 'Wake' }).click()
      await showsState(page, 'Awake')
      await putToSleep(page)
    })

    it('shows a person who visits that it wakes, and leads on by itself, with the note intact', async () => {
      const { page, picture } = person
      const asked = Promise.withResolvers<Route>()
      await page.route('**/.mos/progress', asked.resolve)
      const shown = await visitAsleep()
      if (parts === 'real') expect(shown?.status()).toBe(503)
      if (shown?.status() === 503) {
        const waking = page.getByRole('heading', { name: `Waking ${HANDLE}` })
        await waking.waitFor()
        await asked.promise
        await picture('7-waking')
        expect(await waking.isVisible()).toBe(true)
      }
      // Lets go what was held: from here on the page has what the gate tells it, and nobody visits it again.
      await page.unroute('**/.mos/progress', asked.resolve)
      await page.getByRole('heading', { name: `Welcome, ${HANDLE}` }).waitFor({ timeout: 30_000 })
      await expect.poll(() => page.locator('#pad-text').inputValue(), { timeout: 20_000 }).toBe(NOTE)
    })

    it('signs out, and comes back to the same page with the passkey', async () => {
      const { page, picture, setPresence } = person
      await visit(page, app())
      await page
        .getByRole('button', { name: new RegExp(HANDLE) })
        .first()
        .click()
      await page.getByRole('menuitem', { name: 'Sign out', exact: true }).click()
      await page.waitForURL(/\/login/)
      await setPresence(false)
      const link = at(HANDLE, '/?from=link')
      await visit(page, link)
      await arriveAt(page, /\/login\?next=/, { from: link })
      await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor()
      await picture('8-login')
      await signInWithPasskey(person)
      await arriveAt(page, at(HANDLE, '/?from=link'))
    })

    it('offers a name that nobody has', async () => {
      const { page, picture } = person
      await visit(page, at('unclaimed-name'))
      await page.getByRole('heading', { name: 'unclaimed-name is unclaimed' }).waitFor()
      await picture('9-unclaimed')
    })

    it('breaks no content security policy on the way', () => {
      expect(person.errors.filter((text) => /content security policy/i.test(text))).toEqual([])
    })
  })
}
