/** The page of upgrades as an administrator meets it, in Chromium. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { ROOT } from '@matrixos/host/root'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { launchChromium, settled, signUpInBrowser, visit } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const

describeReal(['chromium'], 'the page of upgrades', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let page: Page
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    const sleeper = stack.client()
    await signUp({ client: sleeper, authenticator: createAuthenticator(), handle: 'sleeper' })
    await waitUntilRunning(sleeper)
    await putInstanceToSleep(sleeper)
    chromium = await launchChromium()
    page = (await chromium.newPerson('upgrades')).page
    await signUpInBrowser(page, stack.hosts, 'ada')
    const env = { PATH: process.env.PATH, DATA_DIR: stack.dataDir, RUN_DIR: stack.runDir }
    const command = [join(ROOT, 'scripts/admin.ts'), 'grant', 'ada']
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT, env })
    await visit(page, /https?:\S+/.exec(stdout)?.[0] ?? '')
    await page.getByRole('button', { name: 'Accept as ada' }).click()
    await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const button = (name: string) => page.getByRole('button', { name, exact: true })
  const dialog = (name: string) => page.getByRole('dialog', { name })

  /** Pictures for people, and the rules of accessibility in both sizes and colour schemes. */
  async function inspect(name: string) {
    for (const [device, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        await page.evaluate(settled)
        await page.screenshot({
          path: join(ROOT, 'test-results/upgrades', `${name}-${device}-${colorScheme}.png`),
        })
        expect.soft(await violationsOf(page), `${name}, ${device}, ${colorScheme}`).toEqual([])
      }
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      expect.soft(isWider, `${name} scrolls sideways on a ${device}`).toBe(false)
    }
    await page.setViewportSize(SIZES.desktop)
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: null })
  }

  it('begins one, and shows how far it is', async () => {
    await page.getByRole('link', { name: 'Upgrades', exact: true }).click()
    await page.getByRole('heading', { name: 'Images in use' }).waitFor()
    await button('Upgrade computers').click()
    await page.getByLabel('Next image').fill('not an image')
    await page.getByText('An image, such as registry.example/computer:2.').waitFor()
    await page.getByLabel('Next image').fill('registry.example/computer:2')
    await inspect('begin')
    await page.getByText('Not at all').click()
    await button('Upgrade').click()
    await page.getByText('The upgrade has begun.').waitFor()
    await page.getByText('Under way').waitFor()
    await inspect('under-way')
    await page.getByText('Done', { exact: true }).waitFor({ timeout: 60_000 })
    await page.getByText('At their next wake', { exact: true }).waitFor()
    await inspect('done')
  })

  it('takes it back', async () => {
    await button('Roll back…').click()
    await dialog('Roll this upgrade back?').waitFor()
    await inspect('roll-back')
    await button('Roll back').click()
    await page.getByText('Computers go back to the image before.').waitFor()
    await page.getByText('Rolled back', { exact: true }).waitFor({ timeout: 60_000 })
    await expect.poll(() => page.getByText('Back to matrixos-instance:latest').count()).toBe(1)
  })
})
