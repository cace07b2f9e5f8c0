/** What people see at their computer's address, in Chromium: awake, asleep, cut off, on a desktop and a phone. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { putInstanceToSleep, signUp, waitUntilRunning, wakeInstance } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import type { AxeResults } from 'axe-core'
import type { Locator, Page, Route } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEVICES, launchChromium, type Person, settled } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const HANDLE = 'ada-lovelace-of-london'
/** As browsers write a colour without transparency. */
const OPAQUE = /^(rgb|lab|oklch)\([^/]+\)$/
const PROGRESS = '**/.mos/progress'
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Violations in every size and colour scheme, as `rule: element`. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  const found: string[] = []
  for (const [device, size] of Object.entries(DEVICES)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(size)
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      // Half-faded text has half its contrast, and what follows the size of the window does so a frame later.
      await page.evaluate(settled)
      const results: AxeResults = await page.evaluate('axe.run()')
      for (const { id, nodes } of results.violations)
        found.push(...nodes.map(({ target }) => `${device} ${colorScheme} ${id}: ${target.join(' ')}`))
    }
  }
  await page.setViewportSize(DEVICES.desktop)
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' })
  return found
}

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox()
  if (!box) throw new Error('Not to be seen.')
  return { left: box.x, right: box.x + box.width, height: box.height }
}

