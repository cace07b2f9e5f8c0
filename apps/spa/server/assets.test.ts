import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { writeCompressedCopies } from '@matrixos/host/pages/compressed-copies'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadAssets } from './assets.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spa-assets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('reads files with their type, and the compressed copies that the build made of them', async () => {
  writeFileSync(join(folder, 'index.html'), 'a'.repeat(5000))
  writeFileSync(join(folder, 'script.js'), 'a'.repeat(5000))
  writeFileSync(join(folder, 'icon.png'), 'png')
  writeFileSync(join(folder, 'download.gz'), 'no copy of anything')
  await writeCompressedCopies(folder)
  const assets = loadAssets(folder)
  expect([...assets.keys()].sort()).toEqual(['/download.gz', '/icon.png', '/index.html', '/script.js'])
  const { br, gzip } = assets.get('/script.js')?.compressed ?? {}
  for (const [copy, unpack] of [
    [br, brotliDecompressSync],
    [gzip, gunzipSync],
  ] as const)
    expect(unpack(copy ?? '').toString()).toBe('a'.repeat(5000))
  expect(assets.get('/icon.png')).toMatchObject({ type: 'image/png', compressed: {}, immutable: false })
})

test('says how to build the pages when there are none', () => {
  expect(() => loadAssets(folder)).toThrow(/npm run build/)
  expect(() => loadAssets(join(folder, 'missing'))).toThrow(/npm run build/)
})
