/** A computer that waits for memory, as its owner sees it. */
import { signUp } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { launchChromium } from '../support/chromium.ts'
import { bootStack } from '../support/stack.ts'

describeReal(['chromium'], 'a computer that waits for memory', () => {
  it('says so, and which place in the line it has', async () => {
    const env = { MEMORY_RESERVE_BYTES: String(2 ** 50) }
    await using stack = await bootStack({ parts: 'embedded', env })
    await using chromium = await launchChromium()
    const client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: 'wanda' })
    const { page, picture, context } = await chromium.newPerson('waiting')
    const cookies = client.browser.jar.all().map(({ host, name, value, path, httpOnly, secure }) => ({
      ...{ name, value, domain: host, path, httpOnly, secure },
      sameSite: 'Lax' as const,
    }))
    await context.addCookies(cookies)
    await page.goto(`${stack.hosts.instanceOrigin('wanda')}/`)
    await page.getByRole('heading', { name: 'wanda is waiting for room' }).waitFor()
    await page.getByText('Next in line.').waitFor()
    await picture('line')
    expect(await violationsOf(page)).toEqual([])
  })
})