describeReal(['chromium'], 'the computer', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  let page: Page
  let client: PlatformClient
  let sockets = 0
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: HANDLE })
    await waitUntilRunning(client)
    chromium = await launchChromium()
    person = await chromium.newPerson('computer')
    page = person.page
    page.on('websocket', () => sockets++)
    const cookies = client.browser.jar.all().map(({ host, name, value, path, httpOnly, secure }) => ({
      ...{ name, value, domain: host, path, httpOnly, secure },
      sameSite: 'Lax' as const,
    }))
    await person.context.addCookies(cookies)
    await page.goto(address())
    await isAwake()
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const address = (path = '/') => `${stack.url.replace('//', `//${HANDLE}.`)}${path}`
  const word = () => page.locator('#state-word')
  const asleep = () => page.locator('#asleep')
  const input = () => page.locator('#console-input')
  const focused = () => page.evaluate(() => document.activeElement?.id ?? '')
  const isAwake = async () => {
    await word().filter({ hasText: 'Awake' }).waitFor()
    await asleep().waitFor({ state: 'hidden' })
  }
  const observed = async () => (await client.trpc.tenants.mine.query()).observed
  const isStopped = () => until('it has stopped', async () => (await observed()) === 'stopped', 60_000)
  const putToSleep = async () => {
    await putInstanceToSleep(client)
    await isStopped()
  }
  /** Until the release every look at the computer stays without an answer. */
  const holdProgress = async () => {
    const held: Route[] = []
    await page.route(PROGRESS, (route) => void held.push(route))
    return async () => {
      await page.unroute(PROGRESS)
      await Promise.all(held.map((route) => route.continue().catch(() => undefined)))
    }
  }

  it('sends its page, script and styles compressed', async () => {
    const types = ['document', 'script', 'stylesheet']
    const encodings = new Map<string, string | undefined>()
    page.on('response', async (response) => {
      const type = response.request().resourceType()
      if (types.includes(type)) encodings.set(type, (await response.allHeaders())['content-encoding'])
    })
    // What the cache holds would be answered by 304.
    await page.goto(address('/?first'))
    await isAwake()
    await expect
      .poll(() => Object.fromEntries(encodings))
      .toEqual({
        document: 'gzip',
        script: 'br',
        stylesheet: 'br',
      })
  })

  it('is accessible and whole while awake, on a desktop and a phone', async () => {
    await person.picture('1-awake')
    expect(await violations(page)).toEqual([])
    await page.setViewportSize(DEVICES.phone)
    for (const name of ['Notes', 'Soul']) {
      await page.getByRole('tab', { name }).click()
      expect(await violations(page)).toEqual([])
      await person.picture(`1-${name.toLowerCase()}`)
      await page.setViewportSize(DEVICES.phone)
    }
    await page.getByRole('tab', { name: 'Console' }).click()
    await page.setViewportSize(DEVICES.desktop)
  })

  it('fits its header on a phone', async () => {
    await page.setViewportSize(DEVICES.phone)
    for (const text of ['Awake', 'Reconnecting']) {
      await word().evaluate((element, words) => element.replaceChildren(words), text)
      const parts = await Promise.all(
        ['img', '.name', '#state', '.dashboard'].map((each) => boxOf(page.locator(`.bar > ${each}`))),
      )
      for (const [index, part] of parts.entries()) {
        expect(part.left).toBeGreaterThanOrEqual(parts[index - 1]?.right ?? 0)
        expect(part.right).toBeLessThanOrEqual(DEVICES.phone.width)
        // One line each.
        expect(part.height).toBeLessThan(40)
      }
      expect((parts[1]?.right ?? 0) - (parts[1]?.left ?? 0)).toBeGreaterThan(60)
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await page.setViewportSize(DEVICES.desktop)
    await page.reload()
    await isAwake()
  })

  it('offers thumbs what keys do elsewhere', async () => {
    expect(await page.getByRole('button', { name: 'Complete the name' }).isVisible()).toBe(false)
    expect(await page.locator('#console-hint').isVisible()).toBe(true)
    const session = await person.context.newCDPSession(page)
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    await page.setViewportSize(DEVICES.phone)
    await page.getByRole('button', { name: 'Tab: complete the name' }).waitFor()
    expect(await page.locator('#console-hint').isVisible()).toBe(false)
    await person.picture('1-awake-touch')
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: false })
    await session.detach()
  })

  it('completes with Tab, and lets Tab leave when there is nothing to complete', async () => {
    await input().fill('ec')
    await input().press('Tab')
    await expect.poll(() => input().inputValue()).toBe('echo ')
    expect(await focused()).toBe('console-input')
    await input().fill('cat nothing-of-this-name')
    await expect
      .poll(async () => {
        await page.keyboard.press('Tab')
        return focused()
      })
      .not.toBe('console-input')
    await input().fill('ec')
    await input().press('Escape')
    await page.keyboard.press('Tab')
    expect(await focused()).not.toBe('console-input')
    expect(await input().inputValue()).toBe('ec')
    await input().focus()
    await page.keyboard.press('Shift+Tab')
    expect(await focused()).not.toBe('console-input')
  })

  it('clears the line with Ctrl+C, and copies where something is selected', async () => {
    await input().fill('rm everything')
    await input().selectText()
    await input().press('Control+c')
    expect(await input().inputValue()).toBe('rm everything')
    await input().press('End')
    await input().press('Control+c')
    expect(await input().inputValue()).toBe('')
    await page.locator('#console-log', { hasText: 'rm everything^C' }).waitFor()
  })

  it('says that it reconnects when the connection is lost, and does so', async () => {
    const release = await holdProgress()
    await stack.kill('edge')
    await page.getByText('Connection lost. We’ll reconnect automatically.').waitFor()
    expect(await word().textContent()).toBe('Reconnecting')
    await person.picture('2-reconnecting')
    expect(await violations(page)).toEqual([])
    await release()
    await isAwake()
    await page.locator('#lost').waitFor({ state: 'hidden' })
  })

  it('looks asleep when it sleeps, and stays asleep while nobody touches it', async () => {
    await input().focus()
    await putToSleep()
    await asleep().waitFor()
    expect(await asleep().textContent()).toMatch(/Asleep\s*Press any key to wake it/)
    expect(await page.title()).toMatch(/^Asleep/)
    expect(await page.getByText('Tap to wake it').isVisible()).toBe(false)
    // Paper all over: nothing of the console, the clock or the greeting shines through.
    expect(await asleep().evaluate((element) => getComputedStyle(element).backgroundColor)).toMatch(OPAQUE)
    await person.picture('3-asleep')
    expect(await violations(page)).toEqual([])
    const before = sockets
    for (const type of ['online', 'focus', 'pageshow']) {
      const look = page.waitForResponse(PROGRESS)
      await page.evaluate((name) => void window.dispatchEvent(new Event(name)), type)
      await look
    }
    await page.keyboard.press('Alt')
    expect(sockets).toBe(before)
    expect(await observed()).toBe('stopped')
  })

  it('breathes, and keeps still for who asked for that', async () => {
    const animation = () =>
      page.locator('#asleep .life').evaluate((element) => getComputedStyle(element).animationName)
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    expect(await animation()).toBe('sleep')
    await page.emulateMedia({ reducedMotion: 'reduce' })
    expect(await animation()).toBe('none')
    await page.emulateMedia({ reducedMotion: 'no-preference' })
  })

  it('wakes by any key, and the next ones go where they went before', async () => {
    await page.keyboard.press('x')
    await isAwake()
    expect(await page.title()).toMatch(new RegExp(`^${HANDLE}`))
    await expect.poll(focused).toBe('console-input')
    await page.keyboard.type('echo good morning')
    await page.keyboard.press('Enter')
    await page.locator('#console-log pre', { hasText: 'good morning' }).waitFor()
  })

  it('wakes by a tap', async () => {
    await putToSleep()
    await asleep().waitFor()
    await page.mouse.click(20, 700)
    await isAwake()
  })

  it('comes back by itself when it was woken elsewhere', async () => {
    await putToSleep()
    await asleep().waitFor()
    await wakeInstance(client)
    await isAwake()
  })

  it('leaves a computer asleep that went to sleep while the connection was broken', async () => {
    const release = await holdProgress()
    await stack.kill('edge')
    await word().filter({ hasText: 'Reconnecting' }).waitFor()
    const before = sockets
    await putToSleep()
    await release()
    await asleep().waitFor()
    expect(sockets).toBe(before)
    expect(await observed()).toBe('stopped')
  })

  it('wakes by a key when the session has ended meanwhile', async () => {
    await person.context.clearCookies({ domain: new URL(address()).hostname })
    await page.keyboard.press('Enter')
    await isAwake()
  })

  it('says so when the session has ended', async () => {
    await person.context.clearCookies()
    await stack.kill('edge')
    await page.getByText('Your session has ended.').waitFor()
    await page.getByRole('link', { name: 'Continue' }).waitFor()
    await person.picture('4-expired')
    expect(await violations(page)).toEqual([])
  })

  it('breaks no content security policy on the way', () => {
    expect(person.errors.filter((text) => /content security policy/i.test(text))).toEqual([])
  })
})
