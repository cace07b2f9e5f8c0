/** The terminal of a computer in a container, on Docker and Caddy: the glass itself, and what the container's limits do. */
import { describeReal } from '@matrixos/testing/describe-real'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildInstanceImage } from '../../apps/supervisor/src/instance-image/build.ts'
import type { Person } from '../support/chromium.ts'
import {
  field,
  glass,
  openAnother,
  openTerminals,
  placeOf,
  run,
  says,
  sees,
  type Terminals,
  tabs,
} from '../support/terminal.ts'
import { engine } from '../support/test-engine.ts'

const HANDLE = 'grace'
const IMAGE = 'mosi-test:limits'
const MB = 1024 * 1024
/** What prints or waits for long may take on a busy machine. */
const LONG_MS = 120_000

describeReal(['docker', 'caddy', 'postgres', 'chromium'], 'the terminal of a container', () => {
  let terminals: Terminals
  let page: Page
  let person: Person
  beforeAll(async () => {
    await buildInstanceImage({ tag: IMAGE })
    const env = { INSTANCE_IMAGE: IMAGE }
    terminals = await openTerminals({ parts: 'real', env, handle: HANDLE, folder: 'terminal-limits' })
    person = terminals.person
    page = terminals.page
  })
  afterAll(async () => {
    await terminals?.[Symbol.asyncDispose]()
    await engine().getImage(IMAGE).remove({ force: true })
  })

  const press = (key: string) => page.keyboard.press(key)

  it('opens links, and copies and pastes', async () => {
    const url = `${terminals.stack.url}/`
    await run(page, `clear; echo "look at" ${url} "and copythis"`)
    await sees(page, /and copythis.*\$\s*$/s)
    const link = await placeOf(page, url)
    await page.mouse.move(link.x, link.y)
    const [other] = await Promise.all([page.context().waitForEvent('page'), page.mouse.click(link.x, link.y)])
    expect(other.url()).toBe(url)
    await other.close()

    const word = await placeOf(page, 'copythis')
    await page.mouse.dblclick(word.x, word.y)
    await press('Control+Shift+C')
    await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toBe('copythis')

    await page.evaluate(() => navigator.clipboard.writeText('echo "<$((1 + 1))>"\necho "<$((2 + 2))>"\n'))
    await run(page, 'clear')
    await press('Control+Shift+V')
    // The shell takes lines in brackets: they wait for Enter, and nothing has to be asked.
    await sees(page, '<$((2 + 2))>')
    expect(await glass(page).textContent()).not.toContain('<2>')
    await press('Enter')
    await sees(page, /<2>\s*<4>/)

    await run(page, `clear; printf '\\033]52;c;%s\\a' "$(printf 'from a program' | base64)"`)
    await says(page, 'The program put 14 characters on your clipboard.')
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('from a program')
  })

  it('stays at hand under a flood of output, in bounded memory', async () => {
    const session = await person.context.newCDPSession(page)
    const heap = async () => {
      await session.send('HeapProfiler.collectGarbage')
      return (await session.send('Runtime.getHeapUsage')).usedSize
    }
    const [heapBefore, memoryBefore] = [await heap(), await memoryOf()]
    const flood = 'yes "0123456789 the quick brown fox jumps over it"'
    await run(page, `clear; ${flood} | head -c 20000000; echo "<$((40 + 2))>"`)
    await sees(page, '<42>', LONG_MS)
    expect((await heap()) - heapBefore).toBeLessThan(60 * MB)
    expect((await memoryOf()) - memoryBefore).toBeLessThan(100 * MB)
    await session.detach()

    // And one that never ends: the page answers its person, and so does the program.
    await run(page, `clear; ${flood}`)
    await sees(page, 'brown fox')
    await page.getByRole('button', { name: 'More', exact: true }).click()
    await page.getByRole('button', { name: 'Find', exact: true }).waitFor()
    await press('Escape')
    await field(page).focus()
    await press('Control+C')
    await run(page, 'clear; echo "<still $((1 + 1)) here>"')
    await sees(page, '<still 2 here>')
  })

  async function memoryOf(): Promise<number> {
    const { memory_stats } = await engine()
      .getContainer(`${terminals.stack.name}-${HANDLE}`)
      .stats({ stream: false })
    const { usage, stats } = memory_stats
    return usage - (stats.total_inactive_file ?? stats.inactive_file ?? 0)
  }

  it('says in plain words when memory ran out, and only the program that took it has ended', async () => {
    const { stack } = terminals
    const before = await stack.runOf(HANDLE)
    await run(page, 'top')
    await openAnother(page)
    await sees(page, /grace:.*\$/)
    await run(page, 'clear; tail /dev/zero')
    await sees(page, 'Killed')
    await says(page, /^I ran out of memory and had to end a program: I have 512 MB for all of them\./)
    await person.picture('1-out-of-memory')
    await page.locator('.terminal .status').getByRole('button', { name: 'OK' }).click()
    await run(page, 'clear; echo "<still $((1 + 1)) here>"')
    await sees(page, '<still 2 here>')
    await tabs(page).filter({ hasText: 'top' }).waitFor()
    expect(await stack.runOf(HANDLE)).toBe(before)
  })

  it('says in plain words when no more programs can be started, and lives on', async () => {
    const { stack } = terminals
    const before = await stack.runOf(HANDLE)
    await run(page, 'clear; for ((i = 1; i <= 300; i++)); do sleep 1000 & done')
    await sees(page, 'Resource temporarily unavailable')
    await says(page, /I could not start a program: I can run 256 at once/)
    await person.picture('2-no-more-programs')
    await page.getByRole('button', { name: 'New terminal' }).click()
    await says(page, /I could not start a shell: as many programs run as I can run at once\./)
    await person.picture('3-no-shell')
    const list = await page.evaluate(async () => (await fetch('/api/files/list?path=')).status)
    expect(list).toBe(200)
    expect(await stack.runOf(HANDLE)).toBe(before)
  })

  it('breaks no content security policy on the way', () => {
    expect(person.errors.filter((text) => /content security policy/i.test(text))).toEqual([])
  })
})
