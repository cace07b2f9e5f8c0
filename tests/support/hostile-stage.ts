/** An owner in Chromium with two apps: one that is hostile, and one that keeps a secret. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { HOME_FOLDER } from '@matrixos/shared'
import type { Frame, Page } from 'playwright-core'
import { expect } from 'vitest'
import { launchChromium, signUpInBrowser, visit } from './chromium.ts'
import { closeWindows, isAwake } from './computer.ts'
import type { Domains } from './domains.ts'
import { askAll, COMPUTER_REQUEST, type Where } from './hostile-app.ts'
import { bootStack } from './stack.ts'

export const OWNER = 'ada'
export const SECRET = 'what the other app keeps'
const PLATFORM_REQUEST = { 'content-type': 'application/json', 'x-mos': '1' }

export type HostileStage = Awaited<ReturnType<typeof openHostileStage>>

/** The answer to a request that changes something, in the page's own name. */
export const send = (where: Where, url: string, method: string, value: unknown, headers = {}) =>
  askAll(where, [{ url, method, headers, body: JSON.stringify(value) }])

export async function openHostileStage(domains: Domains) {
  await using opened = new AsyncDisposableStack()
  const stack = opened.use(await bootStack({ parts: 'caddy', domains }))
  const chromium = opened.use(await launchChromium())
  const ada = await chromium.newPerson('hostile-app')
  await signUpInBrowser(ada.page, stack.hosts, OWNER)
  await ada.setPresence(false)
  const computer = stack.hosts.instanceOrigin(OWNER)
  const evil = stack.hosts.instanceAppOrigin(OWNER, 'evil')
  const victim = stack.hosts.instanceAppOrigin(OWNER, 'victim')
  const home = join(stack.dataDir, 'instances', OWNER, HOME_FOLDER)

  /** Full screen, after a click in it: what needs a person's own act has had one. */
  async function openFull(app = 'evil'): Promise<Page> {
    const tab = await ada.context.newPage()
    await visit(tab, `${computer}/.mos/app-launch?app=${app}`)
    await tab.locator('body').click()
    return tab
  }

  /** On the platform, as its owner does. */
  async function callPlatform(path: string, input?: unknown): Promise<unknown> {
    const tab = await ada.context.newPage()
    await visit(tab, `${stack.hosts.appOrigin}/`)
    const answer = await tab.evaluate(
      async ({ url, headers, body }) => {
        const said = await fetch(url, { headers, ...(body && { method: 'POST', body }) })
        return (await said.json()).result.data
      },
      {
        url: `/trpc/${path}`,
        headers: PLATFORM_REQUEST,
        body: input === undefined ? '' : JSON.stringify(input),
      },
    )
    await tab.close()
    return answer
  }

  for (const title of ['Evil', 'Victim'])
    expect(await send(ada.page, '/api/apps', 'POST', { title }, COMPUTER_REQUEST)).toEqual(['201'])
  const tab = await openFull('victim')
  expect(await send(tab, '/.app/kv/secret', 'PUT', SECRET)).toEqual(['200'])
  await tab.close()
  const open = opened.move()

  return {
    ...{ stack, chromium, ada, openFull, callPlatform },
    targets: { computer, evil, victim, hosts: stack.hosts },

    /** In the computer's own window of it, after a click there. */
    async openInWindow(): Promise<Frame> {
      const { page } = ada
      await visit(page, `${computer}/`)
      await isAwake(page)
      await closeWindows(page)
      await page.locator('.desk-apps button', { hasText: 'Evil' }).click()
      const element = page.locator('.window iframe[data-ready=true]')
      await element.waitFor()
      const frame = await (await element.elementHandle())?.contentFrame()
      if (!frame) throw new Error('The app is in no frame.')
      await expect.poll(() => frame.url()).toBe(`${evil}/`)
      await frame.locator('body').click()
      return frame
    },

    /** Everything that is out of its reach, in the eyes of those who may see it. */
    async stateOfVictims() {
      const watcher = await ada.context.newPage()
      const ask = (path: string) =>
        watcher.evaluate((url) => fetch(url).then((answer) => answer.json()), path)
      await visit(watcher, `${computer}/`)
      const apps: unknown = await ask('/api/apps')
      await visit(watcher, `${victim}/`)
      const kept: unknown = await ask('/.app/kv/secret')
      await watcher.close()
      const account = await callPlatform('auth.me')
      return { apps, kept, account, files: readdirSync(home).sort() }
    },

    [Symbol.asyncDispose]: () => open.disposeAsync(),
  }
}
