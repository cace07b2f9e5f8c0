/** Files that somebody hostile put into a home, in Chromium: contents that want to run, what is no file, and files of gigabytes. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { HOME_FOLDER } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { partFor } from '../../apps/instance/web/parts/preview/kinds.ts'
import { type Computer, closeWindows, HANDLE, openComputer } from '../support/computer.ts'
import { pdf } from '../support/pdf.ts'

const GB = 1024 ** 3
const PWN = 'window.pwned = true; try { parent.pwned = true } catch {} ; try { opener.pwned = true } catch {}'
const PAGE = `<!doctype html><html><body><script>${PWN}</script><img src="x" onerror="${PWN}"></body></html>`
const XHTML = `<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><script>${PWN}</script></html>`
const XSLT = `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="content?path=hostile/sheet.xsl"?><a/>`
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90" onload="${PWN}"><script>${PWN}</script></svg>`
const PDF = pdfThatRuns()

/** Each with what it says that it is, and what it is. */
const CONTENTS: Record<string, string | Uint8Array> = {
  'page.html': PAGE,
  'page.htm': PAGE,
  'page.xhtml': XHTML,
  'page.xht': XHTML,
  'page.shtml': PAGE,
  'page.mht': `MIME-Version: 1.0\nContent-Type: text/html\n\n${PAGE}`,
  'page.xml': XHTML,
  'sheet.xsl': XHTML,
  'styled.xml': XSLT,
  'feed.rss': XHTML,
  'drawing.svg': SVG,
  'page.png': PAGE,
  'drawing.png': SVG,
  'page.mp4': PAGE,
  'page.ogg': PAGE,
  'page.pdf': PAGE,
  'script.pdf': PDF,
  'page with no ending': PAGE,
  'page.txt': PAGE,
  'page.js': PWN,
  'page.bin': Buffer.concat([Buffer.from(PAGE), Buffer.alloc(4)]),
  'utf7.html': '+ADw-script+AD4-window.pwned=true+ADw-/script+AD4-',
  'utf16.html': Buffer.from(`\ufeff${PAGE}`, 'utf16le'),
  'page.webmanifest': PAGE,
  'page.swf': PAGE,
  'page.wasm': PAGE,
}

