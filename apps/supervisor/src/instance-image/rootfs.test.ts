import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Entry, listApp } from './rootfs.ts'

let app = ''
beforeEach(() => {
  app = mkdtempSync(join(tmpdir(), 'mosr-'))
  mkdirSync(join(app, 'dist/web'), { recursive: true })
  writeFileSync(join(app, 'dist/server.mjs'), '')
  writeFileSync(join(app, 'dist/web/index.html'), '')
  mkdirSync(join(app, 'image/etc'), { recursive: true })
  writeFileSync(join(app, 'image/etc/passwd'), 'root:x:0:0:::\nmatrixos:x:10001:10001:::\n')
  writeFileSync(join(app, 'image/etc/group'), 'root:x:0:\nmatrixos:x:10001:\n')
})
afterEach(() => rmSync(app, { recursive: true }))

const textAt = (entries: Entry[], path: string) => entries.find((entry) => entry.path === path)?.text

it('lists the bundle, and gives a name to whoever instances run as', async () => {
  const usual = await listApp(app, { uid: 10001, gid: 10001 })
  expect(usual.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/opt/instance/dist/server.mjs', '/opt/instance/dist/web/index.html']),
  )
  expect(textAt(usual, '/etc/passwd')).toBe('root:x:0:0:::\nmatrixos:x:10001:10001:::\n')
  const own = await listApp(app, { uid: 1000, gid: 100 })
  expect(textAt(own, '/etc/passwd')).toBe('root:x:0:0:::\nmatrixos:x:1000:100:::\n')
  expect(textAt(own, '/etc/group')).toBe('root:x:0:\nmatrixos:x:100:\n')
})

it('finds the owner in the real files', async () => {
  mkdirSync(join(ROOT, 'apps/instance/dist'), { recursive: true })
  const own = await listApp(join(ROOT, 'apps/instance'), { uid: 1000, gid: 100 })
  expect(textAt(own, '/etc/passwd')).toMatch(/^matrixos:x:1000:100:.*:\/home\/matrixos\/home:\/bin\/bash$/m)
  expect(textAt(own, '/etc/group')).toMatch(/^matrixos:x:100:$/m)
})
