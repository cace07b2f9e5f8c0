/** Limits as a person meets them on the pages, in Chromium. */

import { signUp } from '@matrixos/client'
import { PASSWORD_MAX_CHARS } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, signUpInBrowser, visit } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], 'the sign-up page', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded', env: { SIGN_UPS_PER_NETWORK_PER_HOUR: '1' } })
    chromium = await launchChromium()
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  async function signUpPage(handle: string) {
    const { page } = await chromium.newPerson('limits')
    await page.goto(`${stack.url.replace('//', '//app.')}/signup`)
    await page.getByLabel('Handle').fill(handle)
    return page
  }

  it('lets a person type no longer password than the api takes', async () => {
    const page = await signUpPage('verbose')
    await page.getByRole('button', { name: 'Use a password' }).click()
    const field = page.getByLabel('Password', { exact: true })
    await field.pressSequentially('long '.repeat(60))
    expect(await field.inputValue()).toHaveLength(PASSWORD_MAX_CHARS)
    await page.getByRole('button', { name: 'Continue' }).click()
    await page.getByRole('heading', { name: 'Connect your app' }).waitFor()
  })

  it('says once when to try again', async () => {
    await signUp({ client: stack.client(), authenticator: createAuthenticator(), handle: 'first' })
    const page = await signUpPage('second')
    await page.getByRole('button', { name: 'Create passkey' }).click()
    const notice = page.getByText('Too many accounts were created from your network in the last hour.')
    await notice.waitFor()
    expect((await notice.textContent())?.match(/Try again in [\w ]+\./g)).toHaveLength(1)
  })
})

describeReal(['chromium'], 'one tab too many', () => {
  it('asks for its stream ever more rarely', async () => {
    await using stack = await bootStack({ parts: 'embedded', env: { STREAMS_PER_SESSION: '1' } })
    await using chromium = await launchChromium()
    const { page, context } = await chromium.newPerson('tabs')
    await signUpInBrowser(page, stack.hosts, 'tabs')
    await visit(page, stack.hosts.appOrigin)
    await page.getByRole('button', { name: 'Sleep' }).waitFor()
    const another = await context.newPage()
    const asked: number[] = []
    another.on('request', (request) => {
      if (request.url().includes('/trpc/tenants.watch')) asked.push(Date.now())
    })
    await visit(another, stack.hosts.appOrigin)
    await another.getByRole('button', { name: 'Sleep' }).waitFor()
    await expect.poll(() => asked.length, { timeout: 60_000 }).toBeGreaterThan(4)
    const [, , , fourth = 0, fifth = 0] = asked
    expect(fifth - fourth).toBeGreaterThan(3_500)
  })
})
