/** A dashboard whose event streams end again and again: behind both edges its page stays live and shows nothing of it. */

import { describeReal } from '@matrixos/testing/describe-real'
import { expect, it } from 'vitest'
import { launchChromium, signUpInBrowser, visit } from '../support/chromium.ts'
import { bootStack, STACKS } from '../support/stack.ts'

/** Runs in the page: keeps whether this text was ever shown. */
const watchFor = (text: string) => {
  const look = () => {
    if (document.body.innerText.includes(text)) document.documentElement.dataset.seen = text
  }
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true })
}

for (const { parts, needs } of STACKS) {
  describeReal([...needs, 'chromium'], `a dashboard's stream (${parts})`, () => {
    it('is resumed without a sign of it, and then brings changes as before', async () => {
      await using stack = await bootStack({ parts, env: { EVENT_STREAM_S: '1' } })
      await using chromium = await launchChromium()
      const { page } = await chromium.newPerson(`streams-${parts}`)
      await signUpInBrowser(page, stack.hosts, 'watcher')

      let streams = 0
      page.on('response', (response) => {
        if (response.url().includes('/trpc/tenants.watch') && response.status() === 200) streams++
      })
      await visit(page, stack.hosts.appOrigin)
      await page.getByRole('button', { name: 'Sleep' }).waitFor()
      await page.evaluate(watchFor, 'reconnecting')
      await expect.poll(() => streams, { timeout: 60_000 }).toBeGreaterThan(4)
      await page.getByRole('button', { name: 'Sleep' }).click()
      const wake = page.getByRole('button', { name: 'Wake' })
      await expect.poll(() => wake.isEnabled(), { timeout: 60_000 }).toBe(true)
      expect(await page.evaluate(() => document.documentElement.dataset.seen)).toBeUndefined()
    })
  })
}
