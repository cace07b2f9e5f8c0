import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bootWithApps } from '../../testing/apps.ts'

const MANIFEST = (visitors: object) => ({ 'app.json': JSON.stringify({ name: 'Game', visitors }) })
const put = (body: unknown, more: object = {}) => ({ method: 'PUT', body: JSON.stringify(body), ...more })

test('keeps values of an app, and of no other', async () => {
  await using at = await bootWithApps({ game: {}, other: {} })
  expect(await (await at.ask('game', '/.app/kv/best')).json()).toEqual({ value: null, version: 0 })
  expect(await (await at.ask('game', '/.app/kv/best', put({ score: 42 }))).json()).toEqual({ version: 1 })
  expect(await (await at.ask('game', '/.app/kv/best')).json()).toEqual({ value: { score: 42 }, version: 1 })
  expect(await (await at.ask('game', '/.app/kv?prefix=b')).json()).toEqual({ keys: ['best'] })
  expect(await (await at.ask('other', '/.app/kv/best')).json()).toEqual({ value: null, version: 0 })
  expect((await at.ask('game', '/.app/kv/best', { method: 'DELETE' })).status).toBe(204)
  expect(await (await at.ask('game', '/.app/kv/best')).json()).toEqual({ value: null, version: 0 })
})

test('keeps values over a restart, where neither apps nor viewers look', async () => {
  await using at = await bootWithApps({ game: {} })
  await at.ask('game', '/.app/kv/__proto__', put('kept'))
  const file = join(at.home, '.local/state/matrixos/apps/game/kv.json')
  expect(JSON.parse(await readFile(file, 'utf8')).values).toMatchObject([{ key: '__proto__', value: 'kept' }])
  await at.stop()
  await using again = await bootWithApps({}, { home: at.home })
  expect(await (await again.ask('game', '/.app/kv/__proto__')).json()).toMatchObject({ value: 'kept' })
})

test('replaces only what was seen, where a version is named', async () => {
  await using at = await bootWithApps({ game: {} })
  const first = { headers: { 'if-match': '"0"' } }
  expect((await at.ask('game', '/.app/kv/turn', put('x', first))).status).toBe(200)
  expect((await at.ask('game', '/.app/kv/turn', put('o', first))).status).toBe(412)
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      at.ask('game', '/.app/kv/turn', put(n, { headers: { 'if-match': '"1"' } })),
    ),
  )
  expect(all.filter(({ status }) => status === 200)).toHaveLength(1)
})

test('lets others do with values what the manifest says', async () => {
  await using at = await bootWithApps({
    usual: {},
    open: MANIFEST({ kv: 'write' }),
    closed: MANIFEST({ kv: 'none' }),
  })
  const statuses = async (app: string, role: 'viewer' | 'visitor') => [
    (await at.ask(app, '/.app/kv/a', { role })).status,
    (await at.ask(app, '/.app/kv/a', put(1, { role }))).status,
    (await at.ask(app, '/.app/kv/a', { role, method: 'DELETE' })).status,
  ]
  for (const role of ['viewer', 'visitor'] as const) {
    expect(await statuses('usual', role)).toEqual([200, 403, 403])
    expect(await statuses('open', role)).toEqual([200, 200, 204])
    expect(await statuses('closed', role)).toEqual([403, 403, 403])
  }
})

test('bounds what an app keeps, and how fast strangers change it', async () => {
  await using at = await bootWithApps({ game: MANIFEST({ kv: 'write' }) })
  expect((await at.ask('game', '/.app/kv/a', put('x'.repeat(70_000)))).status).toBe(413)
  const large = 'x'.repeat(60_000)
  const statuses = []
  for (let n = 0; n < 20; n++) statuses.push((await at.ask('game', `/.app/kv/${n}`, put(large))).status)
  expect(statuses.slice(0, 15)).toEqual(Array(15).fill(200))
  expect(statuses.at(-1)).toBe(507)
  expect(await (await at.ask('game', '/.app/kv')).json()).toMatchObject({ keys: { length: 17 } })
  const many = await Promise.all(
    Array.from({ length: 120 }, () => at.ask('game', '/.app/kv/0', put(1, { role: 'visitor' }))),
  )
  expect(many.filter(({ status }) => status === 429).length).toBeGreaterThan(30)
})

