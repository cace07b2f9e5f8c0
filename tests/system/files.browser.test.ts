/** The files of a home in Chromium: brought in, sorted, found, changed and looked at, hostile ones as well. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { HOME_FOLDER } from '@matrixos/shared'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { DEVICES } from '../support/chromium.ts'
import { type Computer, closeWindows, HANDLE, openComputer } from '../support/computer.ts'
import { pdf } from '../support/pdf.ts'

const HOSTILE = 'fetch("/api/files/list?path=").then(() => { window.pwned = true; parent.pwned = true })'

describeReal(['chromium'], 'the files of a computer', () => {
  let computer: Computer
  let home: string
  const write = (path: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), content)
  }
  const read = (path: string) => readFileSync(join(home, path), 'utf8')
  const row = (name: string) =>
    computer.page.getByRole('row').filter({ has: computer.page.getByText(name, { exact: true }) })
  /** A window of the files at this folder, and no other window. */
  const show = async (folder = '') => {
    const { page, address, isAwake } = computer
    await page.evaluate(() => localStorage.clear())
    await page.goto(address(`/?${Date.now()}`))
    await isAwake()
    await closeWindows(page)
    await page.getByRole('navigation', { name: 'Parts' }).getByRole('button', { name: 'Files' }).click()
    await page.getByRole('grid').waitFor()
    for (const name of folder === '' ? [] : folder.split('/')) {
      await row(name).dblclick()
      await page.getByRole('grid', { name: `Files in ${name}` }).waitFor()
    }
  }
  const type = async (text: string) => {
    await computer.page.locator('.cm-content').first().click()
    await computer.page.keyboard.press('ControlOrMeta+Home')
    await computer.page.keyboard.type(text)
  }

  beforeAll(async () => {
    computer = await openComputer('files')
    home = join(computer.stack.dataDir, 'instances', HANDLE, HOME_FOLDER)
    await computer.page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>
        console.error(`content security policy: ${violatedDirective} ${blockedURI} in ${sourceFile}`),
      )
    })
  })
  afterAll(async () => await computer?.[Symbol.asyncDispose]())
  beforeEach(async () => {
    // What one test took from the page, also one that failed, the next has again.
    await computer.page.unrouteAll()
    await computer.page.setViewportSize(DEVICES.desktop)
  })

  it('brings in a folder that is dropped, with everything in it', async () => {
    const { page, person } = computer
    const own = mkdtempSync(join(tmpdir(), 'mos-dropped-'))
    try {
      mkdirSync(join(own, 'album/deep'), { recursive: true })
      mkdirSync(join(own, 'album/empty'))
      writeFileSync(join(own, 'album/one.txt'), 'one')
      writeFileSync(join(own, 'album/deep/big.bin'), Buffer.alloc(3_000_000, 7))
      await show()
      const { x, y } = (await page.getByRole('grid').boundingBox()) ?? { x: 0, y: 0 }
      const session = await person.context.newCDPSession(page)
      const data = { items: [], files: [join(own, 'album')], dragOperationsMask: 1 }
      for (const kind of ['dragEnter', 'dragOver', 'drop'] as const)
        await session.send('Input.dispatchDragEvent', { type: kind, x: x + 200, y: y + 300, data })
      await page.getByText('2 files brought in').waitFor()
      await person.picture('1-dropped')
      expect(read('album/one.txt')).toBe('one')
      expect(readFileSync(join(home, 'album/deep/big.bin')).equals(Buffer.alloc(3_000_000, 7))).toBe(true)
      await row('album').waitFor()
      await expect.poll(() => existsSync(join(home, 'album/empty'))).toBe(true)
    } finally {
      rmSync(own, { recursive: true })
    }
  })

  it('goes on bringing in after the connection was lost and the page loaded anew', async () => {
    const { page, address, isAwake } = computer
    const content = Buffer.alloc(6_000_000, 'resumed ')
    await show()
    let pieces = 0
    await page.route('**/api/files/uploads/**', (route) =>
      route.request().method() === 'PATCH' && ++pieces > 1 ? route.abort() : route.continue(),
    )
    await page.locator('.files input[type=file]').first().setInputFiles({
      name: 'large.bin',
      mimeType: 'application/octet-stream',
      buffer: content,
    })
    await page.getByText('I can’t be reached right now.').waitFor()
    const asked: number[] = []
    page.on('request', (request) => {
      const offset = new URL(request.url()).searchParams.get('offset')
      if (offset !== null) asked.push(Number(offset))
    })
    // It needs no window.
    await closeWindows(page)
    await page.goto(address(`/?${Date.now()}`))
    await isAwake()
    await page.unroute('**/api/files/uploads/**')
    await expect.poll(() => existsSync(join(home, 'large.bin'))).toBe(true)
    await show()
    expect(readFileSync(join(home, 'large.bin')).equals(content)).toBe(true)
    // What had arrived was not sent again.
    expect(Math.min(...asked)).toBeGreaterThan(0)
  })

  it('renames, moves, throws away and takes back', async () => {
    const { page, person } = computer
    write('desk/draft.txt', 'draft')
    mkdirSync(join(home, 'desk/archive'))
    await show('desk')
    await row('draft.txt').click()
    await page.keyboard.press('F2')
    await page.keyboard.type('final')
    await page.keyboard.press('Enter')
    await row('final.txt').waitFor()
    await row('final.txt').dragTo(row('archive'))
    await page.getByText('“final.txt” moved to “archive”.').waitFor()
    expect(existsSync(join(home, 'desk/archive/final.txt'))).toBe(true)
    await page.getByRole('button', { name: 'Undo' }).click()
    await row('final.txt').waitFor()
    await row('final.txt').click()
    await page.keyboard.press('Delete')
    await page.getByText('“final.txt” moved to the trash.').waitFor()
    await row('final.txt').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await row('final.txt').waitFor()
    expect(read('desk/final.txt')).toBe('draft')
    await row('final.txt').click()
    await page.keyboard.press('Delete')
    await page.getByText('“final.txt” moved to the trash.').waitFor()
    await page.getByRole('button', { name: 'Trash', exact: true }).click()
    await page.getByRole('button', { name: 'Restore “final.txt”' }).waitFor()
    await person.picture('2-trash')
    await page.getByRole('button', { name: 'Empty the trash' }).click()
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText('The trash is empty').waitFor()
  })

  it('shows at once what others change', async () => {
    write('desk/before', '')
    await show('desk')
    await row('before').waitFor()
    write('desk/while it is seen', '')
    await row('while it is seen').waitFor()
  })

  it('takes out a file as it is, and a folder as one archive', async () => {
    const { page } = computer
    write('out/inner/"a" file.txt', 'taken out')
    await show('out')
    const downloadOf = async (name: string, item: string) => {
      await row(name).click({ button: 'right' })
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item, exact: true }).click(),
      ])
      return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) }
    }
    const archive = await downloadOf('inner', 'Download as .zip')
    expect(archive.name).toMatch(/\.zip$/)
    expect(archive.bytes.subarray(0, 2).toString()).toBe('PK')
    await show('out/inner')
    expect((await downloadOf('"a" file.txt', 'Download')).bytes.toString()).toBe('taken out')
  })

  it('takes a picture from the clipboard', async () => {
    const { page } = computer
    mkdirSync(join(home, 'pasted'))
    await show('pasted')
    await page.getByRole('grid').focus()
    await page.evaluate(() => {
      const clipboardData = new DataTransfer()
      clipboardData.items.add(new File(['picture'], 'image.png', { type: 'image/png' }))
      const event = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })
      document.activeElement?.dispatchEvent(event)
    })
    await page.getByText('1 file brought in').waitFor()
    expect(readdirSync(join(home, 'pasted'))).toEqual([expect.stringMatching(/^Pasted .*\.png$/)])
  })

  it('finds a word, and opens its line', async () => {
    const { page, person } = computer
    write('desk/long.txt', `${'nothing\n'.repeat(400)}here is the zyzzyva\n${'nothing\n'.repeat(400)}`)
    await show()
    await page.getByRole('button', { name: 'Search' }).click()
    await page.keyboard.type('zyzzyva')
    await page.getByRole('button', { name: 'Contents' }).click()
    await page.getByText('1 match in your home.').waitFor()
    await person.picture('3-found')
    await page.getByRole('button', { name: /long\.txt/ }).click()
    await page.locator('.cm-line', { hasText: 'zyzzyva' }).waitFor()
    await page.getByText('401:1').waitFor()
  })

  it('saves what is typed, and loses nothing of it when others write as well', async () => {
    const { page, person } = computer
    write('desk/code.ts', 'const one = 1\nconst two = 2\n')
    await show('desk')
    await row('code.ts').dblclick()
    await type('// first\n')
    await page.getByText('Unsaved').waitFor()
    await page.keyboard.press('ControlOrMeta+s')
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(read('desk/code.ts')).toBe('// first\nconst one = 1\nconst two = 2\n')
    await type('// mine\n')
    write('desk/code.ts', 'const one = 1\nconst two = 22\n')
    await page.getByText('This file changed while you worked on it.').waitFor()
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.locator('.cm-merge-a .cm-changedLine', { hasText: '22' }).waitFor()
    await person.picture('4-conflict')
    expect(await computer.violations()).toEqual([])
    // A reload decides nothing either.
    await show('desk')
    await row('code.ts').dblclick()
    await page.getByText('This file changed while you worked on it.').waitFor()
    expect(await page.locator('.cm-content').first().textContent()).toContain('// mine')
    await page.getByRole('button', { name: 'Keep mine' }).click()
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(read('desk/code.ts')).toBe('// mine\n// first\nconst one = 1\nconst two = 2\n')
  })

  it('keeps what is typed without a connection, and saves it when there is one', async () => {
    const { page, person } = computer
    write('desk/offline.txt', 'old')
    await show('desk')
    await row('offline.txt').dblclick()
    await type('new ')
    await page.route('**/api/files/content*', (route) => route.abort())
    await page.keyboard.press('ControlOrMeta+s')
    await page.getByText('I can’t be reached right now. What you typed is kept in this browser.').waitFor()
    await person.picture('5-offline')
    await page.unrouteAll()
    await page.evaluate(() => window.dispatchEvent(new Event('online')))
    await page.getByText('Saved', { exact: true }).waitFor()
    expect(read('desk/offline.txt')).toBe('new old')
  })

  it('only shows what it could spoil, and says why', async () => {
    const { page } = computer
    write('desk/latin.txt', Uint8Array.of(0x63, 0x61, 0x66, 0xe9))
    write('desk/huge.log', Buffer.alloc(3_000_000, 'line of a log\n'))
    write('desk/program', Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1, 2))
    for (const [name, words] of [
      ['latin.txt', 'Not UTF-8'],
      ['huge.log', 'A large file, to read only.'],
      ['program', 'This is no text'],
    ] as const) {
      await show('desk')
      await row(name).dblclick()
      await page.getByText(words).waitFor()
    }
  })

  it('runs nothing of what it shows', async () => {
    const { page, person } = computer
    write('hostile/page.html', `<script>${HOSTILE}</script><img src=x onerror='${HOSTILE}'>`)
    const drawing = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" width="90" height="90"'
    write(
      'hostile/drawing.svg',
      `${drawing} onload='${HOSTILE}'><script>${HOSTILE}</script><circle r="9"/></svg>`,
    )
    write(
      'hostile/text.md',
      `# Text\n\n<script>${HOSTILE}</script>\n\n<img src=x onerror='${HOSTILE}'>\n\n[a](javascript:void(window.pwned=true))\n\n[safe](https://example.org)\n\n![d](drawing.svg)\n`,
    )
    write('hostile/script.pdf', pdfWithScript())
    await show('hostile')
    await row('page.html').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Preview' }).click()
    await page.getByText('window.pwned').first().waitFor()
    await show('hostile')
    await row('drawing.svg').dblclick()
    await page.getByText('90 × 90').waitFor()
    await show('hostile')
    await row('text.md').dblclick()
    await page.getByRole('link', { name: 'safe' }).waitFor()
    await page.locator('.markdown img').waitFor()
    expect(await page.getByRole('link', { name: 'safe' }).getAttribute('rel')).toBe('noopener noreferrer')
    expect(await page.locator('.markdown script, .markdown a[href^=javascript]').count()).toBe(0)
    await person.picture('6-markdown')
    expect(await computer.violations()).toEqual([])
    await show('hostile')
    await row('script.pdf').dblclick()
    await page.getByRole('img', { name: 'Page 1' }).waitFor()
    await expect.poll(() => page.evaluate(isInked)).toBe(true)
    await person.picture('7-pdf')
    // At their own address they are as harmless.
    for (const name of ['page.html', 'drawing.svg']) {
      const tab = await person.context.newPage()
      await tab.goto(computer.address(`/api/files/content?path=hostile/${name}`))
      expect(await tab.evaluate(() => document.contentType)).toBe('text/plain')
      await tab.close()
    }
    expect(await page.evaluate(() => 'pwned' in window)).toBe(false)
  })

  it('stays quick with ten thousand files, and with names as they may be', async () => {
    const { page, person } = computer
    const names = [
      'two\nlines.txt',
      `"quoted" 'twice'.txt`,
      '<b>bold<b>.txt',
      '…/\u202egpj.exe'.replace('/', ''),
      ' spaces ',
    ]
    for (const name of names) write(`many/${name}`, name)
    for (let index = 0; index < 10_000; index++) write(`many/file ${index}.txt`, '')
    await show('many')
    await page.getByText('10,005 items').waitFor()
    expect(await page.getByRole('row').count()).toBeLessThan(80)
    await page.getByRole('grid').focus()
    const startedAt = Date.now()
    await page.keyboard.press('End')
    await row('two↵lines.txt').waitFor()
    expect(Date.now() - startedAt).toBeLessThan(5_000)
    await row('two↵lines.txt').dblclick()
    await page.locator('.cm-line', { hasText: 'lines.txt' }).waitFor()
    await show('many')
    await person.picture('8-many')
    await row(`"quoted" 'twice'.txt`).click()
    await page.keyboard.press('ControlOrMeta+a')
    await page.getByText('10,005 of 10,005 items chosen').waitFor()
    await row(`"quoted" 'twice'.txt`).click()
    await page.keyboard.press('F2')
    await page.keyboard.press('ControlOrMeta+a')
    await page.keyboard.type('plain.txt')
    await page.keyboard.press('Enter')
    await row('plain.txt').waitFor()
    expect(readdirSync(join(home, 'many'))).toContain('plain.txt')
  })

  it('chooses with a finger that rests, and then with every tap', async () => {
    const { page, person } = computer
    for (const name of ['one', 'two', 'three']) write(`touch/${name}.txt`, name)
    await show('touch')
    await page.setViewportSize(DEVICES.phone)
    const session = await person.context.newCDPSession(page)
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    const press = async (name: string, until: () => Promise<unknown>) => {
      const { x, y } = (await row(name).boundingBox()) ?? { x: 0, y: 0 }
      const touchPoints = [{ x: x + 120, y: y + 20 }]
      await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints })
      await until()
      await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
    }
    const nothing = async () => undefined
    await press('one.txt', () => page.getByText('1 chosen').waitFor())
    await press('two.txt', nothing)
    await page.getByText('2 chosen').waitFor()
    await person.picture('9-chosen')
    await page.setViewportSize(DEVICES.phone)
    await page
      .getByRole('toolbar', { name: 'Chosen files' })
      .getByRole('button', { name: 'Copy to…' })
      .click()
    await page.getByRole('treeitem', { name: 'Home' }).click()
    await page.getByRole('button', { name: 'Copy here' }).click()
    await page.getByText('2 items copied to Home.').waitFor()
    expect(read('two.txt')).toBe('two')
    await press('three.txt', nothing)
    await page.locator('.cm-line', { hasText: 'three' }).waitFor()
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: false })
    await session.detach()
  })

  it('is accessible and whole on a desktop and a phone', async () => {
    const { person, page } = computer
    await show()
    await row('desk').click()
    await person.picture('9-files')
    expect(await computer.violations()).toEqual([])
    await page.setViewportSize(DEVICES.phone)
    await page.getByRole('button', { name: 'More for desk' }).click()
    const items = await page.getByRole('menuitem').all()
    for (const item of items) expect((await item.boundingBox())?.height).toBeGreaterThanOrEqual(44)
    await page.keyboard.press('Escape')
    for (const tool of await page.getByRole('toolbar', { name: 'Files' }).getByRole('button').all()) {
      const box = await tool.boundingBox()
      expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(43.9)
    }
  })

  it('breaks no content security policy on the way', () => {
    const { person } = computer
    expect(person.errors.filter((text) => /content security policy/i.test(text))).toEqual([])
  })
})

