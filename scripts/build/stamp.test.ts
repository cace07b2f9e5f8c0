import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hashInputs, isBuiltFrom, markBuiltFrom } from './stamp.ts'

test('an output is current until an input changes or the output goes', () => {
  const dir = mkdtempSync(join(tmpdir(), 'mos-stamp-'))
  const write = (path: string, text: string) => writeFileSync(join(dir, path), text)
  for (const folder of ['src', 'src/node_modules', 'dist']) mkdirSync(join(dir, folder))
  write('src/a.ts', 'a')
  const output = join(dir, 'dist')
  const hash = () => hashInputs([join(dir, 'src'), join(dir, 'absent')])
  const first = hash()
  expect(isBuiltFrom(output, first)).toBe(false)
  markBuiltFrom(output, first)
  expect(isBuiltFrom(output, first)).toBe(true)

  write('src/a.test.ts', 'tests do not count')
  write('src/node_modules/b.js', 'nor do dependencies')
  expect(hash()).toBe(first)
  write('src/b.ts', 'b')
  expect(isBuiltFrom(output, hash())).toBe(false)
  rmSync(output, { recursive: true })
  expect(isBuiltFrom(output, first)).toBe(false)
  rmSync(dir, { recursive: true })
})
