/**
 * Publishing an app, in Chromium on the embedded stack: what an administrator is asked before, the app's page, and its
 * link. Computers share the platform's site here, so that nobody may publish at first.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ROOT } from '@matrixos/host/root'
import { APP_MANIFEST, APPS_FOLDER, HOME_FOLDER } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { launchChromium, type Person, signUpInBrowser, visit } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], 'publishing', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let ada: Person
  /** Somebody without an account. */
  let visitor: Person
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded', domains: { publicUrl: 'http://platform.localhost' } })
    chromium = await launchChromium()
    ada = await chromium.newPerson('publishing')
    visitor = await chromium.newPerson('publishing')
    await signUpInBrowser(ada.page, stack.hosts, 'ada')
    const app = join(stack.dataDir, 'instances/ada', HOME_FOLDER, APPS_FOLDER, 'snake')
    mkdirSync(app, { recursive: true })
    writeFileSync(join(app, APP_MANIFEST), '{"name":"Snake"}')
    writeFileSync(join(app, 'index.html'), '<!doctype html><title>Snake</title><h1>It hisses</h1>')
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const at = (path: string) => `${stack.hosts.appOrigin}${path}`
  async function looksRight(name: string): Promise<void> {
    await ada.picture(name)
    for (const colorScheme of ['light', 'dark'] as const) {
      await ada.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect.soft(await violationsOf(ada.page), `${name}, ${colorScheme}`).toEqual([])
    }
    await ada.page.emulateMedia({ colorScheme: 'light', reducedMotion: null })
  }

  it('lets nobody publish where visitors take a risk, until an administrator has read which', async () => {
    const { page } = ada
    await visit(page, at('/publish?app=snake'))
    await page.getByText('Publishing is switched off here').waitFor()
    await page.getByText('until an administrator of this platform switches it on').waitFor()
    expect(await page.getByRole('button', { name: 'Publish' }).getAttribute('aria-disabled')).toBe('true')
    await looksRight('1-off')
    const env = { PATH: process.env.PATH, DATA_DIR: stack.dataDir, RUN_DIR: stack.runDir }
    const command = [join(ROOT, 'scripts/admin.ts'), 'grant', 'ada']
    const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: ROOT, env })
    await visit(page, /https?:\S+/.exec(stdout)?.[0] ?? '')
    await page.getByRole('button', { name: 'Accept as ada' }).click()
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    await visit(page, at('/publish?app=snake'))
    await page.getByRole('link', { name: 'switch it on' }).click()
    const setting = page.getByRole('group', { name: 'Publishing apps' })
    await setting.getByRole('radio', { name: 'On' }).click()
    await page.getByText('share a domain with the platform').waitFor()
    await looksRight('2-risk')
    await page.getByRole('button', { name: 'Switch it on all the same' }).click()
    await page.getByText('Publishing is on.').waitFor()
    expect(await setting.getByRole('radio', { name: 'On' }).isChecked()).toBe(true)
  })

  it('says what publishing means, and shows the link as others will see it', async () => {
    const { page } = ada
    await visit(page, at('/settings/apps'))
    await page.getByText('Nothing is published').waitFor()
    await looksRight('3-nothing')
    await visit(page, at('/publish?app=snake&handle=bob'))
    await page.getByRole('heading', { name: 'This app is somebody else’s' }).waitFor()
    await visit(page, at('/publish?app=snake&handle=ada'))
    await page.getByRole('heading', { name: 'Publish Snake' }).waitFor()
    const preview = page.getByRole('figure')
    await expect.poll(() => preview.locator('img').getAttribute('src')).toMatch(/^data:image\/png/)
    await page.getByLabel('Title').fill('Snake for two')
    await page.getByLabel('Description').fill('The longer one wins.')
    await preview.getByText('Snake for two').waitFor()
    await looksRight('4-form')
    await page.getByLabel('AI credits for visitors').fill('2000')
    await page.getByText('Enter 1000 at most.').waitFor()
    await page.getByLabel('AI credits for visitors').fill('0.50')
  })

  it('publishes with one click, and gives a link to copy and to scan', async () => {
    const { page } = ada
    await page.getByRole('button', { name: 'Publish' }).click()
    await page.getByRole('heading', { name: 'Snake for two is published' }).waitFor()
    await page.getByText('Open to anyone with the link, AI up to $0.50 a month').waitFor()
    await page
      .getByRole('img', { name: `QR code of ${stack.hosts.instanceAppOrigin('ada', 'snake')}` })
      .waitFor()
    await looksRight('5-published')
    const save = page.getByRole('button', { name: 'Save changes' })
    expect(await save.getAttribute('aria-disabled')).toBe('true')
    await page.reload()
    await page.getByRole('heading', { name: 'Snake for two is published' }).waitFor()
    // The icon as it was drawn, from the platform.
    const kept = page.getByRole('figure').locator('img')
    await expect.poll(() => kept.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(1200)
    expect(await kept.getAttribute('src')).toContain('/publication-picture?')
  })

  it('is in the feed, and opens from there', async () => {
    const { page } = ada
    await visit(page, at('/feed'))
    const told = page.getByRole('article').filter({ hasText: 'Snake for two' })
    const opened = page.waitForEvent('popup')
    await told.getByRole('link', { name: 'Open app' }).click()
    const app = await opened
    await app.getByRole('heading', { name: 'It hisses' }).waitFor()
    await app.close()
    await looksRight('5-feed')
    await visit(page, at('/publish?app=snake'))
    await page.getByRole('heading', { name: 'Snake for two is published' }).waitFor()
  })

  /** What a program is told that makes previews of links. */
  const preview = async () => {
    const { browser } = stack.client()
    const headers = { 'user-agent': 'Twitterbot/1.0' }
    const answer = await browser.navigate(`${stack.hosts.instanceAppOrigin('ada', 'snake')}/`, { headers })
    const html = await answer.text()
    const picture = /og:image" content="([^"]+)"/.exec(html)?.[1]
    return { html, picture: picture && (await browser.fetch(picture, { headers })) }
  }

  it('opens to anyone with the link, under no name and with no cookie of the platform', async () => {
    await visit(visitor.page, `${stack.hosts.instanceAppOrigin('ada', 'snake')}/`)
    await visitor.page.getByRole('heading', { name: 'It hisses' }).waitFor()
    expect(await visitor.context.cookies()).toEqual([])
    await visit(visitor.page, `${stack.hosts.instanceOrigin('ada')}/`)
    expect(new URL(visitor.page.url()).origin).toBe(stack.hosts.appOrigin)
  })

  it('shows its title and picture to programs, as its owner saw them', async () => {
    const { html, picture } = await preview()
    expect(html).toContain('<title>Snake for two · Matrix OS</title>')
    expect(html).toContain('<meta property="og:title" content="Snake for two">')
    expect(html).toContain('The longer one wins.')
    expect(picture && [picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png'])
  })

  it('takes a screenshot as the picture, cut to the frame and drawn anew', async () => {
    const { page } = ada
    const screenshot = await page.screenshot()
    const input = page.getByLabel('Picture for the link preview')
    await input.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('<svg/>') })
    await page.getByText('This file is no picture that this browser can read.').waitFor()
    await input.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: screenshot })
    const image = page.getByRole('figure').locator('img')
    await expect.poll(() => image.getAttribute('src')).toMatch(/^data:/)
    await page.getByRole('button', { name: 'Save changes' }).click()
    await page.getByText('Saved.').waitFor()
    await expect
      .poll(() => page.getByRole('button', { name: 'Save changes' }).getAttribute('aria-disabled'))
      .toBe('true')
    await page.reload()
    await expect.poll(() => image.evaluate((shown: HTMLImageElement) => shown.naturalWidth)).toBe(1200)
  })

  it('ends it with one click, from the dashboard too, and takes that back', async () => {
    const { page } = ada
    await visit(page, at('/'))
    await page.getByRole('heading', { name: 'Published apps' }).waitFor()
    await looksRight('6-dashboard')
    await visit(page, at('/settings/apps'))
    await page.getByRole('button', { name: 'Unpublish Snake for two' }).click()
    await page.getByText('Nothing is published').waitFor()
    expect((await preview()).html).not.toContain('Snake for two')
    await visit(visitor.page, `${stack.hosts.instanceAppOrigin('ada', 'snake')}/`)
    expect(await visitor.page.getByRole('heading', { name: 'It hisses' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Unpublish Snake for two' }).waitFor()
    await looksRight('7-settings')
  })
})