/** Whether the word and the scanned square of that page are drawn. */
function isInked(): boolean {
  const canvas = document.querySelector('canvas')
  const isDarkAt = (x: number, y: number, width: number, height: number) => {
    const { data = [] } = canvas?.getContext('2d')?.getImageData(x, y, width, height) ?? {}
    return data.some((value, index) => index % 4 === 0 && value < 100 && (data[index + 3] ?? 0) > 0)
  }
  const { width = 0, height = 0 } = canvas ?? {}
  const scale = width / 612
  return height > 0 && isDarkAt(0, 0, width, 120 * scale) && isDarkAt(170 * scale, 390 * scale, 4, 4)
}

/** A black square, as fax machines and scanners write it (CCITT group 4). */
const SQUARE = '26a2fffe002002>'

/** One page with a word and a scanned square on it, and a script that wants to run when it is opened. */
function pdfWithScript(): string {
  const drawn = 'BT /F1 48 Tf 72 700 Td (Invoice) Tj ET q 200 0 0 200 72 300 cm /Im Do Q'
  const scan =
    '/Filter[/ASCIIHexDecode/CCITTFaxDecode]/DecodeParms[null<</K -1/Columns 8/Rows 8>>]/ColorSpace/DeviceGray/BitsPerComponent 1'
  return pdf([
    '<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>',
    '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    '<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<</Im 6 0 R>>>>>>',
    `<</Length ${drawn.length}>>stream\n${drawn}\nendstream`,
    '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    `<</Type/XObject/Subtype/Image/Width 8/Height 8${scan}/Length ${SQUARE.length}>>stream\n${SQUARE}\nendstream`,
  ])
}
