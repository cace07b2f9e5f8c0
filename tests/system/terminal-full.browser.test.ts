/** The terminal of a computer made of the full image, on Docker and Caddy: programs, as people use them. */
import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildInstanceImage } from '../../apps/supervisor/src/instance-image/build.ts'
import { DEVICES, type Person } from '../support/chromium.ts'
import {
  glass,
  holdPhone,
  openAnother,
  openTerminal,
  openTerminals,
  run,
  sees,
  type Terminals,
  tabs,
} from '../support/terminal.ts'
import { engine } from '../support/test-engine.ts'

const HANDLE = 'grace'
const IMAGE = 'mosi-test:full-page'
/** What installs and builds may take on a busy machine. */
const LONG_MS = 120_000

describeReal(['docker', 'caddy', 'postgres', 'debian', 'chromium'], 'the terminal of the full image', () => {
  let terminals: Terminals
  let page: Page
  let person: Person
  beforeAll(async () => {
    await buildInstanceImage({ kind: 'full', tag: IMAGE })
    const env = { INSTANCE_IMAGE: IMAGE }
    terminals = await openTerminals({ parts: 'real', env, handle: HANDLE, folder: 'terminal-full' })
    person = terminals.person
    page = terminals.page
  })
  afterAll(async () => {
    await terminals?.[Symbol.asyncDispose]()
    await engine().getImage(IMAGE).remove({ force: true })
  })

  const type = (text: string) => page.keyboard.type(text)
  const press = (key: string) => page.keyboard.press(key)
  /** Runs several lines at a prompt, and waits until the last one has ended well. */
  const runAll = async (...lines: string[]) => {
    await run(page, `${lines.join(' && ')} && echo "<$((6 * 7))>"`)
    await sees(page, '<42>', LONG_MS)
    await run(page, 'clear')
    await glass(page).filter({ hasText: '<42>' }).waitFor({ state: 'hidden' })
  }
  it('edits a file with vim, in colour, at any size, over a reload', async () => {
    await run(page, 'vim poem.py')
    await sees(page, '"poem.py" [New]')
    await type('iprint("roses")  # red')
    await sees(page, '-- INSERT --')
    await person.picture('1-vim')
    const colours = await glass(page)
      .locator('span', { hasText: /roses|red|print/ })
      .evaluateAll((spans) => spans.map((span) => getComputedStyle(span).color))
    expect(new Set(colours).size).toBeGreaterThan(1)
    await page.reload()
    await openTerminal(page)
    await sees(page, /roses.*-- INSERT --/s)
    await press('Enter')
    await type('print("violets")')
    await press('Escape')
    const columns = async () => {
      await type(':set columns?\n')
      return Number(/columns=(\d+)/.exec((await glass(page).textContent()) ?? '')?.[1])
    }
    await expect.poll(columns).toBeGreaterThan(95)
    await page.setViewportSize({ width: 700, height: 600 })
    await expect.poll(columns).toBeLessThan(95)
    // A size that comes later would wipe out what vim says next.
    await page.setViewportSize(DEVICES.desktop)
    await expect.poll(columns).toBeGreaterThan(95)
    await type(':w\n')
    await sees(page, 'written')
    await type(':q\n')
    await sees(page, /grace:.*\$\s*$/)
    await run(page, 'python3 poem.py')
    await sees(page, /roses\s*violets/)
  })

  it('keeps top running while the browser is away, beside other terminals', async () => {
    await run(page, 'top')
    await sees(page, /load average.*PID USER.*COMMAND/s)
    await tabs(page).filter({ hasText: 'top' }).waitFor()
    await person.picture('2-top')
    await openAnother(page)
    await sees(page, /grace:.*\$/)
    await run(page, 'pgrep -c top; pgrep top > first')
    await sees(page, /^.*\$ pgrep.*1/s)
    await page.goto('about:blank')
    await page.goBack()
    await openTerminal(page)
    await run(page, 'clear; pgrep top > now; cmp first now && echo "<$((6 * 7))>"')
    await sees(page, '<42>')
    await tabs(page).filter({ hasText: 'top' }).click()
    await sees(page, /load average.*PID USER.*COMMAND/s)
    await type('q')
    await sees(page, /grace:.*\$\s*$/)
  })

  it('clones a local repository with git', async () => {
    await runAll(
      'git init -q one',
      'echo hello > one/file',
      'git -C one add file',
      'git -C one -c user.name=a -c user.email=a@b.example commit -qm "A first commit"',
    )
    await run(page, 'git clone one two && git -C two log')
    await sees(page, /done\..*A first commit/s)
    await person.picture('3-git')
    await run(page, 'clear; cat two/file')
    await sees(page, /^.*hello/s)
  })

  it('talks with python, and installs a package of one’s own', async () => {
    await run(page, 'clear; python3')
    await sees(page, '>>>')
    await run(page, 'print("answer", 6 * 7)')
    await sees(page, 'answer 42')
    await run(page, 'exit()')
    await runAll(
      'mkdir -p greet/greet',
      'echo "def main(): print(\'hello from a package\')" > greet/greet/__init__.py',
      `echo "from setuptools import setup; setup(name='greet', version='1', packages=['greet'], entry_points={'console_scripts': ['greet=greet:main']})" > greet/setup.py`,
      'pip install --user --no-index --no-build-isolation ./greet',
    )
    await run(page, 'greet; command -v greet')
    await sees(page, /hello from a package.*\.local\/bin\/greet/s)
    await person.picture('4-python')
  })

  it('starts a package with npm, and installs its folder for everywhere', async () => {
    await run(page, 'clear; mkdir tool; cd tool; npm init')
    await sees(page, 'package name: (tool)', LONG_MS)
    for (const asked of ['version:', 'description:', 'entry point:', 'test command:']) {
      await press('Enter')
      await sees(page, asked)
    }
    // However many questions there are, the last one is whether they were answered well.
    await expect
      .poll(async () => {
        await press('Enter')
        return glass(page).textContent()
      })
      .toMatch(/Is this OK\?/)
    await press('Enter')
    await sees(page, /\(yes\).*grace:.*\$\s*$/s)
    await person.picture('5-npm')
    await runAll(
      'npm pkg set bin.mine=cli.js',
      `printf '#!/usr/bin/env node\\nconsole.log("hello from npm")\\n' > cli.js`,
      'chmod +x cli.js',
      'npm install --global .',
    )
    await run(page, 'cd; mine; command -v mine')
    await sees(page, /hello from npm.*\.npm-global\/bin\/mine/s)
  })

  it('has on a phone the keys that vim needs', async () => {
    const letGo = await holdPhone(page, DEVICES.phone)
    const tap = (name: string) => page.getByRole('button', { name, exact: true }).click()
    await run(page, 'clear; vim poem.py')
    await sees(page, 'violets')
    // It opens where it was left.
    await type('ggOline')
    await tap('-')
    await type('one')
    await sees(page, /line-one.*-- INSERT --/s)
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.screenshot({ path: `test-results/terminal-full/6-vim-touch-${scheme}.png` })
    }
    await page.emulateMedia({ colorScheme: 'light' })
    await tap('Esc')
    await glass(page).filter({ hasText: '-- INSERT --' }).waitFor({ state: 'hidden' })
    await tap('Down')
    await type('dd:wq\n')
    await run(page, 'clear; cat poem.py; rm poem.py')
    await sees(page, /line-one\s*print\("violets"\)/)
    await letGo()
  })

  it('breaks no content security policy on the way', () => {
    expect(person.errors.filter((text) => /content security policy/i.test(text))).toEqual([])
  })
})
