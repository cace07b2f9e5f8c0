/** What people see at their computer's address when it sleeps, wakes or is cut off, in Chromium. */
import { wakeInstance } from '@matrixos/client'
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEVICES } from '../support/chromium.ts'
import { type Computer, HANDLE, openComputer, PROGRESS } from '../support/computer.ts'

/** Of a page: its own, and the one that tells of apps. */
const CONNECTIONS = 2
/** As browsers write a colour without transparency. */
const OPAQUE = /^(rgb|lab|oklch)\([^/]+\)$/

describeReal(['chromium'], 'the sleeping computer', () => {
  let computer: Computer
  /** With every connection: one that is still on its way while the computer falls asleep would wake it. */
  const isAwake = async () => {
    await computer.isAwake()
    await until('every connection is there', async () => computer.connected() >= CONNECTIONS)
  }
  beforeAll(async () => {
    computer = await openComputer('computer-asleep')
    await isAwake()
  })
  afterAll(async () => await computer?.[Symbol.asyncDispose]())

  it('says that it reconnects when the connection is lost, and does so', async () => {
    const { stack, person, page, word, holdProgress, violations } = computer
    const release = await holdProgress()
    await stack.kill('edge')
    await page.getByText('Connection lost. We’ll reconnect automatically.').waitFor()
    expect(await word.textContent()).toBe('Reconnecting')
    await person.picture('2-reconnecting')
    expect(await violations()).toEqual([])
    await release()
    await isAwake()
    await page.locator('#lost').waitFor({ state: 'hidden' })
  })

  it('looks asleep when it sleeps, and stays asleep while nobody touches it', async () => {
    const { person, page, asleep, input, openPart, observed, sockets, putToSleep, violations } = computer
    await openPart('Console')
    // Its connection is there, or it would come while the computer falls asleep, and keep it awake.
    await input.fill('echo good evening')
    await input.press('Enter')
    await page.locator('#console-log pre', { hasText: 'good evening' }).waitFor()
    await putToSleep()
    await asleep.waitFor()
    expect(await asleep.textContent()).toMatch(/Asleep\s*Press any key to wake it/)
    expect(await page.title()).toMatch(/^Asleep/)
    expect(await page.getByText('Tap to wake it').isVisible()).toBe(false)
    // Paper all over: nothing of the console, the clock or the greeting shines through.
    expect(await asleep.evaluate((element) => getComputedStyle(element).backgroundColor)).toMatch(OPAQUE)
    await person.picture('3-asleep')
    expect(await violations()).toEqual([])
    const before = sockets()
    for (const type of ['online', 'focus', 'pageshow']) {
      const look = page.waitForResponse(PROGRESS)
      await page.evaluate((name) => void window.dispatchEvent(new Event(name)), type)
      await look
    }
    await page.keyboard.press('Alt')
    expect(sockets()).toBe(before)
    expect(await observed()).toBe('stopped')
  })

  it('breathes, and keeps still for who asked for that', async () => {
    const { page } = computer
    const animation = () =>
      page.locator('#asleep .life').evaluate((element) => getComputedStyle(element).animationName)
    await page.emulateMedia({ reducedMotion: 'no-preference' })
    expect(await animation()).toBe('sleep')
    await page.emulateMedia({ reducedMotion: 'reduce' })
    expect(await animation()).toBe('none')
    await page.emulateMedia({ reducedMotion: 'no-preference' })
  })

  it('wakes by any key, and the next ones go where they went before', async () => {
    const { page, focused } = computer
    await page.keyboard.press('x')
    await isAwake()
    expect(await page.title()).toMatch(new RegExp(`^${HANDLE}`))
    await expect.poll(focused).toBe('console-input')
    await page.keyboard.type('echo good morning')
    await page.keyboard.press('Enter')
    await page.locator('#console-log pre', { hasText: 'good morning' }).waitFor()
  })

  it('wakes by a tap', async () => {
    const { page, asleep, putToSleep } = computer
    await putToSleep()
    await asleep.waitFor()
    await page.mouse.click(20, 700)
    await isAwake()
  })

  it('comes back by itself when it was woken elsewhere', async () => {
    const { client, asleep, putToSleep } = computer
    await putToSleep()
    await asleep.waitFor()
    await wakeInstance(client)
    await isAwake()
  })

  it('leaves a computer asleep that went to sleep while the connection was broken', async () => {
    const { stack, word, asleep, observed, sockets, putToSleep, holdProgress } = computer
    const release = await holdProgress()
    await stack.kill('edge')
    await word.filter({ hasText: 'Reconnecting' }).waitFor()
    const before = sockets()
    await putToSleep()
    await release()
    await asleep.waitFor()
    expect(sockets()).toBe(before)
    expect(await observed()).toBe('stopped')
  })

  it('wakes by a key when the session has ended meanwhile', async () => {
    const { person, page, address } = computer
    await person.context.clearCookies({ domain: new URL(address()).hostname })
    await page.keyboard.press('Enter')
    await isAwake()
  })

  it('says so when the session has ended', async () => {
    const { stack, person, page, violations } = computer
    await person.context.clearCookies()
    await stack.kill('edge')
    await page.getByText('Your session has ended.').waitFor()
    await page.getByRole('link', { name: 'Continue' }).waitFor()
    await person.picture('4-expired')
    expect(await violations()).toEqual([])
    await page.setViewportSize(DEVICES.phone)
    const top = page.locator('.bar')
    for (const part of [top.locator('.name'), top.getByRole('link', { name: 'Dashboard' })]) {
      expect(await part.isVisible()).toBe(true)
      const [box, news] = [await part.boundingBox(), await page.locator('#lost').boundingBox()]
      if (!box || !news) throw new Error('Nothing to see.')
      expect(news.y).toBeGreaterThanOrEqual(box.y + box.height)
    }
    await person.picture('4-expired-phone')
    expect(await violations()).toEqual([])
  })

  it('breaks no content security policy on the way', () => {
    const { person } = computer
    expect(person.errors.filter((text) => /content security policy/i.test(text))).toEqual([])
  })
})
