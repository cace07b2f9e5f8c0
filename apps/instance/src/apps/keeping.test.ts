import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { INSTANCE_HEADERS } from '@matrixos/shared'
import { expect, test } from 'vitest'
import { bootWithApps } from '../testing/apps.ts'

const OWN = { 'content-type': 'application/json', 'x-computer-request': '1' }
type At = Awaited<ReturnType<typeof bootWithApps>>
const send = (at: At, method: string, path: string, body: object = {}) =>
  fetch(at.url(path), { method, headers: OWN, body: JSON.stringify(body) })
const list = async (at: At, headers: Record<string, string> = {}) =>
  (await (await fetch(at.url('/api/apps'), { headers })).json()).apps

test('lists apps with what they say of themselves, and broken ones with what is wrong', async () => {
  await using at = await bootWithApps({
    game: {
      'app.json': JSON.stringify({ name: 'The Game', icon: 'icon.svg', description: 'Play.' }),
      'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    },
    dice: { 'app.json': '{"name":"Dice","icon":"🎲"}' },
    broken: { 'app.json': '{}' },
    'Not For An Address': {},
  })
  await mkdir(join(at.home, 'apps/empty'))
  const apps = await list(at)
  expect(apps.map(({ name, problem }: Record<string, unknown>) => [name, problem])).toEqual([
    [
      'Not For An Address',
      'Not For An Address: an app’s folder has 3–29 letters, numbers or hyphens, beginning with a letter.',
    ],
    ['broken', 'app.json: name has to be text.'],
    ['dice', null],
    ['empty', expect.stringContaining('There is no app.json in its folder.')],
    ['game', null],
  ])
  expect(apps[4]).toMatchObject({
    ...{ title: 'The Game', description: 'Play.', url: 'https://game--alice.example.org', server: null },
    icon: { kind: 'file', url: expect.stringMatching(/^\/api\/apps\/game\/icon\?/) },
  })
  expect(apps[2].icon).toEqual({ kind: 'text', text: '🎲' })
  const icon = await fetch(at.url(apps[4].icon.url))
  expect(icon.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8')
  expect(icon.headers.get('content-security-policy')).toContain('sandbox')
})

test('shows viewers the apps, and lets them change nothing', async () => {
  await using at = await bootWithApps({ game: {} })
  const viewer = { [INSTANCE_HEADERS.role]: 'viewer', [INSTANCE_HEADERS.user]: 'bob' }
  expect(await list(at, viewer)).toMatchObject([{ name: 'game', ai: null }])
  for (const [method, path] of [
    ['POST', '/api/apps'],
    ['POST', '/api/apps/game/rename'],
    ['DELETE', '/api/apps/game'],
    ['GET', '/api/apps/game/log'],
    ['POST', '/api/apps/game/stop'],
    ['PUT', '/api/apps/game/ai'],
  ] as const) {
    const answer = await fetch(at.url(path), { method, headers: { ...OWN, ...viewer } })
    expect(answer.status, `${method} ${path}`).toBe(403)
  }
  expect((await fetch(at.url('/api/apps/game'), { method: 'DELETE' })).status).toBe(403)
  const path = '/api/files/content?path=system/apps.json'
  await send(at, 'PUT', '/api/apps/game/ai', { isAllowed: true })
  expect((await fetch(at.url(path))).status).toBe(200)
  expect((await fetch(at.url(path), { headers: viewer })).status).toBe(403)
})

test('begins an app that works at once', async () => {
  await using at = await bootWithApps({})
  const made = await send(at, 'POST', '/api/apps', { title: 'My <first> game!' })
  expect([made.status, await made.json()]).toEqual([201, { name: 'my-first-game' }])
  expect(await (await send(at, 'POST', '/api/apps', { title: 'My first game' })).json()).toEqual({
    name: 'my-first-game-2',
  })
  const page = await (await at.ask('my-first-game', '/')).text()
  expect(page).toContain('My &#60;first&#62; game!')
  expect((await at.ask('my-first-game', '/style.css')).headers.get('content-type')).toBe(
    'text/css; charset=utf-8',
  )
  expect((await send(at, 'POST', '/api/apps', { title: ' ' })).status).toBe(400)
})

test('renames an app with all that it kept', async () => {
  await using at = await bootWithApps({ game: {}, other: {} })
  await at.ask('game', '/.app/kv/best', { method: 'PUT', body: '42' })
  await send(at, 'PUT', '/api/apps/game/ai', { isAllowed: true, limitUsd: '3' })
  expect((await send(at, 'POST', '/api/apps/game/rename', { to: 'other' })).status).toBe(409)
  expect((await send(at, 'POST', '/api/apps/game/rename', { to: 'A b' })).status).toBe(400)
  expect((await send(at, 'POST', '/api/apps/nothing/rename', { to: 'abc' })).status).toBe(404)
  expect((await send(at, 'POST', '/api/apps/game/rename', { to: 'chess' })).status).toBe(200)
  expect(await (await at.ask('chess', '/.app/kv/best')).json()).toMatchObject({ value: 42 })
  expect((await at.ask('game', '/')).status).toBe(404)
  const [chess] = await list(at)
  expect(chess).toMatchObject({ name: 'chess', ai: { consent: 'allowed', limitUsd: '3.00' } })
})

test('removes an app with what it kept, and brings both back', async () => {
  await using at = await bootWithApps({ game: { 'index.html': 'hi' } })
  await at.ask('game', '/.app/kv/best', { method: 'PUT', body: '42' })
  const { id } = await (await send(at, 'DELETE', '/api/apps/game')).json()
  expect(await list(at)).toEqual([])
  await at.write('game/app.json', '{"name":"Another"}')
  expect(await (await at.ask('game', '/.app/kv/best')).json()).toMatchObject({ value: null })
  await rm(join(at.home, 'apps/game'), { recursive: true })
  expect((await send(at, 'POST', '/api/files/restore', { id })).status).toBe(200)
  expect(await (await at.ask('game', '/')).text()).toBe('hi')
  expect(await (await at.ask('game', '/.app/kv/best')).json()).toMatchObject({ value: 42 })
  expect((await send(at, 'DELETE', '/api/apps/..%2Fsystem')).status).toBe(404)
  expect((await stat(join(at.home, 'system'))).isDirectory()).toBe(true)
  expect(await readFile(join(at.home, 'apps/game/app.json'), 'utf8')).toContain('game')
})

test('tells pages when the folder changes, a manifest does, or there is a folder at last', async () => {
  await using at = await bootWithApps({})
  await rm(join(at.home, 'apps'), { recursive: true })
  const page = await at.open('/ws/apps')
  expect(await page.next()).toEqual({ type: 'changed' })
  await at.write('game/app.json', '{"name":"Game"}')
  expect(await page.next()).toEqual({ type: 'changed' })
  await expect.poll(async () => (await list(at))[0]?.title).toBe('Game')
  await at.write('game/app.json', '{"name":"Chess"}')
  expect(await page.next()).toEqual({ type: 'changed' })
  page.send({ type: 'ping' })
  await expect.poll(async () => (await page.next()).type).toBe('pong')
})

test('tells pages of a manifest that is written when the app’s other files are there already', async () => {
  await using at = await bootWithApps({})
  const page = await at.open('/ws/apps')
  expect(await page.next()).toEqual({ type: 'changed' })
  await at.write('game/index.html', 'hi')
  expect(await page.next()).toEqual({ type: 'changed' })
  expect((await list(at))[0]?.problem).toContain('no app.json')
  await at.write('game/app.json', '{"name":"Game"}')
  expect(await page.next()).toEqual({ type: 'changed' })
  expect((await list(at))[0]).toMatchObject({ title: 'Game', problem: null })
})

test('removes what a kill left of an app before the first is opened, and nothing that others are writing', async () => {
  await using at = await bootWithApps({ game: { 'index.html': 'hi' } })
  const staging = join(at.home, '.uploads')
  await mkdir(join(staging, 'app-old/deep'), { recursive: true })
  await writeFile(join(staging, 'save-new'), '')
  expect((await at.ask('game', '/')).status).toBe(200)
  expect(await readdir(staging)).toEqual(['save-new'])
})
