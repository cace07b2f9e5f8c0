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
import { launchChromium, type Person, signUpInBrowser, visit } from '../support/chromium.ts'
import { inspect, WIDE } from '../support/inspect.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], 'the page of upgrades', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  let page: Page
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    const sleeper = stack.client()
    await signUp({ client: sleeper, authenticator: createAuthenticator(), handle: 'sleeper' })
    await waitUntilRunning(sleeper)
    await putInstanceToSleep(sleeper)
    chromium = await launchChromium()
    person = await chromium.newPerson('upgrades', WIDE)
    page = person.page
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

  it('begins one, and shows how far it is', async () => {
    await page.getByRole('link', { name: 'Upgrades', exact: true }).click()
    await page.getByRole('heading', { name: 'Images in use' }).waitFor()
    await button('Upgrade computers').click()
    await page.getByLabel('Next image').fill('not an image')
    await page.getByText('An image, such as registry.example/computer:2.').waitFor()
    await page.getByLabel('Next image').fill('registry.example/computer:2')
    await inspect(person, 'begin')
    await page.getByText('Not at all').click()
    await button('Upgrade').click()
    await page.getByText('The upgrade has begun.').waitFor()
    await page.getByText('Under way').waitFor()
    await inspect(person, 'under-way')
    await page.getByText('Done', { exact: true }).waitFor({ timeout: 60_000 })
    await page.getByText('At their next wake', { exact: true }).waitFor()
    await inspect(person, 'done')
  })

  it('takes it back', async () => {
    await button('Roll back…').click()
    await dialog('Roll this upgrade back?').waitFor()
    await inspect(person, 'roll-back')
    await button('Roll back').click()
    await page.getByText('Computers go back to the image before.').waitFor()
    await page.getByText('Rolled back', { exact: true }).waitFor({ timeout: 60_000 })
    await expect.poll(() => page.getByText('Back to matrixos-instance:latest').count()).toBe(1)
  })
})
