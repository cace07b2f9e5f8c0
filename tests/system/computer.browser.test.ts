/** What people see at their computer's address while it is awake, in Chromium, on a desktop and a phone. */
import { describeReal } from '@matrixos/testing/describe-real'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { DEVICES } from '../support/chromium.ts'
import { type Computer, HANDLE, openComputer } from '../support/computer.ts'

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox()
  if (!box) throw new Error('Not to be seen.')
  return { left: box.x, right: box.x + box.width, height: box.height }
}

describeReal(['chromium'], 'the computer', () => {
  let computer: Computer
  beforeAll(async () => {
    computer = await openComputer('computer')
  })
  afterAll(async () => await computer?.[Symbol.asyncDispose]())

  it('sends its page, script and styles compressed', async () => {
    const { page, address, isAwake } = computer
    const types = ['document', 'script', 'stylesheet']
    const encodings = new Map<string, string | undefined>()
    page.on('response', async (response) => {
      const type = response.request().resourceType()
      if (types.includes(type)) encodings.set(type, (await response.allHeaders())['content-encoding'])
    })
    // What the cache holds would be answered by 304.
    await page.goto(address('/?first'))
    await isAwake()
    await expect
      .poll(() => Object.fromEntries(encodings))
      .toEqual({
        document: 'gzip',
        script: 'br',
        stylesheet: 'br',
      })
  })

  it('greets whoever comes for the first time, and says what there is', async () => {
    const { person, page, violations } = computer
    await page.getByRole('heading', { level: 1, name: `Welcome, ${HANDLE}` }).waitFor()
    await page.getByText('This computer is yours.').waitFor()
    for (const part of ['Console', 'Files', 'Note pad', 'Soul', 'Settings']) {
      expect(await page.getByRole('button', { name: `Open ${part}` }).isVisible()).toBe(true)
    }
    await person.picture('1-home')
    expect(await violations()).toEqual([])
  })

  it('is accessible and whole with each part open, on a desktop and a phone', async () => {
    const { person, page, openPart, violations } = computer
    for (const part of ['Soul', 'Settings', 'Note pad', 'Console']) {
      await openPart(part)
      await person.picture(`1-${part.toLowerCase().replace(' ', '-')}`)
      expect(await violations()).toEqual([])
    }
    expect(await page.getByText('This computer is yours.').isVisible()).toBe(false)
  })

  it('fits its header on a phone', async () => {
    const { page, word, isAwake } = computer
    await page.setViewportSize(DEVICES.phone)
    for (const text of ['Awake', 'Reconnecting']) {
      await word.evaluate((element, words) => element.replaceChildren(words), text)
      const parts = await Promise.all(
        ['.glyph-icon', '.name', '#state', '.dashboard'].map((each) => boxOf(page.locator(`.bar > ${each}`))),
      )
      for (const [index, part] of parts.entries()) {
        expect(part.left).toBeGreaterThanOrEqual(parts[index - 1]?.right ?? 0)
        expect(part.right).toBeLessThanOrEqual(DEVICES.phone.width)
        // One line each.
        expect(part.height).toBeLessThan(46)
      }
      expect((parts[1]?.right ?? 0) - (parts[1]?.left ?? 0)).toBeGreaterThan(60)
    }
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    await page.setViewportSize(DEVICES.desktop)
    await page.reload()
    await isAwake()
  })

  it('offers thumbs what keys do elsewhere', async () => {
    const { person, page, input } = computer
    await input.waitFor()
    expect(await page.getByRole('button', { name: 'Complete the name' }).isVisible()).toBe(false)
    expect(await page.locator('#console-hint').isVisible()).toBe(true)
    const session = await person.context.newCDPSession(page)
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: true })
    await page.setViewportSize(DEVICES.phone)
    await page.getByRole('button', { name: 'Tab: complete the name' }).waitFor()
    expect(await page.locator('#console-hint').isVisible()).toBe(false)
    await person.picture('1-awake-touch')
    await session.send('Emulation.setTouchEmulationEnabled', { enabled: false })
    await session.detach()
  })

  it('completes with Tab, and lets Tab leave when there is nothing to complete', async () => {
    const { page, input, focused } = computer
    await input.fill('ec')
    await input.press('Tab')
    await expect.poll(() => input.inputValue()).toBe('echo ')
    expect(await focused()).toBe('console-input')
    await input.fill('cat nothing-of-this-name')
    await expect
      .poll(async () => {
        await page.keyboard.press('Tab')
        return focused()
      })
      .not.toBe('console-input')
    await input.fill('ec')
    await input.press('Escape')
    await page.keyboard.press('Tab')
    expect(await focused()).not.toBe('console-input')
    expect(await input.inputValue()).toBe('ec')
    await input.focus()
    await page.keyboard.press('Shift+Tab')
    expect(await focused()).not.toBe('console-input')
  })

  it('clears the line with Ctrl+C, and copies where something is selected', async () => {
    const { page, input } = computer
    await input.fill('rm everything')
    await input.selectText()
    await input.press('Control+c')
    expect(await input.inputValue()).toBe('rm everything')
    await input.press('End')
    await input.press('Control+c')
    expect(await input.inputValue()).toBe('')
    await page.locator('#console-log', { hasText: 'rm everything^C' }).waitFor()
  })

  it('breaks no content security policy on the way', () => {
    const { person } = computer
    expect(person.errors.filter((text) => /content security policy/i.test(text))).toEqual([])
  })
})
