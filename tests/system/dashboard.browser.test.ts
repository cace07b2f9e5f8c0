/** The dashboard's buttons and dialogs, in Chromium on the embedded stack. */

import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { arriveAt, DEVICES, launchChromium } from '../support/chromium.ts'
import { showsState } from '../support/dashboard.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], 'the dashboard', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let page: Page
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    chromium = await launchChromium()
    page = (await chromium.newPerson('dashboard')).page
    await page.goto(at('app', '/signup'))
    await page.getByLabel('Handle').fill('dana')
    await page.getByRole('button', { name: 'Create passkey' }).click()
    await arriveAt(page, at('dana'))
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const at = (host: string, path = '/') => `${stack.url.replace('//', `//${host}.`)}${path}`
  const badge = (text: string) => showsState(page, text)
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim())

  it('keeps the buttons in place and the focus on them from awake to asleep and back', async () => {
    await page.setViewportSize(DEVICES.phone)
    await page.goto(at('app'))
    await badge('Awake')
    const sleep = page.getByRole('button', { name: 'Sleep' })
    const top = async () => (await sleep.boundingBox())?.y
    await expect
      .poll(() => page.evaluate(() => document.getAnimations().every((one) => one.playState === 'finished')))
      .toBe(true)
    const before = await top()
    await sleep.press('Enter')
    await badge('Asleep')
    expect.soft(await focused()).toBe('Sleep')
    expect.soft(await top()).toBe(before)
    await page.getByRole('button', { name: 'Wake' }).press('Enter')
    await badge('Awake')
    expect.soft(await focused()).toBe('Wake')
    await page.setViewportSize(DEVICES.desktop)
  })

  it('restarts the computer, and shows what the runs before and after printed', async () => {
    await page.goto(at('app'))
    await badge('Awake')
    await page.getByRole('button', { name: 'Show', exact: true }).click()
    await page.getByRole('button', { name: 'Restart', exact: true }).click()
    await badge('Awake')
    await page.getByRole('button', { name: /^Restarted/ }).click()
    expect
      .soft(await page.getByRole('button', { name: /^Restarted/ }).getAttribute('aria-pressed'))
      .toBe('true')
    await page.getByRole('button', { name: 'Running now' }).click()
    await page.getByRole('region', { name: 'What it printed' }).getByText('listening').waitFor()
    await page.getByRole('button', { name: 'Hide' }).click()
  })

  it('closes the delete dialog with Back, and leaves no entry behind when it is closed by hand', async () => {
    await page.goto(at('app', '/no/such/page'))
    await page.goto(at('app'))
    const opener = page.getByRole('button', { name: 'Delete…' })
    await opener.click()
    await page.getByRole('dialog').waitFor()
    await page.goBack()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await opener.waitFor()
    await opener.click()
    await page.getByRole('button', { name: 'Keep it' }).click()
    await expect.poll(() => page.url()).toBe(at('app'))
    await page.goBack()
    await page.getByRole('heading', { name: 'Page not found' }).waitFor()
  })
})
