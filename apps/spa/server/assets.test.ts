import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadAssets } from './assets.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spa-assets-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('reads files with their type, and large texts with compressed copies', () => {
  writeFileSync(join(folder, 'index.html'), 'a'.repeat(5000))
  writeFileSync(join(folder, 'icon.png'), 'png')
  const assets = loadAssets(folder)
  expect(assets.get('/index.html')?.compressed?.br.byteLength).toBeLessThan(100)
  expect(assets.get('/icon.png')).toMatchObject({ type: 'image/png', compressed: null, immutable: false })
})

test('says how to build the pages when there are none', () => {
  expect(() => loadAssets(folder)).toThrow(/npm run build/)
  expect(() => loadAssets(join(folder, 'missing'))).toThrow(/npm run build/)
})