describeReal(['chromium'], 'hostile files', () => {
  let computer: Computer
  let home: string
  const sockets: Server[] = []
  const row = (name: string) =>
    computer.page.getByRole('row').filter({ has: computer.page.getByText(name, { exact: true }) })
  const parts = () => computer.page.getByRole('navigation', { name: 'Parts' })
  const isHarmed = () => computer.page.evaluate(() => 'pwned' in window)
  /** A window of the files at this folder, and no other window. */
  const show = async (folder: string) => {
    const { page, address, isAwake } = computer
    await page.goto(address(`/?${Date.now()}`))
    await isAwake()
    await closeWindows(page)
    await computer.openPart('Files')
    await row(folder).dblclick()
    await page.getByRole('grid', { name: `Files in ${folder}` }).waitFor()
  }
  const preview = async (name: string) => {
    if (partFor(name) === 'preview') return row(name).dblclick()
    await row(name).click({ button: 'right' })
    await computer.page.getByRole('menuitem', { name: 'Preview' }).click()
  }
  /** Away with what lies over the files. */
  const closeFront = async () => {
    const windows = computer.page.locator('.window')
    const before = await windows.count()
    await windows
      .last()
      .locator('header')
      .getByRole('button', { name: /^Close / })
      .click()
    await expect.poll(() => windows.count()).toBe(before - 1)
  }

  beforeAll(async () => {
    computer = await openComputer('hostile')
    home = join(computer.stack.dataDir, 'instances', HANDLE, HOME_FOLDER)
    for (const folder of ['hostile', 'odd', 'large', 'papers']) mkdirSync(join(home, folder))
    for (const [name, bytes] of Object.entries(CONTENTS)) writeFileSync(join(home, 'hostile', name), bytes)
  })
  afterAll(async () => {
    for (const server of sockets) server.close()
    await computer?.[Symbol.asyncDispose]()
  })
  beforeEach(() => computer.page.evaluate(() => Reflect.deleteProperty(window, 'pwned')))

  it.each(Object.keys(CONTENTS))('runs nothing of %s, at its own address or in a frame', async (name) => {
    const { page, person, address } = computer
    const path = `/api/files/content?path=${encodeURIComponent(`hostile/${name}`)}`
    const tab = await person.context.newPage()
    // What is stored instead of shown ends the visit.
    const answer = await tab.goto(address(path)).catch(() => null)
    if (answer) {
      expect(answer.headers()['x-content-type-options']).toBe('nosniff')
      expect(await tab.evaluate(() => 'pwned' in window)).toBe(false)
      const type = await tab.evaluate(() => document.contentType)
      expect(type).toMatch(/^(text\/plain|application\/pdf|image\/png|video\/mp4|audio\/ogg|text\/html)$/)
      // The browser's own page around a PDF, a picture or a film.
      if (type === 'text/html') expect(name).toMatch(/\.(pdf|png|mp4|ogg)$/)
    }
    await tab.close()
    // In a frame, too, nothing else is heard of it.
    const stored = answer ? null : page.waitForEvent('download')
    await page.evaluate(
      ({ src, isShown }) =>
        new Promise<unknown>((resolve) => {
          const frame = document.createElement('iframe')
          document.body.append(Object.assign(frame, { src, onload: resolve, onerror: resolve }))
          if (!isShown) resolve(null)
        }),
      { src: path, isShown: answer !== null },
    )
    await stored
    expect(await isHarmed()).toBe(false)
    await page.evaluate(() => document.querySelector('body > iframe')?.remove())
  })

  it('lets a file be no script, no style, no worker and no module of the page', async () => {
    const { page } = computer
    const path = '/api/files/content?path=hostile/page.js'
    const tried = await page.evaluate(async (src) => {
      const element = (tag: 'script' | 'link', values: object) =>
        new Promise<string>((resolve) => {
          const made = Object.assign(document.createElement(tag), values)
          made.onload = () => resolve('loaded')
          made.onerror = () => resolve('refused')
          document.head.append(made)
        })
      return {
        script: await element('script', { src }),
        module: await element('script', { src, type: 'module' }),
        style: await element('link', { href: src, rel: 'stylesheet' }),
        worker: await new Promise<string>((resolve) => {
          const worker = new Worker(src)
          worker.onerror = () => resolve('refused')
          worker.onmessage = () => resolve('loaded')
        }),
        serviceWorker: await navigator.serviceWorker.register(src).then(
          () => 'loaded',
          () => 'refused',
        ),
      }
    }, path)
    const imported = `import(${JSON.stringify(path)}).then(() => 'loaded', () => 'refused')`
    expect(await page.evaluate<unknown>(imported)).toBe('refused')
    expect(new Set(Object.values(tried))).toEqual(new Set(['refused']))
    expect(await isHarmed()).toBe(false)
  })

  it('says in plain words what is no file, and what leads out', async () => {
    const { page, person } = computer
    const at = (name: string) => join(home, 'odd', name)
    execFileSync('mkfifo', [at('pipe.txt')])
    sockets.push(createServer().listen(at('socket.txt')))
    symlinkSync('/dev/zero', at('zero.txt'))
    symlinkSync('/etc/passwd', at('way-out.txt'))
    symlinkSync('/etc', at('out'))
    symlinkSync('loop', at('loop'))
    await show('odd')
    for (const [name, words] of [
      ['pipe.txt', 'odd/pipe.txt: that is not a file'],
      ['socket.txt', 'odd/socket.txt: that is not a file'],
      ['zero.txt', 'odd/zero.txt links to a place that is outside your home.'],
      ['way-out.txt', 'odd/way-out.txt links to a place that is outside your home.'],
      ['out', 'odd/out links to a place that is outside your home.'],
    ] as const) {
      await row(name).dblclick()
      await page.getByText(words).waitFor()
      await person.picture(`2-${name}`)
      await closeFront()
    }
    await row('pipe.txt').click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.press('Delete')
    await expect.poll(() => readdirSync(join(home, 'odd'))).toEqual([])
    expect(readFileSync('/etc/passwd', 'utf8')).toContain('root')
  })

  it('stays usable with a PDF of any number and size of pages', async () => {
    const { page, person } = computer
    const papers = { 'many.pdf': pdfOf(200_000, 300, 300), 'tall.pdf': pdfOf(1, 1, 1_000_000) }
    for (const [name, paper] of Object.entries(papers)) writeFileSync(join(home, 'papers', name), paper)
    await show('papers')
    await preview('many.pdf')
    const canvases = page.locator('.window .preview canvas')
    await page.getByText('Only the first 2,000 of 200,000 pages are shown here.').waitFor()
    expect(await canvases.count()).toBe(2_000)
    const isDrawn = (index: number) =>
      canvases.nth(index).evaluate((canvas) => Number(canvas.getAttribute('width')) > 300)
    await expect.poll(() => isDrawn(0)).toBe(true)
    await canvases.nth(1_500).scrollIntoViewIfNeeded()
    await expect.poll(() => isDrawn(1_500)).toBe(true)
    await expect.poll(() => isDrawn(0)).toBe(false)
    await person.picture('4-many-pages')
    await closeFront()
    await preview('tall.pdf')
    await expect.poll(() => canvases.first().getAttribute('height')).toBe('16000')
    await closeFront()
    expect(await isHarmed()).toBe(false)
  })

  it('draws nothing that a browser would be busy with for good', async () => {
    const { page } = computer
    const groups = Array.from(
      { length: 9 },
      (_, level) => `<g id="l${level + 1}">${`<use href="#l${level}"/>`.repeat(10)}</g>`,
    )
    const drawing = `<svg xmlns="http://www.w3.org/2000/svg"><circle id="l0" r="5"/>${groups.join('')}</svg>`
    writeFileSync(join(home, 'papers', 'busy.svg'), drawing)
    await show('papers')
    await preview('busy.svg')
    await page.getByText('This drawing is too large to show. Open it in the editor.').waitFor()
    await closeFront()
  })

  it('stays usable with files of 2 GB', async () => {
    const { page, person } = computer
    const names = ['text.txt', 'picture.png', 'drawing.svg', 'paper.pdf', 'program']
    for (const name of names) {
      writeFileSync(join(home, 'large', name), '')
      truncateSync(join(home, 'large', name), 2 * GB)
    }
    await show('large')
    for (const [name, words] of [
      ['text.txt', 'text.txt is no text.'],
      ['picture.png', 'This picture is too large to show.'],
      ['drawing.svg', 'This drawing is too large to show.'],
      ['paper.pdf', 'This PDF is too large to show.'],
    ] as const) {
      await preview(name)
      await page.locator('.window .preview').getByText(words).first().waitFor()
      await person.picture(`3-${name}`)
      await closeFront()
    }
    await row('text.txt').dblclick()
    await page.getByText('This is no text, so I can’t show it here.').waitFor()
    // There is none either.
    expect(await page.locator('.editor').getByRole('button', { name: 'Preview' }).count()).toBe(0)
    await person.picture('3-editor')
    const last = await page.evaluate(
      async (from) => {
        const answer = await fetch('/api/files/content?path=large/program', {
          headers: { range: `bytes=${from}-` },
        })
        return [answer.status, (await answer.arrayBuffer()).byteLength]
      },
      2 * GB - 10,
    )
    expect(last).toEqual([206, 10])
    await parts().getByRole('button', { name: 'Note pad' }).click()
    await page.getByRole('textbox', { name: 'Note pad' }).fill('still here')
  })
})

/** A PDF whose script would leave for another address, and change what is there, as soon as it is opened. */
function pdfThatRuns(): string {
  const script =
    'app.alert\\(1\\); this.getURL\\("javascript:window.pwned=true"\\); this.submitForm\\("/api/files/list"\\)'
  return pdf([
    `<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(${script})>>>>`,
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/AA<</O<</S/URI/URI(javascript:window.pwned=true)>>>>/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 300 300]/A<</S/URI/URI(javascript:window.pwned=true)>>>>]>>',
  ])
}

/** All its pages are one. */
const pdfOf = (pages: number, width: number, height: number): string =>
  pdf([
    '<</Type/Catalog/Pages 2 0 R>>',
    `<</Type/Pages/Kids[${'3 0 R '.repeat(pages)}]/Count ${pages}>>`,
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 ${width} ${height}]>>`,
  ])
