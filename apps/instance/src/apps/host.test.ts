import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { INSTANCE_HEADERS } from '@matrixos/shared'
import { expect, test } from 'vitest'
import { bootWithApps, edgeHeaders } from '../testing/apps.ts'

const PAGE = '<!doctype html><title>Game</title>'
const SCRIPT = 'let score = 0\n'.repeat(500)
const GAME = {
  'index.html': PAGE,
  'game.js': SCRIPT,
  'levels/index.html': 'levels',
  '.env': 'SECRET=1',
  'data/diary.txt': 'dear diary',
}

test('serves the files of an app at its own host, as a web server would', async () => {
  await using at = await bootWithApps({ game: GAME })
  const page = await at.ask('game', '/')
  expect(page.status).toBe(200)
  expect(await page.text()).toBe(PAGE)
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(page.headers.get('origin-agent-cluster')).toBe('?1')
  expect(page.headers.get('content-security-policy')).not.toContain('frame-ancestors')
  const etag = page.headers.get('etag') ?? ''
  expect((await at.ask('game', '/', { headers: { 'if-none-match': etag } })).status).toBe(304)
  const script = await at.ask('game', '/game.js?v=2', { headers: { 'accept-encoding': 'gzip' } })
  expect(script.headers.get('content-encoding')).toBe('gzip')
  expect(await script.text()).toBe(SCRIPT)
  const part = await at.ask('game', '/game.js', {
    headers: { range: 'bytes=4-8', 'accept-encoding': 'identity' },
  })
  expect([part.status, await part.text()]).toEqual([206, 'score'])
  expect(await (await at.ask('game', '/levels/')).text()).toBe('levels')
  expect((await at.ask('game', '/levels')).headers.get('location')).toBe('./levels/')
  expect((await at.ask('game', '/game.js', { method: 'POST', body: 'x' })).status).toBe(405)
})

test('leads to a first page that lies deeper, so that its links do', async () => {
  const manifest = JSON.stringify({ name: 'Deep', entry: 'public/start page.html' })
  await using at = await bootWithApps({ deep: { 'app.json': manifest, 'public/start page.html': PAGE } })
  const location = (await at.ask('deep', '/')).headers.get('location') ?? ''
  expect(location).toBe('/public/start%20page.html')
  expect(await (await at.ask('deep', location)).text()).toBe(PAGE)
})

test.each([
  ['drawn, of an emoji', { icon: '🕒<' }, 200, '>🕒&lt;</text>'],
  ['as a file of the folder', { icon: 'pic ture.svg' }, 200, '<svg id="own"/>'],
  ['as nothing where that file is missing', { icon: 'none.png' }, 204, ''],
  ['as nothing where it has none', {}, 204, ''],
])('gives browsers its icon %s', async (_, icon, status, body) => {
  const manifest = JSON.stringify({ name: 'Clock', ...icon })
  await using at = await bootWithApps({
    clock: { 'app.json': manifest, 'pic ture.svg': '<svg id="own"/>' },
    plain: { 'favicon.ico': 'its own' },
  })
  const answer = await at.ask('clock', '/favicon.ico')
  expect(answer.status).toBe(status)
  expect(await answer.text()).toContain(body)
  expect(await (await at.ask('plain', '/favicon.ico')).text()).toBe('its own')
})

test('knows no app of a folder that leads out of the home', async () => {
  await using at = await bootWithApps({ game: GAME })
  await symlink('/etc', join(at.home, 'apps/outside'))
  expect((await at.ask('outside', '/')).status).toBe(404)
  expect((await at.ask('outside', '/hostname')).status).toBe(404)
  await expect(at.join('outside', 'lobby')).rejects.toThrow('refused with 404')
})

