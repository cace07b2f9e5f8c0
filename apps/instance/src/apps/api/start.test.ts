import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'

const SCRIPT = join(import.meta.dirname, '../../../app-sdk/static/start.js')

test.each([
  ['', '/'],
  ['#/', '/'],
  ['#/level/2?x#y', '/level/2?x#y'],
  ['#//evil.example/', '/evil.example/'],
  ['#\\evil.example/', '/evil.example/'],
  ['#/\\/evil.example/', '/evil.example/'],
])('goes on from %j to a page of the app, and nowhere else', async (hash, expected) => {
  const went: string[] = []
  const location = { hash, replace: (to: string) => went.push(to) }
  runInNewContext(await readFile(SCRIPT, 'utf8'), { location, parent: { postMessage: () => undefined } })
  expect(went).toEqual([expected])
  expect(new URL(went[0] ?? '', 'https://game--ada.example').host).toBe('game--ada.example')
})
