/** The terminal at a computer's address, in Chromium: what a person does with it, on a desktop and a phone. */
import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { DEVICES, type Person } from '../support/chromium.ts'
import {
  field,
  glass,
  holdPhone,
  openTerminal,
  openTerminals,
  run,
  sees,
  type Terminals,
  tabs,
} from '../support/terminal.ts'

const HANDLE = 'ada-at-her-terminal'

describeReal(['chromium'], 'the terminal', () => {
  let terminals: Terminals
  let page: Page
  let person: Person
  beforeAll(async () => {
    const env = { ALLOW_HOST_SHELL: '1' }
    terminals = await openTerminals({ parts: 'embedded', env, handle: HANDLE, folder: 'terminal' })
    person = terminals.person
    page = terminals.page
  })
  afterAll(async () => await terminals?.[Symbol.asyncDispose]())

  it('runs what is typed, in colour', async () => {
    await run(page, 'echo "<$((6 * 7))>"')
    await sees(page, '<42>')
    await run(page, 'printf "\\033[31mred\\033[0m \\033[38;2;10;200;255mtrue\\033[0m colours\\n"')
    const colourOf = (text: string) =>
      page
        .locator('.stage:not([hidden]) .xterm-rows span', { hasText: new RegExp(`^${text}$`) })
        .evaluate((element) => getComputedStyle(element).color)
    expect(await colourOf('red')).toBe('rgb(255, 143, 128)')
    expect(await colourOf('true')).toBe('rgb(10, 200, 255)')
    await person.picture('1-colours')
  })

  it('keeps a program running while the page reloads, with all that it printed', async () => {
    await run(
      page,
      'clear; for i in $(seq 1 60); do echo "line $i"; done; read -p "name? " name; echo "<hello $name>"',
    )
    await sees(page, 'name?')
    await page.reload()
    await openTerminal(page)
    await sees(page, 'name?')
    await sees(page, 'line 60')
    await run(page, 'ada')
    await sees(page, '<hello ada>')
  })

  it('shows vim-like programs whole after a reload', async () => {
    await run(
      page,
      'printf "\\033[?1049h\\033[2J\\033[3;5Hedited text"; read wait; printf "\\033[?1049l"; echo "<left>"',
    )
    await sees(page, 'edited text')
    await page.reload()
    await openTerminal(page)
    await sees(page, 'edited text')
    await run(page, '')
    await sees(page, '<left>')
    await sees(page, '<hello ada>')
  })

  it('shows 20 MB of output without stalling, in bounded memory', async () => {
    const session = await person.context.newCDPSession(page)
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage')
      return (await session.send('Runtime.getHeapUsage')).usedSize
    }
    const before = await heap()
    await run(
      page,
      'yes "0123456789 the quick brown fox jumps over it" | head -c 20000000; echo "<$((40 + 2))>"',
    )
    await glass(page).filter({ hasText: '<42>' }).waitFor({ timeout: 60_000 })
    expect((await heap()) - before).toBeLessThan(60_000_000)
    await run(page, 'clear; echo "<still $((1 + 1)) here>"')
    await sees(page, '<still 2 here>')
    await session.detach()
  })

  it('finds words, from the last one upwards', async () => {
    await run(page, 'clear; for i in $(seq 1 200); do echo "needle $i"; done')
    await sees(page, 'needle 200')
    await page.keyboard.press('Control+Shift+F')
    await page.getByLabel('Find in this terminal').fill('needle 1')
    const status = page.locator('.find [role=status]')
    await status.filter({ hasText: /of 111$/ }).waitFor()
    await page.getByLabel('Find in this terminal').fill('needle 42')
    await sees(page, 'needle 42')
    await page.getByLabel('Find in this terminal').fill('nowhere')
    await status.filter({ hasText: 'Not found' }).waitFor()
    await page.getByRole('button', { name: 'Done' }).click()
    await expect.poll(() => field(page).evaluate((element) => element === document.activeElement)).toBe(true)
  })

  it('has tabs that are opened, named, ordered and closed, by keys as well', async () => {
    await page.getByRole('button', { name: 'New terminal' }).click()
    await expect.poll(() => tabs(page).count()).toBe(2)
    await sees(page, /[$#]/)
    await run(page, 'sleep 1000')
    await tabs(page).filter({ hasText: 'sleep' }).waitFor()
    await tabs(page).nth(1).focus()
    await page.keyboard.press('F2')
    await page.getByLabel('Name of this terminal').fill('long one')
    await page.keyboard.press('Enter')
    await tabs(page).filter({ hasText: 'long one' }).waitFor()
    await tabs(page).nth(1).focus()
    await page.keyboard.press('Shift+ArrowLeft')
    await expect.poll(() => tabs(page).first().textContent()).toContain('long one')
    await tabs(page).first().focus()
    await page.keyboard.press('Delete')
    const question = page.getByRole('dialog')
    await question.filter({ hasText: 'sleep is running' }).waitFor()
    await person.picture('2-close')
    await question.getByRole('button', { name: 'Close and end it' }).click()
    await expect.poll(() => tabs(page).count()).toBe(1)
  })

  it('has the size of its window', async () => {
    const size = async () => {
      await run(page, 'clear; echo "<$(stty size)>"')
      await sees(page, /<\d+ \d+>/)
      const [, rows, columns] = /<(\d+) (\d+)>/.exec((await glass(page).textContent()) ?? '') ?? []
      return { rows: Number(rows), columns: Number(columns) }
    }
    const before = await size()
    await page.setViewportSize({ width: 700, height: 600 })
    await expect.poll(async () => (await size()).columns).toBeLessThan(before.columns)
    await page.setViewportSize(DEVICES.desktop)
    await expect.poll(size).toEqual(before)
  })

  it('asks before several lines are pasted where they would run at once', async () => {
    await run(page, 'clear; cat')
    await page.evaluate(() => navigator.clipboard.writeText('one\ntwo\nthree\n'))
    await field(page).focus()
    await page.keyboard.press('Control+Shift+V')
    const question = page.getByRole('dialog')
    await question.filter({ hasText: 'Paste 3 lines?' }).waitFor()
    await question.getByRole('button', { name: 'Cancel' }).click()
    await page.keyboard.press('Control+Shift+V')
    await question.getByRole('button', { name: 'Paste' }).click()
    await sees(page, /three.*three/s)
    await page.keyboard.press('Control+D')
  })

  it('says how a shell ended, and starts another in the same place', async () => {
    await run(page, 'cd /tmp; clear; exit 3')
    await page.getByText('The shell has ended with code 3.').waitFor()
    await person.picture('3-ended')
    await page.getByRole('button', { name: 'New shell here' }).click()
    await sees(page, 'A new shell.')
    // The button is gone, and the terminal has the keys.
    await page.keyboard.type('pwd\n')
    await sees(page, '/tmp')
  })

  it('keeps what is typed while the link is down, says so, and types it then', async () => {
    let isCut = false
    const routes: { close(): Promise<void> }[] = []
    await page.routeWebSocket(/\/ws\/terminal/, async (route) => {
      if (isCut) return route.close()
      route.connectToServer()
      routes.push(route)
    })
    await page.reload()
    await openTerminal(page)
    isCut = true
    await Promise.all(routes.map((route) => route.close()))
    await run(page, 'echo "<back $((2 + 2))>"')
    await page.getByText(/characters that you typed wait until I’m back/).waitFor()
    isCut = false
    await sees(page, '<back 4>')
  })

  it('offers the keys that a phone lacks', async () => {
    const letGo = await holdPhone(page, DEVICES.phone)
    await run(page, 'clear; sleep 1000')
    await tabs(page).filter({ hasText: 'sleep' }).waitFor()
    await page.getByRole('button', { name: 'Ctrl, for the next key' }).click()
    await page.keyboard.type('c')
    await tabs(page)
      .filter({ hasText: /^(?!.*sleep)/ })
      .waitFor()
    await page.getByRole('button', { name: 'Up', exact: true }).click()
    await sees(page, /\^C.*sleep 1000/s)
    await page.getByRole('button', { name: 'Ctrl, for the next key' }).click()
    await page.keyboard.type('u')
    for (const button of await page.getByRole('toolbar', { name: 'Keys' }).getByRole('button').all()) {
      expect((await button.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    }
    await person.picture('4-phone')
    await page.setViewportSize(DEVICES.phone)
    await page.getByRole('button', { name: 'More' }).click()
    await page.screenshot({ path: 'test-results/terminal/5-menu-phone.png' })
    await page.keyboard.press('Escape')
    await letGo()
  })

  it('is accessible, in every look of it', async () => {
    await run(page, 'clear')
    for (const size of Object.values(DEVICES)) {
      await page.setViewportSize(size)
      // What lies beneath the window has a test of its own.
      const found = await violationsOf(page)
      expect(found.filter((one) => !one.includes('aria-label="Open '))).toEqual([])
    }
    await page.setViewportSize(DEVICES.desktop)
  })

  it('breaks no content security policy on the way', () => {
    expect(person.errors.filter((text) => /content security policy/i.test(text))).toEqual([])
  })
})
