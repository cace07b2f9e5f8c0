/** Settings → Move in Chromium: a home leaves one person's own computer as a file, and becomes one on a platform. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { HOME_FOLDER } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import {
  arriveAt,
  DEVICES,
  launchChromium,
  type Person,
  signUpInBrowser,
  visit,
} from '../support/chromium.ts'
import { claimCode } from '../support/claim.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const FOLDER = 'move'
/** Below it an archive is taken in, at least: the least that may be set. */
const MOST_BYTES = 4_000_000
const NOTE = 'Buy milk.'
const DONE_MS = 90_000
const UPLOADS = '**/transfer/upload/**'

describeReal(['chromium'], 'moving by the settings', () => {
  let folder = ''
  let single: Stack
  let platform: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let ada: Person
  let bob: Person
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mos-move-'))
    single = await bootStack({ parts: 'embedded', single: true, env: { EXPORTS_PER_ACCOUNT_PER_HOUR: '1' } })
    platform = await bootStack({ parts: 'embedded', env: { TRANSFER_BYTES: String(MOST_BYTES) } })
    chromium = await launchChromium()
    ada = await chromium.newPerson(FOLDER)
    bob = await chromium.newPerson(FOLDER)
    await visit(ada.page, `${single.hosts.appOrigin}/signup`)
    await ada.page.getByLabel('Handle').fill('ada')
    await ada.page.getByLabel('Code from the log').fill(claimCode(single))
    await ada.page.getByRole('button', { name: 'Create passkey' }).click()
    await arriveAt(ada.page, `${single.url}/`, { timeoutMs: 120_000 })
    await signUpInBrowser(bob.page, platform.hosts, 'bob')
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await platform?.[Symbol.asyncDispose]()
    await single?.[Symbol.asyncDispose]()
    if (folder) rmSync(folder, { recursive: true })
  })
  const file = (name: string) => join(folder, name)
  const homeOf = (stack: Stack, handle: string) => join(stack.dataDir, 'instances', handle, HOME_FOLDER)
  const bobs = (name: string) => join(homeOf(platform, 'bob'), name)
  const open = (page: Page, { hosts }: Stack) => visit(page, `${hosts.appOrigin}/settings/move`)
  const choose = (path: string) => bob.page.getByLabel('Export to import').setInputFiles(path)
  const says = (text: string | RegExp) => bob.page.getByText(text).waitFor({ timeout: DONE_MS })

  async function isWellMade({ page, picture }: Person, name: string) {
    await picture(name)
    for (const size of Object.values(DEVICES)) {
      await page.setViewportSize(size)
      expect.soft(await violationsOf(page), name).toEqual([])
    }
    await page.setViewportSize(DEVICES.desktop)
  }

  it('downloads the home as a file, and says when that was too often', async () => {
    writeFileSync(join(homeOf(single, 'ada'), 'milk.txt'), NOTE)
    await open(ada.page, single)
    await ada.page.getByRole('heading', { name: 'Export' }).waitFor()
    await isWellMade(ada, '1-move')
    const make = (name: string) => ada.page.getByRole('button', { name }).click()
    await make('Make an export')
    await ada.page.getByText(/Your export is ready/).waitFor({ timeout: DONE_MS })
    await isWellMade(ada, '1-ready')
    const download = ada.page.waitForEvent('download')
    await make('Download')
    const made = await download
    expect(made.suggestedFilename()).toBe('ada.tar.zst')
    await made.saveAs(file('ada.tar.zst'))
    await make('Make a new one')
    await ada.page.getByText('Too many exports in the last hour.').waitFor()
    // It is said on the page, and is no page of its own.
    expect(new URL(ada.page.url()).pathname).toBe('/settings/move')
    await make('Delete the file')
    await ada.page.getByRole('button', { name: 'Make an export' }).waitFor()
    expect(readdirSync(join(single.dataDir, 'exports'))).toEqual([])
  })

  it('changes nothing for an empty file, a file of another kind, half an export, and one that is too large', async () => {
    writeFileSync(bobs('mine.txt'), 'before')
    writeFileSync(file('empty'), '')
    writeFileSync(file('holiday.jpg'), 'not an archive '.repeat(1000))
    const whole = readFileSync(file('ada.tar.zst'))
    writeFileSync(file('half.tar.zst'), whole.subarray(0, whole.length / 2))
    writeFileSync(file('large.tar.zst'), Buffer.alloc(MOST_BYTES + 1))
    await open(bob.page, platform)
    const refused: [string, string][] = [
      ['empty', 'This file is empty.'],
      ['holiday.jpg', 'This file is not a whole export of a computer. Nothing has changed.'],
      ['large.tar.zst', 'This archive is larger than 3.81 MB, the most that is taken here.'],
      ['half.tar.zst', 'This file is not a whole export of a computer. Nothing has changed.'],
    ]
    for (const [name, words] of refused) {
      await choose(file(name))
      await says(words)
    }
    await isWellMade(bob, '2-refused')
    expect(readFileSync(bobs('mine.txt'), 'utf8')).toBe('before')
    expect(readdirSync(join(homeOf(platform, 'bob'), '..')).sort()).toEqual(['instance-id', HOME_FOLDER])
  })

  it('leaves everything as it was when the page is closed on the way', async () => {
    const { page } = bob
    await page.route(UPLOADS, () => undefined)
    await choose(file('ada.tar.zst'))
    await page.getByText('Keep this page open until all of it is there.').waitFor()
    await isWellMade(bob, '3-uploading')
    await page.reload()
    await page.getByRole('button', { name: 'Choose a file' }).waitFor()
    expect(await page.getByRole('progressbar').count()).toBe(0)
    await page.unroute(UPLOADS)
    expect(readFileSync(bobs('mine.txt'), 'utf8')).toBe('before')
  })

  it('takes the home in although the network is lost on the way, and restarts the computer with it', async () => {
    const { page } = bob
    let tries = 0
    await page.route(UPLOADS, (route) =>
      ++tries <= 2 ? route.abort('internetdisconnected') : route.continue(),
    )
    await choose(file('ada.tar.zst'))
    await says(/You have ada’s home, as exported on/)
    await page.unroute(UPLOADS)
    expect(tries).toBeGreaterThan(2)
    expect(readFileSync(bobs('milk.txt'), 'utf8')).toBe(NOTE)
    expect(existsSync(bobs('mine.txt'))).toBe(false)
    await page.getByText(/Your previous home, replaced on .*, is kept until/).waitFor()
    await isWellMade(bob, '4-imported')
    await visit(page, platform.hosts.instanceOrigin('bob'))
    await page.getByRole('heading', { name: 'Welcome, bob' }).waitFor({ timeout: DONE_MS })
  })

  it('goes back to the home before, there and back, and forgets it when it is told to', async () => {
    const { page } = bob
    await open(page, platform)
    // Told of it in another visit, and by the next process, too.
    await says(/You have ada’s home/)
    await page.getByRole('button', { name: 'Go back to it' }).click()
    await expect.poll(() => existsSync(bobs('mine.txt')), { timeout: DONE_MS }).toBe(true)
    await expect.poll(() => page.getByText(/You have ada’s home/).count(), { timeout: DONE_MS }).toBe(0)
    const back = page.getByRole('button', { name: 'Go back to it' })
    await expect.poll(() => back.isEnabled(), { timeout: DONE_MS }).toBe(true)
    await back.click()
    await expect.poll(() => existsSync(bobs('milk.txt')), { timeout: DONE_MS }).toBe(true)
    const forget = page.getByRole('button', { name: 'Delete it…' })
    await expect.poll(() => back.isEnabled(), { timeout: DONE_MS }).toBe(true)
    await forget.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
    const kept = () => readdirSync(join(homeOf(platform, 'bob'), '..')).sort()
    await expect.poll(kept, { timeout: DONE_MS }).toEqual(['instance-id', HOME_FOLDER])
    await page.getByRole('dialog').waitFor({ state: 'detached', timeout: DONE_MS })
    await forget.waitFor({ state: 'detached', timeout: DONE_MS })
    expect([...ada.errors, ...bob.errors].filter((text) => !/401|404|409|429|ERR_/.test(text))).toEqual([])
  })
})
