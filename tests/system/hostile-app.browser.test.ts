/**
 * An app that wants out, in Chromium: framed by its owner's computer, full screen, and opened by a stranger once it is
 * published. What it tries is seen to fail, and what it tried to reach, to be as it was.
 */
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { signUpInBrowser, visit } from '../support/chromium.ts'
import { isAwake, windowsSeen } from '../support/computer.ts'
import { DOMAINS, type Domains } from '../support/domains.ts'
import {
  askAll,
  asSocket,
  COMPUTER_REQUEST,
  connectAll,
  JSON_TYPE,
  triesEverything,
  type Where,
} from '../support/hostile-app.ts'
import { type HostileStage, OWNER, openHostileStage, SECRET, send } from '../support/hostile-stage.ts'

/** A request of that page, there and back: what it did before has begun by then. */
const roundTrip = (page: Where) => page.evaluate(() => fetch('/.app/me').then(({ status }) => status))

interface Place {
  name: string
  domains: Domains
  /** Whether publishing is on without an administrator. */
  publishes: boolean
}

const PLACES: Place[] = [
  { name: 'a site for each computer', domains: DOMAINS.suffix, publishes: true },
  { name: 'one site for all', domains: DOMAINS.one, publishes: false },
]

describeReal(['caddy', 'chromium'], 'a hostile app', () => {
  describe.each(PLACES)('below $name', ({ domains, publishes }) => {
    let stage: HostileStage
    beforeAll(async () => {
      stage = await openHostileStage(domains)
    }, 180_000)
    afterAll(async () => await stage?.[Symbol.asyncDispose]())

    it('works by itself: what it tries is tried', async () => {
      const tab = await stage.openFull()
      expect(await send(tab, '/.app/kv/own', 'PUT', 'mine')).toEqual(['200'])
      const asked = [{ url: '/.app/kv/own' }, { url: '/.app/me' }, { url: '/' }]
      expect(await askAll(tab, asked)).toEqual(['200', '200', '200'])
      const room = asSocket(`${stage.targets.evil}/.app/rooms/lobby`)
      expect(await connectAll(tab, [room])).toEqual(['open'])
      await tab.close()
    })

    it('reads and changes nothing else, framed by its owner’s computer and full screen', async () => {
      const before = await stage.stateOfVictims()
      expect(before).toMatchObject({ kept: { value: SECRET }, account: { handle: OWNER } })
      await triesEverything(await stage.openInWindow(), stage.targets)
      const tab = await stage.openFull()
      await triesEverything(tab, stage.targets)
      await tab.close()
      expect(await stage.stateOfVictims()).toEqual(before)
    })

    it('cannot lead the computer’s page away, look into it, or speak in its name', async () => {
      const { computer, evil } = stage.targets
      const frame = await stage.openInWindow()
      const { page } = stage.ada
      const seen = await windowsSeen(page)
      expect(await frame.evaluate(reachForParent, evil)).toMatchObject({
        ...{ document: 'refused', storage: 'refused', sibling: 'refused', location: 'refused' },
      })
      expect(await roundTrip(frame)).toBe(200)
      expect(page.url()).toBe(`${computer}/`)
      expect(await windowsSeen(page)).toEqual(seen)
    })

    it('cannot frame what it wants clicked, nor keep hold of what it opens', async () => {
      const { computer, victim, hosts } = stage.targets
      const tab = await stage.openFull()
      for (const src of [`${computer}/`, `${victim}/`, `${hosts.appOrigin}/settings/security`]) {
        const answering = tab.waitForResponse((one) => one.url().startsWith(new URL(src).origin))
        const framed = tab.waitForEvent('frameattached')
        await tab.evaluate((address) => {
          document.body.append(Object.assign(document.createElement('iframe'), { src: address }))
        }, src)
        const [answer, frame] = [await answering, await framed]
        // Refused by the gate, or by the browser as the page itself demands.
        if (answer.status() !== 403) await expect.poll(() => frame.url()).toMatch(/^chrome-error:/)
      }
      const popup = tab.waitForEvent('popup')
      await tab.evaluate((address) => Reflect.set(window, 'held', window.open(address)), `${computer}/`)
      const opened = await popup
      await isAwake(opened)
      expect(await opened.evaluate(() => window.opener)).toBeNull()
      expect(await tab.evaluate(() => Reflect.get(window, 'held').closed)).toBe(true)
      await opened.close()
      await tab.close()
    })

    it('puts no cookie where another host would take it for its own', async () => {
      const { page, context } = stage.ada
      const { computer } = stage.targets
      const tab = await stage.openFull()
      await tab.evaluate((domain) => {
        for (const name of ['__Host-mos_session', '__Host-mos_app', '__Host-mos_pass', 'mos_session'])
          Reflect.set(document, 'cookie', `${name}=tossed; Domain=${domain}; Path=/; Secure`)
      }, new URL(computer).hostname.split('.').slice(1).join('.'))
      await tab.close()
      const tossed = (await context.cookies()).filter(({ value }) => value === 'tossed')
      for (const { name } of tossed) expect(name).not.toMatch(/^__Host-/)
      await visit(page, `${computer}/`)
      await isAwake(page)
    })

    it('stops at its limit when it asks the AI without end', async () => {
      const { page } = stage.ada
      const limitUsd = '0.002'
      const allow = { isAllowed: true, limitUsd }
      await visit(page, `${stage.targets.computer}/`)
      expect(await send(page, '/api/apps/evil/ai', 'PUT', allow, COMPUTER_REQUEST)).toEqual(['200'])
      const tab = await stage.openFull()
      const content = '#scripted {"words": 200, "eventDelayMs": 0}\nGo on'
      const body = JSON.stringify({ max_tokens: 200, messages: [{ role: 'user', content }] })
      const call = { url: '/.app/ai/messages', method: 'POST', headers: JSON_TYPE, body }
      // Ten at once, three times: fewer than what is refused as too much at once.
      const outcomes: string[] = []
      for (let round = 0; round < 3; round++)
        outcomes.push(...(await askAll(tab, Array<typeof call>(10).fill(call))))
      expect(outcomes).toContain('200')
      expect(outcomes).toContain('402')
      expect(outcomes.slice(-10)).not.toContain('200')
      const { spentUsd } = await page.evaluate(async () => {
        const { apps } = await (await fetch('/api/apps')).json()
        return apps.find(({ name }: { name: string }) => name === 'evil').ai
      })
      expect(Number(spentUsd)).toBeGreaterThan(0)
      expect(Number(spentUsd)).toBeLessThanOrEqual(Number(limitUsd))
      await tab.close()
    })

    it.runIf(publishes)('gets nothing of a stranger’s, and gives a stranger nothing', async () => {
      const { computer, evil, hosts } = stage.targets
      const mine = z.object({ id: z.string() }).parse(await stage.callPlatform('tenants.mine'))
      const terms = { instanceId: mine.id, app: 'evil', mode: 'public', title: 'Evil' }
      await stage.callPlatform('publishing.publish', terms)
      const before = await stage.stateOfVictims()
      // Somebody with a computer of their own, who is signed in: to the app, a stranger like all others.
      const { page, context, setPresence } = await stage.chromium.newPerson('hostile-app')
      await signUpInBrowser(page, hosts, 'grace')
      await setPresence(false)
      const tab = await context.newPage()
      await visit(tab, `${evil}/`)
      await tab.locator('body').click()
      const forged = {
        ...{ 'x-mos-role': 'owner', 'x-mos-app': 'victim', 'x-mos-user': OWNER, 'x-mos-permissions': 'ai' },
      }
      for (const headers of [{}, forged]) {
        const me = await tab.evaluate(
          async (given) => (await fetch('/.app/me', { headers: given })).json(),
          headers,
        )
        expect(me).toMatchObject({ role: 'visitor', handle: null })
        expect(JSON.stringify(me)).not.toContain('grace')
      }
      const prompt = { max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] }
      expect(await send(tab, '/.app/kv/planted', 'PUT', 'by a stranger')).toEqual(['403'])
      expect(await send(tab, '/.app/files/planted.txt', 'PUT', 'by a stranger')).toEqual(['403'])
      expect(await send(tab, '/.app/ai/messages', 'POST', prompt, JSON_TYPE)).toEqual(['403'])
      await triesEverything(tab, stage.targets)
      await triesEverything(tab, { ...stage.targets, computer: hosts.instanceOrigin('grace') })
      expect((await context.cookies(evil)).map(({ name }) => name)).toEqual([])
      await visit(tab, `${computer}/`)
      await tab.waitForURL(/\/login|\/launch/)
      expect(await stage.stateOfVictims()).toEqual(before)
      await isAwake(page)
    })
  })
})

/** All that a frame may try with the page around it. */
function reachForParent(address: string): Record<string, unknown> {
  const attempt = (act: () => unknown) => {
    try {
      return act() ?? 'no error'
    } catch {
      return 'refused'
    }
  }
  const { parent } = window
  const open = { type: 'open', part: 'terminal' }
  for (const message of [
    open,
    { type: 'open-path', path: 'system/soul.md' },
    { type: 'mos-app-here' },
    'wake',
  ])
    parent.postMessage(message, '*')
  const form = Object.assign(document.createElement('form'), { action: `${address}/form`, target: '_top' })
  document.body.append(form)
  return {
    document: attempt(() => parent.document.title),
    storage: attempt(() => parent.localStorage.length),
    sibling: attempt(() => Reflect.get(parent, 'React')),
    location: attempt(() => Reflect.set(parent.location, 'href', `${address}/away`)),
    top: attempt(() => window.open(`${address}/opened`, '_top')),
    form: attempt(() => form.submit()),
  }
}
