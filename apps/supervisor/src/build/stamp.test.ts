import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createStamp, hashInputs } from './stamp.ts'

test('counts an output as current until an input changes or the output goes', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mos-stamp-'))
  const write = (path: string, text: string) => writeFileSync(join(dir, path), text)
  for (const folder of ['src', 'src/node_modules', 'dist']) mkdirSync(join(dir, folder))
  write('src/a.ts', 'a')
  const output = join(dir, 'dist')
  const stamp = createStamp(join(dir, 'cache/built'), [output])
  const hash = () => hashInputs(dir, ['src', 'absent'])
  const first = hash()
  expect(stamp.matches(first)).toBe(false)
  stamp.write(first)
  expect(stamp.matches(first)).toBe(true)

  write('src/a.test.ts', 'tests do not count')
  write('src/node_modules/b.js', 'nor do dependencies')
  expect(hash()).toBe(first)
  write('src/b.ts', 'b')
  expect(stamp.matches(hash())).toBe(false)
  rmSync(output, { recursive: true })
  expect(stamp.matches(first)).toBe(false)
  mkdirSync(output)
  stamp.clear()
  expect(stamp.matches(first)).toBe(false)
  rmSync(dir, { recursive: true })
})
