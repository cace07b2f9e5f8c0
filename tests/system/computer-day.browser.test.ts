/**
 * A day at a computer of one's own, in Chromium, as somebody has it who has just signed up: terminals, a file in the
 * editor, a folder brought in, a word found, a tool installed; then a reload, a sleep, and everything is where it was.
 */
import { isDeepStrictEqual } from 'node:util'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchChromium, type Person, signUpInBrowser, visit } from '../support/chromium.ts'
import { isAwake, windowsSeen } from '../support/computer.ts'
import { putToSleep } from '../support/dashboard.ts'
import { dropFolder } from '../support/drop.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

const HANDLE = 'mira'
const RECIPES = {
  'soups.txt': `${'Stir, and wait.\n'.repeat(200)}Add the lemongrass.\n${'Stir, and wait.\n'.repeat(99)}`,
  'cakes/plum.md': '# Plum cake\n\nFor **eight**.\n',
}
/** What the windows of each part have in them. */
const INSIDE = { Terminal: '.terminal', Console: '.console', Files: '.files' } as const
const SLEPT = 'I slept. What ran here has ended; this is a new shell in the same folder.'

for (const { name, parts, needs } of STACKS) {
  // Where there is a wall around it, it has a real shell; elsewhere the built-in console.
  const hasShell = parts === 'real'
  const machine = hasShell ? 'Terminal' : 'Console'

  describeReal([...needs, 'chromium'], `a day at the computer (${name})`, () => {
    let stack: Stack
    let chromium: Awaited<ReturnType<typeof launchChromium>>
    let person: Person
    beforeAll(async () => {
      stack = await bootStack({ parts })
      chromium = await launchChromium()
      person = await chromium.newPerson(`computer-day-${name}`, { width: 1440, height: 900 })
    })
    afterAll(async () => {
      await chromium?.[Symbol.asyncDispose]()
      await stack?.[Symbol.asyncDispose]()
    })

    const row = (file: string) =>
      person.page.getByRole('row').filter({ has: person.page.getByText(file, { exact: true }) })
    const tabs = () => person.page.getByRole('tab')
    const shown = () => person.page.locator(hasShell ? '.stage:not([hidden]) .xterm-rows' : '#console-log')
    const sees = (text: string | RegExp) => shown().filter({ hasText: text }).waitFor()
    const run = async (line: string) => {
      await person.page.locator(hasShell ? '.stage:not([hidden]) textarea' : '#console-input').focus()
      await person.page.keyboard.type(line)
      await person.page.keyboard.press('Enter')
    }
    /** Its window calls itself by what it shows. */
    const show = async (part: keyof typeof INSIDE) => {
      const dock = person.page.getByRole('navigation', { name: 'Parts' })
      const button = dock.getByRole('button', { name: part })
      if ((await button.getAttribute('aria-current')) !== 'true') await button.click()
      await person.page.locator(`.window:not([hidden]):has(${INSIDE[part]})`).waitFor()
    }
    const tile = (window: string, side: 'left' | 'right') =>
      person.page
        .locator(`.window:has(${window})`)
        .getByRole('button', { name: new RegExp(`^Tile .* ${side}$`) })
        .click()
    const editor = () => person.page.locator('.window:not([hidden]) .editor')
    const seen = () => windowsSeen(person.page)
    /** The home knows what the page shows. */
    const isKept = () =>
      expect
        .poll(async () => {
          const { home, browser } = await person.page.evaluate(async () => ({
            home: (await (await fetch('/api/shell')).json()).windows,
            browser: JSON.parse(localStorage.getItem('mos-shell') ?? '{}').windows,
          }))
          return isDeepStrictEqual(home, browser) && JSON.stringify(home).includes('"line":201,"column":20')
        })
        .toBe(true)
    const isAsBefore = async (before: Awaited<ReturnType<typeof seen>>) => {
      await editor().getByText('201:20', { exact: true }).waitFor()
      await editor().locator('.cm-line', { hasText: 'And a tart pan.' }).waitFor()
      const line = editor().locator('.cm-line', { hasText: 'Add the lemongrass.' })
      await expect.poll(() => line.evaluate(isInSight)).toBe(true)
      await expect.poll(seen).toEqual(before)
    }

    it('begins with a new computer, which says what there is', async () => {
      const { page, picture } = person
      await signUpInBrowser(page, stack.hosts, HANDLE)
      await isAwake(page)
      await page.getByText('This computer is yours.').waitFor()
      await picture('01-new')
    })

    it('opens two terminals, or the console where there is no wall', async () => {
      const { page, picture } = person
      if (!hasShell) {
        await show('Console')
        await page.getByText('This computer is a plain process on its server.').waitFor()
        return await picture('02-console')
      }
      await show('Terminal')
      await sees('$')
      await run('for number in $(seq 1 300); do echo "line $number"; done; sleep 100000')
      await sees('line 300')
      await page.getByRole('button', { name: 'New terminal' }).click()
      await expect.poll(() => tabs().count()).toBe(2)
      await sees('$')
      await run('uname; node --version; ls')
      await sees('notes')
      await picture('02-terminals')
    })

    it('edits a file in the editor, and sees there what the terminal does to it', async () => {
      const { page, picture } = person
      await run(hasShell ? "echo 'Buy plums.' > shopping.txt" : 'echo Buy plums. > shopping.txt')
      await show('Files')
      await row('shopping.txt').dblclick()
      await editor().locator('.cm-line', { hasText: 'Buy plums.' }).waitFor()
      await page.keyboard.press('ControlOrMeta+End')
      await page.keyboard.type('And lemongrass.\n')
      await editor().getByText('Unsaved').waitFor()
      await page.keyboard.press('ControlOrMeta+s')
      await editor().getByText('Saved', { exact: true }).waitFor()
      await tile('.editor', 'right')
      await show(machine)
      await tile(INSIDE[machine], 'left')
      await run('cat shopping.txt')
      await sees('And lemongrass.')
      await run('echo And a tart pan. >> shopping.txt')
      await editor().locator('.cm-line', { hasText: 'And a tart pan.' }).waitFor()
      await editor().getByText('Saved', { exact: true }).waitFor()
      await picture('03-edited')
    })

    it('takes in a folder that is dropped', async () => {
      const { page, picture } = person
      await show('Files')
      await dropFolder({
        ...{ on: page.getByRole('grid'), folder: 'recipes', files: RECIPES },
        isTaken: () => page.getByText('2 files brought in').waitFor(),
      })
      await row('recipes').waitFor()
      await picture('04-dropped')
      await row('recipes').dblclick()
      await row('cakes').dblclick()
      await row('plum.md').dblclick()
      await page.getByRole('heading', { name: 'Plum cake' }).waitFor()
      await picture('05-preview')
    })

    it('finds a word, and the line that it stands in', async () => {
      const { page, picture } = person
      await show('Files')
      await page.getByRole('button', { name: 'Home', exact: true }).click()
      await page.getByRole('button', { name: 'Search' }).click()
      await page.keyboard.type('lemongrass')
      await page.getByRole('button', { name: 'Contents' }).click()
      await page.getByText('2 matches in your home.').waitFor()
      await picture('06-found')
      await page.getByRole('button', { name: /soups\.txt/ }).click()
      await editor().getByText('201:1', { exact: true }).waitFor()
      await page.keyboard.press('End')
      await editor().getByText('201:20', { exact: true }).waitFor()
      await picture('07-line')
    })

    it.runIf(hasShell)('installs a tool into its home, which every new terminal has', async () => {
      const { page, picture } = person
      await show('Terminal')
      await run(`mkdir -p ~/.local/bin && printf '#!/bin/sh\\necho "plums: $1 kg"\\n' > ~/.local/bin/plums`)
      await run('chmod +x ~/.local/bin/plums')
      await page.getByRole('button', { name: 'New terminal' }).click()
      await expect.poll(() => tabs().count()).toBe(3)
      await sees('$')
      await run('plums 4')
      await sees('plums: 4 kg')
      await picture('08-tool')
    })

    it('has everything where it was after a reload, and what ran goes on', async () => {
      const { page, picture } = person
      const before = await seen()
      await isKept()
      await page.reload()
      await isAwake(page)
      await isAsBefore(before)
      if (hasShell) {
        await show('Terminal')
        await sees('plums: 4 kg')
        await tabs().first().click()
        await sees('line 300')
        await tabs().filter({ hasText: 'sleep' }).waitFor()
        await page.locator('.stage:not([hidden])').click()
        await page.keyboard.press('Control+Shift+F')
        await page.getByLabel('Find in this terminal').fill('line 142')
        await sees('line 142')
      }
      await picture('09-reloaded')
    })

    it('sleeps when it is told to, and says so on its page', async () => {
      const { page, context, picture } = person
      const dashboard = await context.newPage()
      await visit(dashboard, `${stack.hosts.appOrigin}/`)
      await putToSleep(dashboard)
      await dashboard.close()
      await page.locator('#asleep').getByText('Asleep', { exact: true }).waitFor()
      await picture('10-asleep')
    })

    it('wakes by a key, with everything where it was', async () => {
      const { page, picture } = person
      const before = await seen()
      await page.bringToFront()
      await page.keyboard.press('Space')
      await isAwake(page)
      await isAsBefore(before)
      if (hasShell) {
        await show('Terminal')
        await sees('line 300')
        await sees(SLEPT)
        await run('plums 5')
        await sees('plums: 5 kg')
        await tabs().nth(1).click()
        await sees(SLEPT)
      } else {
        await show('Console')
        await run('cat shopping.txt')
        await sees('And a tart pan.')
      }
      await picture('11-woken')
    })

    it('is the same in a browser that loads it anew', async () => {
      const { page } = person
      const before = await seen()
      await isKept()
      await page.evaluate(() => localStorage.clear())
      await page.reload()
      await isAwake(page)
      await isAsBefore(before)
      expect(person.errors.filter((text) => /content security policy/i.test(text))).toEqual([])
    })
  })
}

function isInSight(element: Element): boolean {
  const [own, all] = [element, element.closest('.cm-scroller')].map((one) => one?.getBoundingClientRect())
  return own !== undefined && all !== undefined && own.top >= all.top && own.bottom <= all.bottom
}