test.each([
  ['its manifest', '/app.json'],
  ['what begins with a dot', '/.env'],
  ['what it keeps', '/data/diary.txt'],
  ['a folder above', '/%2e%2e/%2e%2e/system/soul.md'],
  ['a folder above, encoded whole', '/..%2f..%2fsystem%2fsoul.md'],
  ['where a link leads out to', '/out/soul.md'],
  ['a link to another app', '/other/index.html'],
  ['a link to its own manifest', '/alias'],
  ['what is not there', '/nothing'],
])('does not serve %s', async (_, path) => {
  await using at = await bootWithApps({ game: GAME, other: { 'index.html': 'other' } })
  const folder = join(at.home, 'apps/game')
  await symlink('../../system', join(folder, 'out'))
  await symlink('../other', join(folder, 'other'))
  await symlink('app.json', join(folder, 'alias'))
  // Not by fetch, which would tidy the path up.
  const { request } = await import('node:http')
  const status = await new Promise((resolve, reject) => {
    const asked = request({ port: at.port, host: '127.0.0.1', path, headers: edgeHeaders('game', 'owner') })
    asked.once('response', (answer) => resolve(answer.resume().statusCode)).once('error', reject)
    asked.end()
  })
  expect(status).toBe(404)
})

test('never answers at an app’s host with anything of the computer itself', async () => {
  await using at = await bootWithApps({ game: GAME })
  const paths = [
    '/api/me',
    '/api/apps',
    '/api/files/list?path=',
    '/api/shell',
    '/health',
    '/icon.svg',
    '/sw.js',
  ]
  for (const path of paths) {
    expect((await at.ask('game', path)).status, path).toBe(404)
    for (const app of ['', 'no such app', 'game, other']) {
      const answer = await fetch(at.url(path), {
        headers: { ...edgeHeaders('game', 'owner'), [INSTANCE_HEADERS.app]: app },
      })
      expect(answer.status, `${path} ${app}`).toBe(404)
    }
  }
  for (const path of [
    '/ws/files',
    '/ws/shell',
    '/ws/console',
    '/ws/notes',
    '/ws/terminal',
    '/ws/apps',
    '/.app/ai',
  ]) {
    await expect(
      at.open(path, {
        headers: { ...edgeHeaders('game', 'owner'), origin: 'https://game--alice.example.org' },
      }),
    ).rejects.toThrow('refused with 404')
  }
  const change = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-computer-request': '1' },
    body: '{"title":"x"}',
  }
  expect((await at.ask('game', '/api/apps', change)).status).toBe(405)
})

test('lets strangers into an app, and nowhere else', async () => {
  await using at = await bootWithApps({ game: GAME })
  expect((await at.ask('game', '/', { role: 'visitor' })).status).toBe(200)
  for (const path of ['/', '/api/me', '/api/apps']) {
    const headers = { [INSTANCE_HEADERS.role]: 'visitor' }
    expect((await fetch(at.url(path), { headers })).status, path).toBe(401)
  }
  const { [INSTANCE_HEADERS.role]: _, ...nobody } = edgeHeaders('game', 'owner')
  expect((await fetch(at.url('/'), { headers: nobody })).status).toBe(401)
  const platform = { ...nobody, [INSTANCE_HEADERS.role]: 'platform' }
  expect((await fetch(at.url('/'), { headers: platform })).status).toBe(401)
})

test('says plainly where there is no app, and tells its owner alone why one is broken', async () => {
  await using at = await bootWithApps({ broken: { 'app.json': '{"name": ' } })
  const page = { headers: { accept: 'text/html' } }
  const absent = await at.ask('nothing', '/', page)
  expect([absent.status, await absent.text()]).toEqual([404, expect.stringContaining('There is no app here')])
  const own = await at.ask('broken', '/', page)
  expect([own.status, await own.text()]).toEqual([503, expect.stringContaining('app.json is not valid JSON')])
  const other = await (await at.ask('broken', '/', { ...page, role: 'visitor' })).text()
  expect(other).not.toContain('JSON')
})

test('serves nothing of a folder that a link of the app’s name leads to', async () => {
  await using at = await bootWithApps({})
  await mkdir(join(at.home, 'private'))
  await writeFile(join(at.home, 'private/app.json'), '{"name":"x"}')
  await writeFile(join(at.home, 'private/index.html'), 'private')
  await symlink('../private', join(at.home, 'apps/linked'))
  expect((await at.ask('linked', '/')).status).toBe(404)
})

test('gives apps the script that speaks for them', async () => {
  await using at = await bootWithApps({ game: GAME })
  const script = await at.ask('game', '/.app/sdk.js', { role: 'visitor' })
  expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect(await script.text()).toContain('mos.room')
  expect((await at.ask('game', '/.app/start')).headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect((await at.ask('game', '/.app/../app.json')).status).toBe(404)
})
