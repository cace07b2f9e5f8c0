/** A computer that has used up its disk or its memory, in Chromium: what its person sees, and that nothing they typed is lost. */
import { describeReal } from '@matrixos/testing/describe-real'
import { partsMustBeThere } from '@matrixos/testing/required-parts'
import Docker from 'dockerode'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { buildInstanceImage } from '../../apps/supervisor/src/instance-image/build.ts'
import { closeWindows } from '../support/computer.ts'
import { openLoneComputer } from '../support/lone-computer.ts'

const IMAGE = 'mosi-test:exhausted'
const MB = 1024 * 1024
const FULL = 'Your disk is full. Delete something you no longer need, then try again.'

describeReal(['docker', 'chromium'], 'a computer whose disk is full', () => {
  let computer: Awaited<ReturnType<typeof openLoneComputer>>
  const row = (name: string) =>
    computer.page.getByRole('row').filter({ has: computer.page.getByText(name, { exact: true }) })
  /** A program takes all the room there is. */
  const fill = () =>
    computer.inside(`
      const file = fs.openSync('filler', 'a')
      for (const size of [1 << 20, 1 << 12, 1])
        try { for (;;) fs.writeSync(file, Buffer.alloc(size, 1)) } catch (error) { if (error.code !== 'ENOSPC') throw error }`)
  const free = () => computer.inside(`fs.rmSync('filler', { force: true })`)
  const read = (path: string) => computer.inside(`process.stdout.write(fs.readFileSync('${path}', 'utf8'))`)
  const content = () => computer.page.locator('.cm-content').first()
  const type = async (text: string) => {
    await content().click()
    await computer.page.keyboard.press('ControlOrMeta+Home')
    await computer.page.keyboard.type(text)
  }
  const edit = async (name: string) => {
    await computer.openPart('Files')
    await row(name).dblclick()
    await content().waitFor()
  }
  const state = (text: string) => computer.page.getByText(text, { exact: true }).waitFor()

  beforeAll(async () => {
    await buildInstanceImage({ tag: IMAGE })
    computer = await openLoneComputer({ image: IMAGE, folder: 'exhausted', homeBytes: 16 * MB })
  })
  afterAll(async () => {
    await computer?.[Symbol.asyncDispose]()
    await new Docker().getImage(IMAGE).remove({ force: true })
  })
  beforeEach(async () => {
    await free()
    await computer.visit()
    await closeWindows(computer.page)
  })

  it('keeps what is typed in the editor, says why it is not saved, and saves it once there is room', async () => {
    const { page, inside, person } = computer
    await inside(`fs.writeFileSync('plan.txt', 'old')`)
    await edit('plan.txt')
    await fill()
    await type('new ')
    await page.keyboard.press('ControlOrMeta+s')
    await page.getByText(`${FULL} What you typed is kept in this browser.`).waitFor()
    await state('Not saved')
    await person.picture('1-editor')
    expect(await read('plan.txt')).toBe('old')
    await free()
    await state('Saved')
    expect(await read('plan.txt')).toBe('new old')
  })

  it('has what was typed in the editor after a reload, while it still could not be saved', async () => {
    const { page, inside, person, visit } = computer
    await inside(`fs.writeFileSync('plan.txt', 'old')`)
    await edit('plan.txt')
    await fill()
    await type('kept ')
    await page.keyboard.press('ControlOrMeta+s')
    await page.getByText(FULL).waitFor()
    await visit()
    // Its window may have come back by itself.
    await closeWindows(page)
    await edit('plan.txt')
    await page.getByText('You left before this was saved. What you typed is here again.').waitFor()
    expect(await content().textContent()).toBe('kept old')
    await person.picture('2-editor-again')
    await free()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await state('Saved')
    expect(await read('plan.txt')).toBe('kept old')
  })

  it('keeps what is typed into the note pad, over a reload too, and saves it once there is room', async () => {
    const { page, openPart, person, visit } = computer
    await openPart('Note pad')
    const pad = page.getByRole('textbox', { name: 'Note pad' })
    await fill()
    await pad.fill('x'.repeat(20_000))
    await pad.press('End')
    await page.keyboard.type('the last words')
    await page.getByText(FULL).waitFor()
    await state('Not saved')
    await person.picture('3-notes')
    await visit()
    await openPart('Note pad')
    await expect.poll(() => pad.inputValue()).toMatch(/xthe last words$/)
    await page.getByText(FULL).waitFor()
    await free()
    await state('Saved')
    expect(await read('notes/pad.md')).toMatch(/xthe last words$/)
  })

  it('says that an upload has no room, wherever its person is, and goes on with it', async () => {
    const { page, openPart, person } = computer
    await openPart('Files')
    await fill()
    const picker = page.locator('.files input[type=file]').first()
    await picker.setInputFiles({ name: 'film.bin', mimeType: 'video/mp4', buffer: Buffer.alloc(3 * MB, 7) })
    await page.getByRole('alert').filter({ hasText: FULL }).waitFor()
    await person.picture('4-upload')
    await openPart('Note pad')
    const need = page.locator('#need')
    await need.filter({ hasText: FULL }).waitFor()
    await person.picture('5-upload-elsewhere')
    await free()
    await need.getByRole('button', { name: 'Show' }).click()
    await need.waitFor({ state: 'detached' })
    await page
      .getByRole('region', { name: 'Transfers' })
      .getByRole('button', { name: 'Try again' })
      .first()
      .click()
    await page.getByText('1 file brought in').waitFor()
    await row('film.bin').waitFor()
  })

  it('takes nothing in that is larger than the disk', async () => {
    const { page, openPart } = computer
    await openPart('Files')
    const before = await computer.inside(`process.stdout.write(String(fs.statfsSync('.').bavail))`)
    await page
      .locator('.files input[type=file]')
      .first()
      .setInputFiles({
        ...{ name: 'huge.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(17 * MB) },
      })
    await page.getByRole('alert').filter({ hasText: FULL }).waitFor()
    const after = await computer.inside(`process.stdout.write(String(fs.statfsSync('.').bavail))`)
    expect(Number(after)).toBeGreaterThan(Number(before) - 100)
    await page.getByRole('button', { name: 'Cancel all' }).click()
  })

  it('makes room from the files themselves, where the trash has none', async () => {
    const { page, openPart, person, inside } = computer
    await fill()
    await openPart('Files')
    await row('filler').click()
    await page.keyboard.press('Delete')
    await page.getByText('Your disk is too full to keep “filler” in the trash.').waitFor()
    await person.picture('6-trash')
    await page.getByRole('button', { name: 'Delete for good' }).click()
    await page.getByText('“filler” deleted for good.').waitFor()
    await row('filler').waitFor({ state: 'detached' })
    expect(await inside(`process.stdout.write(String(fs.existsSync('filler')))`)).toBe('false')
  })

  it('does the rest as always: windows and search', async () => {
    const { page, openPart } = computer
    await fill()
    await openPart('Settings')
    await openPart('Files')
    await page.getByRole('grid').waitFor()
    await page.getByRole('button', { name: 'Search' }).click()
    await page.keyboard.type('filler')
    await page.getByText('1 match in your home.').waitFor()
  })

  it('says in the terminal that a program was killed for want of memory, and goes on', async ({ skip }) => {
    const { page, openPart, person } = computer
    const { terminal } = await page.evaluate(async () => (await fetch('/api/me')).json())
    skip(
      terminal !== 'pty' && !partsMustBeThere(process.env),
      'no Debian mirror was there to fetch a shell from',
    )
    await openPart('Terminal')
    const glass = page.locator('.stage:not([hidden]) .xterm-rows')
    await glass.filter({ hasText: /\S/ }).waitFor()
    await page.locator('.stage:not([hidden]) textarea').focus()
    await page.keyboard.type('node -e "const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))"')
    await page.keyboard.press('Enter')
    await glass
      .filter({ hasText: 'My memory ran out, and a program was killed.' })
      .waitFor({ timeout: 60_000 })
    await page.keyboard.type('echo "<$((6 * 7))>"')
    await page.keyboard.press('Enter')
    await glass.filter({ hasText: '<42>' }).waitFor()
    await person.picture('7-memory')
    await openPart('Note pad')
    await page.getByRole('textbox', { name: 'Note pad' }).fill('after it')
    await state('Saved')
    expect(await read('notes/pad.md')).toBe('after it')
  })
})
