/** The shell around the parts of a computer: windows, palette, look, and what is there without a network. In Chromium. */
import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEVICES } from '../support/chromium.ts'
import { type Computer, HANDLE, openComputer } from '../support/computer.ts'

const { width, height } = DEVICES.desktop

describeReal(['chromium'], 'the shell of the computer', () => {
  let computer: Computer
  beforeAll(async () => {
    computer = await openComputer('computer-shell')
  })
  afterAll(async () => await computer?.[Symbol.asyncDispose]())

  const part = (name: string) => computer.page.getByRole('region', { name, exact: true })
  async function boxOf(name: string) {
    const box = await part(name).boundingBox()
    if (!box) throw new Error('Not to be seen.')
    return box
  }
  const themeOf = (page: Page) => page.evaluate(() => document.documentElement.dataset.theme)
  const theme = () => themeOf(computer.page)
  /** What the home holds once the page has told it. */
  const kept = () => computer.page.evaluate(async () => (await fetch('/api/shell')).json())
  /** A browser that has never been here. */
  async function comeFromElsewhere() {
    await computer.page.evaluate(() => localStorage.clear())
    await computer.page.reload()
    await computer.isAwake()
  }

  it('tiles by keyboard and by button, and goes from window to window', async () => {
    const { page, openPart, focused } = computer
    await openPart('Console')
    await openPart('Note pad')
    await page.getByRole('button', { name: 'Note pad, window' }).press('Home')
    expect(await boxOf('Note pad')).toMatchObject({ x: 0, width: width / 2 })
    await page.keyboard.press('Control+Backquote')
    await expect.poll(focused).toBe('console-input')
    await page.getByRole('button', { name: 'Tile Console right' }).click()
    expect(await boxOf('Console')).toMatchObject({ x: width / 2, width: width / 2 })
  })

  it('moves by its title and resizes by its corner, by pointer and by keys', async () => {
    const { page, openPart } = computer
    await openPart('Soul')
    const drag = async (from: { x: number; y: number }, dx: number, dy: number) => {
      await page.mouse.move(from.x, from.y)
      await page.mouse.down()
      await page.mouse.move(from.x + dx, from.y + dy, { steps: 4 })
      await page.mouse.up()
    }
    const start = await boxOf('Soul')
    await drag({ x: start.x + 200, y: start.y + 20 }, -60, 30)
    expect(await boxOf('Soul')).toMatchObject({ x: start.x - 60, y: start.y + 30, width: start.width })
    const moved = await boxOf('Soul')
    await drag({ x: moved.x + moved.width + 1, y: moved.y + moved.height + 1 }, -100, -80)
    expect(await boxOf('Soul')).toMatchObject({ width: moved.width - 100, height: moved.height - 80 })
    const handle = page.getByRole('button', { name: 'Soul, window' })
    await handle.press('ArrowRight')
    expect((await boxOf('Soul')).x).toBe(moved.x + 24)
    await handle.press('Shift+ArrowDown')
    expect((await boxOf('Soul')).height).toBe(moved.height - 80 + 24)
    await handle.press('Enter')
    expect((await boxOf('Soul')).width).toBe(width)
    await handle.press('Enter')
  })

  it('puts away, and has everything where it was in a browser that has never been here', async () => {
    const { person, page, openPart, violations } = computer
    await page.getByRole('button', { name: 'Minimise Soul' }).click()
    await part('Soul').waitFor({ state: 'hidden' })
    await person.picture('1-tiled')
    expect(await violations()).toEqual([])
    await expect
      .poll(async () =>
        (await kept()).windows.map((win: { part: string; fit: string }) => [win.part, win.fit]),
      )
      .toEqual([
        ['soul', 'free'],
        ['notes', 'left'],
        ['console', 'right'],
      ])
    await comeFromElsewhere()
    expect(await boxOf('Note pad')).toMatchObject({ x: 0, width: width / 2 })
    expect(await boxOf('Console')).toMatchObject({ x: width / 2 })
    expect(await part('Soul').isVisible()).toBe(false)
    await openPart('Soul')
  })

  it('does anything from the palette, and keeps the look for every browser', async () => {
    const { person, page, address, violations } = computer
    const palette = page.getByRole('dialog', { name: 'Find or do anything' })
    await page.keyboard.press('Control+k')
    await palette.waitFor()
    await person.picture('2-palette')
    expect(await violations()).toEqual([])
    await page.keyboard.press('Escape')
    await palette.waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Find or do anything' }).click()
    await palette.waitFor()
    const other = await person.context.newPage()
    await other.goto(address())
    await other.getByText('Awake').waitFor()
    await page.keyboard.type('dark theme')
    await page.keyboard.press('Enter')
    await expect.poll(theme).toBe('dark')
    await expect.poll(async () => (await kept()).look.theme).toBe('dark')
    await expect.poll(() => themeOf(other)).toBe('dark')
    await other.close()
    await comeFromElsewhere()
    expect(await theme()).toBe('dark')
    await page.keyboard.press('Control+k')
    await palette.waitFor()
    await page.keyboard.type('settings')
    await page.keyboard.press('Enter')
    await part('Settings').waitFor()
  })

  it('takes an accent and a wallpaper, and stays readable', async () => {
    const { person, page, violations } = computer
    await page.getByRole('radio', { name: 'This device' }).check()
    for (const name of ['Amber', 'Blue']) {
      await page.getByRole('radio', { name, exact: true }).check()
      await page.getByRole('radio', { name: name === 'Blue' ? 'Dots' : 'Plain' }).check()
      expect(await violations()).toEqual([])
      await person.picture(`3-${name.toLowerCase()}`)
    }
    await page.getByRole('radio', { name: 'Green', exact: true }).check()
    await page.getByRole('radio', { name: 'Glyph' }).check()
  })

  it('asks for notifications only when its switch is pressed', async () => {
    const { page } = computer
    const permission = () => page.evaluate(() => Notification.permission)
    expect(await permission()).not.toBe('granted')
    expect(await page.getByRole('switch', { name: 'Notify me on this device' }).isChecked()).toBe(false)
    const { windows } = await kept()
    expect(windows.length).toBeGreaterThan(0)
    await page.getByText('In your home', { exact: true }).waitFor()
  })

  it('fills a phone with one part at a time, and Back leads home', async () => {
    const { page, openPart } = computer
    await page.setViewportSize(DEVICES.phone)
    await openPart('Note pad')
    const sheet = await boxOf('Note pad')
    expect(sheet).toMatchObject({ x: 0, width: DEVICES.phone.width })
    expect(await part('Console').isVisible()).toBe(false)
    await page.goBack()
    await part('Note pad').waitFor({ state: 'hidden' })
    expect(page.url()).toBe(computer.address())
    await page.getByRole('heading', { name: `Welcome, ${HANDLE}` }).waitFor()
    await openPart('Note pad')
    await page.getByRole('button', { name: 'Home', exact: true }).click()
    await part('Note pad').waitFor({ state: 'hidden' })
    await page.setViewportSize({ width, height })
  })

  it('keeps what is typed for the palette while that is on its way', async () => {
    const { page, isAwake } = computer
    const arrival = Promise.withResolvers<void>()
    const asked = page.waitForRequest('**/assets/palette-*.js')
    await page.route('**/assets/palette-*.js', async (route) => {
      await arrival.promise
      await route.continue()
    })
    await page.reload()
    await isAwake()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('soul')
    await page.keyboard.press('Enter')
    await asked
    expect(await part('Soul').count()).toBe(0)
    arrival.resolve()
    await part('Soul').waitFor()
    await page.unroute('**/assets/palette-*.js')
    await page.getByRole('button', { name: 'Close Soul' }).click()
  })

  it('shows its frame before the computer answers, and says so when it does not', async () => {
    const { person, page, isAwake, violations } = computer
    const held = Promise.withResolvers<void>()
    await page.route('**/api/me', async (route) => {
      await held.promise
      await route.abort()
    })
    await page.reload()
    await page.getByRole('banner').getByText(HANDLE).waitFor()
    held.resolve()
    await page.getByText('This computer isn’t answering right now.').waitFor()
    await person.picture('4-no-answer')
    expect(await violations()).toEqual([])
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Find or do anything' })
    await palette.getByText('This computer isn’t answering right now.').waitFor()
    await person.picture('4-no-answer-palette')
    expect(await violations()).toEqual([])
    await page.unroute('**/api/me')
    await palette.getByRole('button', { name: 'Try again' }).click()
    await palette.getByRole('option', { name: 'Note pad', exact: true }).waitFor()
    await page.keyboard.press('Escape')
    await isAwake()
    await page.getByRole('navigation', { name: 'Parts' }).waitFor()
  })

  it('has a page of its own without a network, and comes back by itself', async () => {
    const { person, page, address, isAwake, violations } = computer
    await page.evaluate(async () => void (await navigator.serviceWorker.ready))
    const names = await page.evaluate(async () => {
      const caching = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
      const requests = await Promise.all(caching.map((cache) => cache.keys()))
      return requests.flat().map(({ url }) => new URL(url).pathname)
    })
    // Nothing of what is on the computer stays in the browser.
    expect(names.sort()).toEqual(['/icon.svg', '/message.css', '/offline.html', '/offline.js'])
    await person.context.setOffline(true)
    await page.goto(address())
    await page.getByRole('heading', { name: 'No connection' }).waitFor()
    await person.picture('5-offline')
    expect(await violations()).toEqual([])
    await person.context.setOffline(false)
    await isAwake()
  })

  it('lets what the platform answers through to the person', async () => {
    const { page, address } = computer
    await page.goto(address('/no/such/page'))
    await page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await page.goto(address('/.mos/dashboard'))
    await expect.poll(() => page.url()).toContain('//app.')
  })

  it('leads whoever has signed out to the sign-in, where its worker answers as well', async () => {
    const { person, page, address, isAwake } = computer
    await page.goto(address())
    await isAwake()
    expect(await page.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated')
    await person.context.clearCookies()
    await page.goto(address())
    await page.waitForURL(/\/login\?next=/)
  })

  it('breaks no content security policy on the way', () => {
    const { person } = computer
    expect(person.errors.filter((text) => /content security policy/i.test(text))).toEqual([])
  })
})
