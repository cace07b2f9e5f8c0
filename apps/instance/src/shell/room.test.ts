import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inflateSync } from 'node:zlib'
import { INSTANCE_HEADERS } from '@matrixos/shared'
import { expect, test } from 'vitest'
import { REQUEST_HEADER } from '../protocol.ts'
import { bootInstance } from '../testing/instance.ts'
import { NEW_SHELL } from './look.ts'

const OWN = { 'content-type': 'application/json', [REQUEST_HEADER]: '1' }
const VIEWER = { [INSTANCE_HEADERS.role]: 'viewer', [INSTANCE_HEADERS.user]: 'bob' }

type Instance = Awaited<ReturnType<typeof bootInstance>>
const put = (instance: Instance, body: unknown, headers: Record<string, string> = OWN) =>
  fetch(instance.url('/api/shell'), { method: 'PUT', headers, body: JSON.stringify(body) })
const shell = async (instance: Instance) => (await fetch(instance.url('/api/shell'))).json()

test('keeps the look in the home', async () => {
  await using instance = await bootInstance()
  expect(await shell(instance)).toEqual(NEW_SHELL)
  const look = { theme: 'dark', hue: 300, wallpaper: 'dots' }
  expect((await put(instance, { look })).status).toBe(200)
  expect(await shell(instance)).toEqual({ ...NEW_SHELL, look })
  expect(JSON.parse(await readFile(join(instance.home, 'system/shell.json'), 'utf8'))).toMatchObject({ look })
})

test('tells the look to every page of its owner, at first and whenever it changes, and to no viewer', async () => {
  await using instance = await bootInstance()
  const look = { theme: 'dark', hue: 300, wallpaper: 'dots' }
  const viewer = await instance.open('/ws/shell', { headers: VIEWER })
  const pages = [await instance.open('/ws/shell'), await instance.open('/ws/shell')]
  for (const page of pages) {
    expect(await page.next()).toMatchObject({ type: 'hello' })
    expect(await page.next()).toEqual({ type: 'look', look: NEW_SHELL.look })
  }
  expect((await put(instance, { hasStarted: true })).status).toBe(200)
  expect((await put(instance, { look })).status).toBe(200)
  for (const page of pages) expect(await page.next()).toEqual({ type: 'look', look })
  viewer.send({ type: 'ping' })
  expect([await viewer.next(), await viewer.next()]).toMatchObject([{ type: 'hello' }, { type: 'pong' }])
})

test('begins anew with a damaged file, and says nothing of it', async () => {
  await using instance = await bootInstance()
  await instance.booted
  await writeFile(join(instance.home, 'system/shell.json'), 'half of it')
  expect(await shell(instance)).toEqual(NEW_SHELL)
})

test.each([
  ['what is no state', { look: { theme: 'pink' } }],
  ['more than anybody has windows', { windows: Array.from({ length: 41 }, () => ({})) }],
  ['what is no object', [1]],
])('refuses %s', async (_, body) => {
  await using instance = await bootInstance()
  expect((await put(instance, body)).status).toBe(400)
})

test('refuses what is too long to be read', async () => {
  await using instance = await bootInstance()
  expect((await put(instance, { filler: 'x'.repeat(300_000) })).status).toBe(413)
})

test('takes changes from its own page alone', async () => {
  await using instance = await bootInstance({ externalOrigin: 'https://alice.example.org' })
  const change = { hasStarted: true }
  expect((await put(instance, change, { 'content-type': 'application/json' })).status).toBe(403)
  expect((await put(instance, change, { ...OWN, origin: 'https://eve.example.org' })).status).toBe(403)
  expect((await put(instance, change, { ...OWN, origin: 'https://alice.example.org' })).status).toBe(200)
  expect((await fetch(instance.url('/api/shell'), { method: 'DELETE', headers: OWN })).status).toBe(405)
})

test('shows none of it to a viewer', async () => {
  await using instance = await bootInstance()
  for (const path of ['/api/shell', '/api/about', '/api/push']) {
    expect((await fetch(instance.url(path), { headers: VIEWER })).status, path).toBe(403)
  }
  expect((await put(instance, { hasStarted: true }, { ...OWN, ...VIEWER })).status).toBe(403)
})

test('says what it is, and how much is kept', async () => {
  await using instance = await bootInstance({ image: 'matrixos-instance:full' })
  const before = await (await fetch(instance.url('/api/about'))).json()
  expect(before).toMatchObject({ handle: 'alice', image: 'matrixos-instance:full', home: { isWhole: true } })
  await writeFile(join(instance.home, 'large'), 'x'.repeat(1_000_000))
  const after = await (await fetch(instance.url('/api/about'))).json()
  expect(after.home.bytes - before.home.bytes).toBeGreaterThanOrEqual(1_000_000)
})

test('takes devices for notifications, at addresses of push services alone', async () => {
  await using instance = await bootInstance()
  const { publicKey } = await (await fetch(instance.url('/api/push'))).json()
  expect(publicKey).toMatch(/^[\w-]{80,}$/)
  const subscribe = async (endpoint: string) => {
    const body = JSON.stringify({ endpoint, keys: { p256dh: 'abc', auth: 'abc' } })
    return (await fetch(instance.url('/api/push'), { method: 'PUT', headers: OWN, body })).status
  }
  expect(await subscribe('http://127.0.0.1:9/x')).toBe(400)
  expect(await subscribe('https://127.0.0.1/x')).toBe(400)
  expect(await subscribe('https://[::ffff:10.0.0.1]/x')).toBe(400)
  expect(await subscribe('https://push.example.net/x')).toBe(200)
})

test('has an icon and a name of its own', async () => {
  await using instance = await bootInstance()
  const manifest = await (await fetch(instance.url('/app.webmanifest'))).json()
  expect(manifest).toMatchObject({ short_name: 'alice', name: 'alice’s computer' })
  expect(await (await fetch(instance.url('/icon.svg'))).text()).toMatch(/^<svg .*<\/svg>$/)
  for (const { src, sizes } of manifest.icons.filter(({ type }: { type: string }) => type === 'image/png')) {
    const answer = await fetch(instance.url(src))
    expect(answer.headers.get('content-type')).toBe('image/png')
    const png = Buffer.from(await answer.arrayBuffer())
    const side = png.readUInt32BE(16)
    expect(sizes).toBe(`${side}x${side}`)
    const data = png.indexOf('IDAT')
    const raster = inflateSync(png.subarray(data + 4, data + 4 + png.readUInt32BE(data - 4)))
    expect(raster).toHaveLength(side * (side * 4 + 1))
    const etag = answer.headers.get('etag') ?? ''
    expect((await fetch(instance.url(src), { headers: { 'if-none-match': etag } })).status).toBe(304)
  }
})
