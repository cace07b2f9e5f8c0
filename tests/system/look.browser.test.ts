/** Pages that say one thing come from four programs, and look like one: in Chromium on the embedded stack. */

import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from '../support/axe.ts'
import { launchChromium, type Person, settled } from '../support/chromium.ts'
import { bootStack, type Stack } from '../support/stack.ts'

describeReal(['chromium'], 'pages that say one thing', () => {
  let stack: Stack
  let chromium: Awaited<ReturnType<typeof launchChromium>>
  let person: Person
  beforeAll(async () => {
    stack = await bootStack({ parts: 'embedded' })
    await signUp({ client: stack.client(), authenticator: createAuthenticator(), handle: 'dora' })
    const client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle: 'carla' })
    await waitUntilRunning(client)
    chromium = await launchChromium()
    person = await chromium.newPerson('look')
    const cookies = client.browser.jar.all().map(({ host, name, value, path, httpOnly, secure }) => ({
      ...{ name, value, domain: host, path, httpOnly, secure },
      sameSite: 'Lax' as const,
    }))
    await person.context.addCookies(cookies)
  })
  afterAll(async () => {
    await chromium?.[Symbol.asyncDispose]()
    await stack?.[Symbol.asyncDispose]()
  })

  const at = (host: string, path = '/') => `${stack.url.replace('//', `//${host}.`)}${path}`

  /** What makes such a page look like the others. */
  async function lookOf(url: string, title: string) {
    const { page } = person
    await page.goto(url)
    await page.getByRole('heading', { level: 1, name: title }).waitFor()
    await page.evaluate(settled)
    return page.evaluate(() => {
      const canvas = document.createElement('canvas').getContext('2d')
      /** Colours are the same whatever notation a build chose: `r,g,b,a` in 0–255. */
      const painted = (colour: string) => {
        canvas?.clearRect(0, 0, 1, 1)
        if (canvas) canvas.fillStyle = colour
        canvas?.fillRect(0, 0, 1, 1)
        return canvas?.getImageData(0, 0, 1, 1).data.join()
      }
      const styles = (selector: string, ...names: (keyof CSSStyleDeclaration)[]) => {
        const element = document.querySelector(selector)
        const all = element && getComputedStyle(element)
        return names.map((name) => (/color/i.test(String(name)) ? painted(String(all?.[name])) : all?.[name]))
      }
      const papers = ['body', 'html'].flatMap((each) => styles(each, 'backgroundColor'))
      const shape = ['backgroundColor', 'borderTopLeftRadius', 'height', 'fontWeight'] as const
      return {
        paper: papers.find((colour) => colour !== '0,0,0,0'),
        dotsOfTheMark: document.querySelectorAll('main svg circle').length,
        heading: styles('h1', 'fontSize', 'fontWeight', 'letterSpacing', 'color', 'textAlign'),
        words: styles('h1 ~ *', 'fontSize', 'color', 'textAlign'),
        action: styles('main a', 'fontSize', 'color', ...shape),
      }
    })
  }

  async function isAccessible(name: string) {
    const { page, picture } = person
    await picture(name)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect.soft(await violationsOf(page), `${name}, ${colorScheme}`).toEqual([])
    }
    await page.emulateMedia({ colorScheme: 'light' })
  }

  it('have one look, whoever answers', async () => {
    const { context } = person
    const expected = await lookOf(at('app', '/no/such/page'), 'Page not found')
    const pages = [
      ['unclaimed', at('nobody123'), 'nobody123 is unclaimed'],
      ['unknown', at('admin'), 'Page not found'],
      ['private', at('dora'), 'This is dora’s computer'],
      ['computer-not-found', at('carla', '/no/such/page'), 'Page not found'],
    ] as const
    for (const [name, url, title] of pages) {
      expect.soft(await lookOf(url, title), name).toEqual(expected)
      await isAccessible(name)
    }
    const junk = (_: unknown, i: number) => ({ name: `j${i}`, value: 'x'.repeat(4000), url: at('app') })
    await context.addCookies(Array.from({ length: 150 }, junk))
    expect.soft(await lookOf(at('app'), 'Too many cookies'), 'cookies').toEqual(expected)
    await isAccessible('too-many-cookies')
  })
})
