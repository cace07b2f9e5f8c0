/** One person's own computer, in Chromium: claimed with a code from the log, at the domain itself, always on. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startScriptedModel } from '../../apps/scripted-model/src/server.ts'
import { arriveAt, launchChromium, type Person, visit } from '../support/chromium.ts'
import { claimCode, codesPrinted } from '../support/claim.ts'
import { openPart } from '../support/computer.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

const HANDLE = 'ada'
const NOTE = 'Only mine.'
const KEY = 'sk-ant-of-her-own'
const CLAIMED = /has been claimed/

for (const { name, parts, needs } of STACKS) {
  describeReal([...needs, 'chromium'], `one person alone (${name})`, () => {
    let stack: Stack
    let provider: Awaited<ReturnType<typeof startScriptedModel>>
    let chromium: Awaited<ReturnType<typeof launchChromium>>
    let owner: Person
    beforeAll(async () => {
      // What a platform would put to sleep soon stays on here.
      provider = await startScriptedModel({ apiKey: KEY })
      const env = { IDLE_LIMIT_S: '1', RESYNC_S: '0.5', ANTHROPIC_UPSTREAM: provider.url }
      stack = await bootStack({ parts, single: true, env })
      chromium = await launchChromium()
      owner = await chromium.newPerson(`single-${name}`)
    })
    afterAll(async () => {
      await chromium?.[Symbol.asyncDispose]()
      await stack?.[Symbol.asyncDispose]()
      await provider?.close()
    })
    const stats = () => stack.client().trpc.stats.public.query()

    it('tells a stranger who is first that it is not claimed, and nothing else', async () => {
      const { page, picture, passkeys } = await chromium.newPerson(`single-${name}`)
      const answer = await visit(page, stack.url)
      expect(answer?.status()).toBe(404)
      await page.getByRole('heading', { name: 'This computer is not claimed yet' }).waitFor()
      await picture('1-not-claimed')
      await page.getByRole('link', { name: 'Enter the code' }).click()
      await page.getByLabel('Handle').fill('mallory')
      await page.getByLabel('Code from the log').fill('0000-0000-0000-0000-0000-0000')
      await page.getByRole('button', { name: 'Create passkey' }).click()
      await page.getByText('This is not the code in the log.').waitFor()
      await picture('2-wrong-code')
      expect(await passkeys()).toEqual([])
      expect(await stats()).toMatchObject({ instances: 0, signUp: 'invite' })
      await visit(page, `${stack.hosts.appOrigin}/login`)
      await page.getByRole('heading', { name: 'Claim this computer' }).waitFor()
      for (const path of ['/api/me', '/files/notes', '/ws', '/.mos/progress']) {
        const { status } = await stack.client().browser.fetch(`${stack.url}${path}`)
        expect([401, 404]).toContain(status)
      }
      await page.close()
    })

    it('keeps the code in no file', () => {
      const code = claimCode(stack)
      const files = readdirSync(stack.dataDir, { recursive: true, withFileTypes: true })
      const texts = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
      expect(texts.length).toBeGreaterThan(3)
      expect(texts.filter((path) => readFileSync(path).includes(code))).toEqual([])
    })

    it('is claimed with the code, and opens at the domain itself', async () => {
      const { page, picture, errors } = owner
      await visit(page, `${stack.hosts.appOrigin}/signup`)
      await page.getByLabel('Handle').fill(HANDLE)
      await page.getByLabel('Code from the log').fill(claimCode(stack))
      await picture('3-claim')
      await page.getByRole('button', { name: 'Create passkey' }).click()
      await arriveAt(page, `${stack.url}/`, { timeoutMs: 120_000 })
      await page.getByRole('heading', { name: `Welcome, ${HANDLE}` }).waitFor({ timeout: 60_000 })
      await picture('4-instance')
      expect(errors.filter((text) => !/401|404/.test(text))).toEqual([])
    })

    it('keeps the session of the platform from the computer, which shares no origin with it', async () => {
      const { page, context } = owner
      const cookies = await context.cookies([stack.url, `${stack.hosts.appOrigin}/`])
      const domainsOf = (cookie: string) =>
        cookies.filter((one) => one.name === cookie).map((one) => one.domain)
      expect(domainsOf('__Host-mos_sid')).toEqual([stack.hosts.app])
      expect(domainsOf('__Host-mos_app')).toEqual([stack.hosts.domain])
      expect(
        cookies.filter(({ name: cookie }) => cookie.startsWith('__Host-mos')).every((one) => one.httpOnly),
      ).toBe(true)
      expect(await page.evaluate(() => document.cookie)).toBe('')
      const read = (url: string) =>
        page.evaluate(
          (address) =>
            fetch(address, { credentials: 'include' }).then(
              ({ type }) => type,
              () => 'refused',
            ),
          url,
        )
      expect(await read(`${stack.hosts.appOrigin}/trpc/auth.me`)).toBe('refused')
    })

    it('lets nobody else sign up, not even with the same code', async () => {
      const { page, picture } = await chromium.newPerson(`single-${name}`)
      await visit(page, `${stack.hosts.appOrigin}/signup`)
      await page.getByText(CLAIMED).waitFor()
      await picture('5-claimed')
      await visit(page, stack.url)
      await page.waitForURL(/\/login/)
      await page.close()
      const { trpc } = stack.client()
      const again = { handle: 'mallory', invite: claimCode(stack) }
      await expect(trpc.auth.registerPasskeyOptions.mutate(again)).rejects.toThrow(/cannot be created/)
      expect(await stats()).toEqual({ instances: 1, running: 1, signUp: 'closed' })
    })

    it('says what AI costs here', async () => {
      const { page, picture } = owner
      await visit(page, `${stack.hosts.appOrigin}/settings/credits`)
      await page.getByText('There are no free credits here').waitFor()
      expect(await page.getByRole('button', { name: 'Request more' }).count()).toBe(0)
      expect(await page.getByRole('link', { name: 'Sharing' }).count()).toBe(0)
      await picture('6-ai')
    })

    // Where there is a terminal, programs ask: single-image.real.test.ts.
    it.runIf(parts === 'embedded')(
      'asks a demonstration, and a provider on a key of its owner’s',
      async () => {
        const { page, picture } = owner
        /** Until it is answered so: for some seconds, the proxy goes by what it knew of the key. */
        const ask = (words: RegExp) =>
          expect
            .poll(
              async () => {
                await page.locator('#console-input').fill('ask Hello')
                await page.locator('#console-input').press('Enter')
                return page.getByText(words).count()
              },
              { timeout: 60_000, interval: 1_000 },
            )
            .toBeGreaterThan(0)
        await visit(page, stack.url)
        await openPart(page, 'Console')
        await ask(/add a key of your own in Settings, under AI/)
        expect(provider.received()).toBe(0)
        await visit(page, `${stack.hosts.appOrigin}/settings/credits`)
        await page.getByRole('button', { name: 'Add key for Anthropic' }).click()
        await page.getByRole('dialog').getByLabel('Key', { exact: true }).fill('sk-ant-mistyped')
        await page.getByRole('button', { name: 'Check and save' }).click()
        await page.getByText('Anthropic refuses this key.').waitFor()
        await page.getByRole('dialog').getByLabel('Key', { exact: true }).fill(KEY)
        await page.getByRole('button', { name: 'Check and save' }).click()
        await page.getByText(/^Ends in/).waitFor()
        await visit(page, stack.url)
        await openPart(page, 'Console')
        await ask(/on your own key\)/)
        expect(provider.truth().length).toBeGreaterThan(0)
        await visit(page, `${stack.hosts.appOrigin}/settings/credits`)
        await page.getByText('Own key', { exact: true }).first().waitFor()
        await page.getByText('Nobody: a demonstration').first().waitFor({ state: 'attached' })
        await picture('8-own-key')
      },
    )

    it('is back by itself after a crash, and never sleeps', async () => {
      const { page } = owner
      await visit(page, stack.url)
      await openPart(page, 'Note pad')
      await page.locator('#pad-text').fill(NOTE)
      await page.locator('#pad-state', { hasText: 'Saved' }).waitFor()
      // Nobody is there any more.
      await visit(page, 'about:blank')
      const before = await stack.runOf(HANDLE)
      await stack.crash(HANDLE)
      const isAnother = async () => ![before, ''].includes(await stack.runOf(HANDLE))
      await expect.poll(isAnother, { timeout: 60_000 }).toBe(true)
      await expect.poll(async () => (await stats()).running, { timeout: 60_000 }).toBe(1)
      await visit(page, stack.hosts.appOrigin)
      await page.getByText('Only when you say so').waitFor()
    })

    it('keeps everything over a restart, starts the computer at once, and prints no code any more', async () => {
      const { page, picture } = owner
      const printed = codesPrinted(stack)
      await stack.restart()
      await expect.poll(async () => (await stats()).running, { timeout: 60_000 }).toBe(1)
      expect(codesPrinted(stack)).toBe(printed)
      await visit(page, stack.url)
      await page.locator('#pad-text').waitFor()
      await expect.poll(() => page.locator('#pad-text').inputValue()).toBe(NOTE)
      await picture('7-restarted')
    })
  })
}
