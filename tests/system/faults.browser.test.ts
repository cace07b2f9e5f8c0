/** A computer that dies, is cut off, or asks a provider that is down: what its person sees, and that nothing they typed is lost. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { HOME_FOLDER } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { freePort } from '@matrixos/testing/free-port'
import type { WebSocketRoute } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Computer, closeWindows, HANDLE, openComputer } from '../support/computer.ts'

const AWAY = 'I can’t be reached right now.'

describeReal(['chromium'], 'a computer in trouble', () => {
  let computer: Computer
  let home: string
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), content)
  }
  const read = (path: string) => readFileSync(join(home, path), 'utf8')
  const content = () => computer.page.locator('.cm-content').first()
  const pad = () => computer.page.getByRole('textbox', { name: 'Note pad' })
  const row = (name: string) =>
    computer.page.getByRole('row').filter({ has: computer.page.getByText(name, { exact: true }) })
  const edit = async (name: string) => {
    await computer.openPart('Files')
    await row(name).dblclick()
    await content().waitFor()
  }
  const typeInEditor = async (text: string) => {
    await content().click()
    await computer.page.keyboard.press('ControlOrMeta+End')
    await computer.page.keyboard.type(text)
  }
  const typeInPad = async (text: string) => {
    await pad().press('ControlOrMeta+End')
    await computer.page.keyboard.type(text)
  }
  const state = (text: string) =>
    computer.page.locator('.window').getByText(text, { exact: true }).first().waitFor()

  const connections = new Set<WebSocketRoute>()
  const API = '**/api/**'
  /** What is open already, browsers leave open; and what a page sends as it is left, they may still send. */
  const cutOff = async () => {
    await computer.page.route(API, (route) => route.abort('internetdisconnected'))
    await computer.person.context.setOffline(true)
    for (const connection of connections) await connection.close({ code: 3000 })
  }
  const mend = async () => {
    await computer.person.context.setOffline(false)
    await computer.page.unroute(API)
  }

  beforeAll(async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`
    computer = await openComputer('faults', { ANTHROPIC_API_KEY: 'sk-ant-x', ANTHROPIC_UPSTREAM: nobody })
    await computer.page.routeWebSocket('**/ws/**', (connection) => {
      connections.add(connection)
      connection.connectToServer()
    })
    home = join(computer.stack.dataDir, 'instances', HANDLE, HOME_FOLDER)
  })
  afterAll(async () => await computer?.[Symbol.asyncDispose]())
  beforeEach(async () => {
    const { page, address, isAwake } = computer
    await page.goto(address(`/?${Date.now()}`))
    await isAwake()
    await closeWindows(page)
  })

  it('loses nothing that is typed into the note pad when it is killed meanwhile, and says so', async () => {
    const { stack, page, person, openPart } = computer
    await openPart('Note pad')
    await pad().fill('before')
    await state('Saved')
    await typeInPad(' and at')
    await stack.crash(HANDLE)
    await typeInPad(' and after')
    await expect.poll(() => read('notes/pad.md'), { timeout: 60_000 }).toBe('before and at and after')
    await state('Saved')
    expect(await pad().inputValue()).toBe('before and at and after')
    const restarted = page.locator('#restarted')
    await restarted.filter({ hasText: 'It is running again; programs that ran have ended.' }).waitFor()
    await person.picture('0-restarted')
    expect(await computer.violations()).toEqual([])
    await restarted.getByRole('button', { name: 'OK' }).click()
    await restarted.waitFor({ state: 'detached' })
  })

  it('loses nothing that is typed into the editor when it is killed meanwhile', async () => {
    const { stack, page } = computer
    write('plan.txt', 'before')
    await edit('plan.txt')
    await typeInEditor(' and at')
    await stack.crash(HANDLE)
    await typeInEditor(' and after')
    await page.keyboard.press('ControlOrMeta+s')
    await expect.poll(() => read('plan.txt'), { timeout: 60_000 }).toBe('before and at and after')
    await state('Saved')
  })

  it('says that it is cut off wherever somebody types, and saves all of it when it is back', async () => {
    const { page, person, openPart } = computer
    write('cut.txt', 'before')
    await edit('cut.txt')
    await openPart('Note pad')
    await pad().fill('pad before')
    await expect.poll(() => read('notes/pad.md')).toBe('pad before')
    await cutOff()
    await page.getByText('Connection lost. We’ll reconnect automatically.').waitFor()
    await typeInPad(' and while cut off')
    await state('Offline, kept in this tab')
    await person.picture('1-notes')
    await page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: 'Editor' }).click()
    await typeInEditor(' and while cut off')
    await page.keyboard.press('ControlOrMeta+s')
    await page.getByText(`${AWAY} What you typed is kept in this browser.`).waitFor()
    await person.picture('2-editor')
    await mend()
    await expect.poll(() => read('cut.txt'), { timeout: 60_000 }).toBe('before and while cut off')
    await expect.poll(() => read('notes/pad.md'), { timeout: 60_000 }).toBe('pad before and while cut off')
    await state('Saved')
  })

  it('has what was typed after the page was loaded anew while it was cut off', async () => {
    const { page, person, openPart, address, isAwake } = computer
    write('anew.txt', 'before')
    await edit('anew.txt')
    await openPart('Note pad')
    await pad().fill('pad before')
    await expect.poll(() => read('notes/pad.md')).toBe('pad before')
    await cutOff()
    await page.getByText('Connection lost. We’ll reconnect automatically.').waitFor()
    await typeInPad(', kept')
    await page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: 'Editor' }).click()
    await typeInEditor(', kept')
    await page.keyboard.press('ControlOrMeta+s')
    await page.getByText(`${AWAY} What you typed is kept in this browser.`).waitFor()
    await page.goto('about:blank')
    expect(read('notes/pad.md')).toBe('pad before')
    await mend()
    await page.goto(address(`/?${Date.now()}`))
    await isAwake()
    await openPart('Note pad')
    await expect.poll(() => read('notes/pad.md')).toBe('pad before, kept')
    // Its window may have come back by itself.
    await closeWindows(page)
    await edit('anew.txt')
    // Whether or not a page that is left gets through after all.
    await expect.poll(() => content().textContent()).toBe('before, kept')
    await person.picture('3-again')
    await content().press('ControlOrMeta+s')
    await expect.poll(() => read('anew.txt')).toBe('before, kept')
  })

  it('is loaded anew by itself when a piece of the page is lost on the way', async () => {
    const { page, isAwake } = computer
    let asked = 0
    await page.route('**/assets/index-*.css', (route) => (++asked === 1 ? route.abort() : route.continue()))
    await page.reload({ waitUntil: 'commit' })
    await expect.poll(() => asked).toBe(2)
    await isAwake()
    const dock = page.getByRole('navigation', { name: 'Parts' })
    expect(await dock.evaluate((element) => getComputedStyle(element).display)).toBe('flex')
    await page.unroute('**/assets/index-*.css')
  })

  it('says in the console that the provider of the AI is down', async () => {
    const { page, input, openPart, person } = computer
    await openPart('Console')
    await input.fill('ask Are you there?')
    await input.press('Enter')
    await page.locator('#console-log', { hasText: /provider cannot be reached/ }).waitFor()
    await person.picture('4-provider')
    // The line can be had again, and everything else goes on.
    await input.press('ArrowUp')
    expect(await input.inputValue()).toBe('ask Are you there?')
    await input.fill('echo still here')
    await input.press('Enter')
    await page.locator('#console-log pre', { hasText: 'still here' }).waitFor()
  })

  it('asks for the file of an upload again, wherever its person is', async () => {
    const { page, openPart, person, address, isAwake } = computer
    await openPart('Files')
    await page.route('**/api/files/uploads/**', (route) =>
      route.request().method() === 'PATCH' ? route.abort() : route.continue(),
    )
    const file = { name: 'again.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(100_000, 7) }
    await page.locator('.files input[type=file]').first().setInputFiles(file)
    await page.getByText(AWAY).waitFor()
    await closeWindows(page)
    // Of the same origin, and without anything that holds the database open.
    await page.goto(address('/icon.svg'))
    await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const asked = indexedDB.deleteDatabase('mos-transfer-bytes')
          asked.onsuccess = resolve
          asked.onerror = reject
        }),
    )
    await page.unroute('**/api/files/uploads/**')
    await page.goto(address(`/?${Date.now()}`))
    await isAwake()
    const need = page.locator('#need')
    await need.filter({ hasText: 'To go on with an upload, I need its file once more.' }).waitFor()
    await person.picture('5-upload')
    await need.getByRole('button', { name: 'Show' }).click()
    await page.getByRole('button', { name: 'Choose again' }).waitFor()
    await page.getByRole('button', { name: 'Cancel all' }).click()
  })
})