test('takes changes from the app’s own pages alone', async () => {
  await using at = await bootWithApps({ game: {} })
  const from = (origin: string) => put(1, { headers: { origin } })
  for (const origin of ['https://other--alice.example.org', 'https://alice.example.org', 'null']) {
    expect((await at.ask('game', '/.app/kv/a', from(origin))).status, origin).toBe(403)
  }
})

test('keeps files in the app’s folder for data', async () => {
  await using at = await bootWithApps({ game: {}, open: MANIFEST({ files: 'read' }) })
  const text = { method: 'PUT', body: '<script>1</script>' }
  expect(await (await at.ask('game', '/.app/files/')).json()).toEqual({ entries: [] })
  expect((await at.ask('game', '/.app/files/notes/one.html', text)).status).toBe(204)
  expect(await readFile(join(at.home, 'apps/game/data/notes/one.html'), 'utf8')).toBe(text.body)
  const read = await at.ask('game', '/.app/files/notes/one.html')
  expect(await read.text()).toBe(text.body)
  expect(read.headers.get('content-security-policy')).toContain('sandbox')
  expect(await (await at.ask('game', '/.app/files/notes/')).json()).toMatchObject({
    entries: [{ name: 'one.html', kind: 'file', size: 18 }],
  })
  expect((await at.ask('game', '/.app/files/notes/one.html', { role: 'visitor' })).status).toBe(403)
  expect((await at.ask('game', '/.app/files/x', { ...text, role: 'viewer' })).status).toBe(403)
  await at.ask('open', '/.app/files/a', text)
  expect((await at.ask('open', '/.app/files/a', { role: 'visitor' })).status).toBe(200)
  expect((await at.ask('game', '/.app/files/notes/one.html', { method: 'DELETE' })).status).toBe(204)
  expect((await at.ask('game', '/.app/files/notes/one.html')).status).toBe(404)
})

test.each([
  ['above', '..%2F..%2Fsystem%2Fsoul.md'],
  ['hidden', '.hidden'],
  ['where a link leads', 'link%2Fsoul.md'],
])('keeps no file %s', async (_, path) => {
  await using at = await bootWithApps({ game: {} })
  await mkdir(join(at.home, 'apps/game/data'))
  await symlink('../../../system', join(at.home, 'apps/game/data/link'))
  const before = await readFile(join(at.home, 'system/soul.md'), 'utf8')
  for (const method of ['PUT', 'DELETE', 'GET']) {
    const body = method === 'PUT' ? { body: 'x' } : {}
    expect((await at.ask('game', `/.app/files/${path}`, { method, ...body })).status).toBeGreaterThanOrEqual(
      400,
    )
  }
  expect(await readFile(join(at.home, 'system/soul.md'), 'utf8')).toBe(before)
})

test('says who is there, and no more of strangers than that they are', async () => {
  await using at = await bootWithApps({ game: {} })
  const me = async (role: 'owner' | 'viewer' | 'visitor', as = '') =>
    (await at.ask('game', `/.app/me?as=${encodeURIComponent(as)}`, { role })).json()
  expect(await me('owner')).toMatchObject({ role: 'owner', handle: 'alice' })
  expect(await me('viewer')).toMatchObject({ role: 'viewer', handle: 'bob' })
  const one = await me('visitor')
  expect(one).toMatchObject({ role: 'visitor', handle: null })
  expect(await me('visitor', one.as)).toEqual(one)
  const { id } = await me('visitor', `${one.id}.forged`)
  expect(id).not.toBe(one.id)
})

test('keeps no value so deep that it could not be read again', async () => {
  await using at = await bootWithApps({ game: { 'app.json': '{"name":"Game","visitors":{"kv":"write"}}' } })
  const put = (levels: number) =>
    at.ask('game', '/.app/kv/deep', {
      ...{ method: 'PUT', role: 'visitor' },
      body: `${'['.repeat(levels)}${']'.repeat(levels)}`,
    })
  expect((await put(50)).status).toBe(200)
  for (const levels of [1_000, 30_000]) expect((await put(levels)).status).toBe(400)
  expect((await at.ask('game', '/.app/kv/deep')).status).toBe(200)
})
