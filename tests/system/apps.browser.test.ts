/** Apps in Chromium on the embedded stack: begun, opened in frames and tabs, played together, and kept from all else. */
import { describeReal } from '@matrixos/testing/describe-real'
import type { Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Computer, HANDLE, openComputer } from '../support/computer.ts'

const GAME = `<!doctype html><title>Game</title><script src="/.app/sdk.js"></script>
<button id="move">Move</button><p id="turn"></p><p id="here"></p>
<script>
mos.room('table').then((room) => {
  room.on('members', (members) => { here.textContent = members.length + ' here' })
  room.on('state', ({ turn = 0 }) => { document.querySelector('#turn').textContent = 'turn ' + turn })
  here.textContent = room.members.length + ' here'
  move.onclick = () => room.set('turn', (room.get('turn') ?? 0) + 1)
})
</script>`
const ASKER = `<!doctype html><title>Asker</title><script src="/.app/sdk.js"></script><p id="answer">asking</p>
<script>
mos.ai.ask('Say hello.').then((text) => { answer.textContent = 'said: ' + text }, (error) => { answer.textContent = 'no: ' + error.message })
</script>`
const HOSTILE = '<!doctype html><title>Hostile</title><p id="ready">ready</p>'

describeReal(['chromium'], 'apps', () => {
  let computer: Computer
  beforeAll(async () => {
    computer = await openComputer('apps')
  })
  afterAll(() => computer?.[Symbol.asyncDispose]())

  const host = (app: string) => computer.stack.url.replace('//', `//${app}--${HANDLE}.`)
  const write = (path: string, content: string) =>
    computer.page.evaluate(
      async ([to, text]) => {
        const address = `/api/files/content?folders=1&path=${encodeURIComponent(to ?? '')}`
        const headers = { 'x-computer-request': '1', 'if-none-match': '*' }
        const { ok } = await fetch(address, { method: 'PUT', headers, body: text ?? '' })
        if (!ok) throw new Error(`${to} was not written`)
      },
      [`apps/${path}`, content],
    )
  const make = async (name: string, title: string, page: string) => {
    await write(`${name}/index.html`, page)
    await write(`${name}/app.json`, JSON.stringify({ name: title, icon: '🎲', description: 'For a test.' }))
  }
  const tile = (title: string) => computer.page.locator('.desk-apps button', { hasText: title })
  const frameOf = async (app: string): Promise<Frame> => {
    const find = () => computer.page.frames().find((frame) => frame.url() === `${host(app)}/`)
    await expect.poll(() => find()?.url(), { timeout: 15_000 }).toBeDefined()
    return find() ?? Promise.reject(new Error('no frame'))
  }
  const closeAll = async () => {
    const { page } = computer
    while ((await page.locator('.window').count()) > 0)
      await page
        .locator('.window > header')
        .getByRole('button', { name: /^Close / })
        .last()
        .click()
  }

  it('says what apps are where there is none, and begins one', async () => {
    const { page, person } = computer
    await computer.openPart('Apps')
    await page.getByRole('heading', { name: 'No apps yet' }).waitFor()
    await person.picture('1-none')
    expect(await computer.violations()).toEqual([])
    await page.getByRole('button', { name: 'New app' }).click()
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByText('Give it a name.').waitFor()
    await page.getByLabel('What is it called?').fill('Waves')
    expect(await computer.violations()).toEqual([])
    await page.getByRole('button', { name: 'Make it' }).click()
    const app = await frameOf('waves')
    await app.getByRole('button', { name: 'Wave' }).click()
    await app.getByText('Waved 1 time so far.').waitFor()
    await person.picture('2-opened')
    await page
      .getByRole('region', { name: 'Waves', exact: true })
      .getByRole('button', { name: 'Reload' })
      .click()
    await (await frameOf('waves')).getByText('Waved 1 time so far.').waitFor()
    await closeAll()
    await tile('Waves').waitFor()
  })

  it('shows an app at once that appears in the folder, and lets two play in its room', async () => {
    const { page, person } = computer
    await make('game', 'Game', GAME)
    await tile('Game').click()
    const framed = await frameOf('game')
    await framed.getByText('1 here').waitFor()
    const opening = person.context.waitForEvent('page')
    await page.getByRole('button', { name: 'Open full screen' }).click()
    const tab: Page = await opening
    await tab.getByText('2 here').waitFor()
    expect(tab.url()).toBe(`${host('game')}/`)
    await tab.getByRole('button', { name: 'Move' }).click()
    await framed.getByText('turn 1').waitFor()
    await framed.getByRole('button', { name: 'Move' }).click()
    await tab.getByText('turn 2').waitFor()
    await tab.close()
    await framed.getByText('1 here').waitFor()
    await closeAll()
  })

  it('asks before an app uses the AI, and keeps the answer', async () => {
    const { page, person } = computer
    await make('asker', 'Asker', ASKER)
    await tile('Asker').click()
    const app = await frameOf('asker')
    await page.getByRole('heading', { name: 'Asker wants to use the AI' }).waitFor()
    await person.picture('3-asks')
    expect(await computer.violations()).toEqual([])
    await page.getByRole('button', { name: 'Allow', exact: true }).click()
    await app.getByText('said: ').waitFor()
    await page.getByRole('button', { name: 'More for Asker' }).click()
    await page.getByRole('menuitem', { name: 'Permissions' }).click()
    await page.getByText('of $0.50 this month').waitFor()
    await person.picture('4-permissions')
    await page.getByRole('button', { name: 'Don’t allow the AI' }).click()
    await page.getByRole('button', { name: 'Reload' }).click()
    await (await frameOf('asker')).getByText('no: You have not allowed').waitFor()
    await closeAll()
  })

  it('keeps a hostile app from everything but itself, framed and in a tab', async () => {
    const { page, person, address } = computer
    await make('hostile', 'Hostile', HOSTILE)
    await tile('Hostile').click()
    const framed = await frameOf('hostile')
    const tab = await person.context.newPage()
    await tab.goto(address('/.mos/app-launch?app=hostile'))
    await tab.waitForURL(`${host('hostile')}/`)
    const attack = async ([computerAt, gameAt, appAt]: string[]) => {
      const outcome = async (url: string, options: RequestInit = {}) =>
        fetch(url, { credentials: 'include', ...options }).then(
          async (answer) => `${answer.status} ${(await answer.text()).slice(0, 60)}`,
          () => 'unreadable',
        )
      const socket = (url: string) =>
        new Promise<string>((resolve) => {
          const opened = new WebSocket(url.replace('http', 'ws'))
          opened.onopen = () => resolve('open')
          opened.onerror = () => resolve('refused')
        })
      const change = { method: 'POST', body: '{"title":"x"}', headers: { 'x-computer-request': '1' } }
      const reach = (look: () => unknown) => {
        try {
          return String(look())
        } catch {
          return 'refused'
        }
      }
      return {
        own: await Promise.all(
          ['/api/me', '/api/files/list?path=', '/api/apps', '/app.json', '/.mos/progress'].map(async (path) =>
            (await outcome(path)).slice(0, 3),
          ),
        ),
        others: await Promise.all([
          outcome(`${computerAt}api/me`),
          outcome(`${computerAt}api/files/content?path=system/soul.md`),
          outcome(`${computerAt}api/apps`, change),
          outcome(`${gameAt}/.app/kv/a`),
          outcome(`${gameAt}/.app/kv/a`, { method: 'PUT', body: '1' }),
          outcome(`${appAt}/trpc/auth.session`),
        ]),
        sockets: await Promise.all(
          [
            `${computerAt}ws/terminal`,
            `${computerAt}ws/files`,
            `${gameAt}/.app/rooms/table`,
            '/ws/files',
          ].map((url) => socket(new URL(url, location.href).href)),
        ),
        parent: reach(() => parent.document.body.innerHTML === '' || parent === window),
        cookies: document.cookie,
      }
    }
    const targets = [address(), host('game'), computer.stack.hosts.appOrigin]
    for (const [place, parent] of [
      [framed, 'refused'],
      [tab, 'true'],
    ] as const) {
      const found = await place.evaluate(attack, targets)
      expect(found.own.map((status) => ['404', '405', '200'].includes(status))).not.toContain(false)
      expect(found.own.slice(0, 4)).toEqual(['404', '404', '404', '404'])
      expect(found.others).toEqual(Array(6).fill('unreadable'))
      expect(found.sockets).toEqual(Array(4).fill('refused'))
      expect(found.parent).toBe(parent)
      expect(found.cookies).toBe('')
    }
    // Nothing of that changed anything, nor does what it says to the page around it.
    const names = () =>
      page.evaluate(async () =>
        (await (await fetch('/api/apps')).json()).apps.map(({ name }: { name: string }) => name),
      )
    expect(await names()).toEqual(['asker', 'game', 'hostile', 'waves'])
    const before = await page.locator('.window').count()
    await framed.evaluate(() => {
      for (const type of ['mos-app-here', 'open', 'close'])
        parent.postMessage({ type, part: 'terminal' }, '*')
    })
    expect(await page.locator('.window').count()).toBe(before)
    await tab.close()
    await closeAll()
  })

  it('lists what is broken with the reason, and takes a deletion back', async () => {
    const { page, person } = computer
    await write('broken/app.json', '{"name": ')
    await computer.openPart('Apps')
    await page.getByText('app.json is not valid JSON').waitFor()
    await person.picture('5-list')
    expect(await computer.violations()).toEqual([])
    await page.getByRole('button', { name: 'More for Game' }).click()
    await person.picture('6-menu')
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByText('Game is in the trash.').waitFor()
    await page.locator('.app-list b', { hasText: 'Game' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.locator('.app-list b', { hasText: 'Game' }).waitFor()
    await closeAll()
    await person.picture('7-desk')
    await page.keyboard.press('Control+k')
    await page.getByPlaceholder('Type a command').fill('Game')
    await page.getByRole('option', { name: 'Game' }).click()
    await frameOf('game')
    expect(await computer.violations()).toEqual([])
  })
})
