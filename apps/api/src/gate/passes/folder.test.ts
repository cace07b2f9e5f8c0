import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createPassFolder } from './folder.ts'

let run: string
const warnings: unknown[] = []
const log = { warn: (...line: unknown[]) => void warnings.push(line[1]) }
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'mos-passes-'))
  warnings.length = 0
})
afterEach(() => rmSync(run, { recursive: true, force: true }))

const made = () => {
  const folder = createPassFolder(join(run, 'pass'), log)
  if (!folder) throw new Error('There is no folder.')
  return folder
}
const laid = (host: string) => readdirSync(join(run, 'pass', host))

it('begins empty, and for nobody else to see', () => {
  mkdirSync(join(run, 'pass/ada.localhost'), { recursive: true })
  writeFileSync(join(run, 'pass/ada.localhost/of-another-run'), '')
  const folder = made()
  expect(readdirSync(join(run, 'pass'))).toEqual([])
  expect(folder.lay('ada.localhost', 'value')).toBe(true)
  expect(statSync(join(run, 'pass')).mode & 0o777).toBe(0o700)
  expect(statSync(join(run, 'pass/ada.localhost/value')).isFile()).toBe(true)
})

it('takes all of a host away, and nothing of another', () => {
  const folder = made()
  for (const host of ['ada.localhost', 'bob.localhost']) {
    folder.lay(host, 'one')
    folder.lay(host, 'two')
  }
  folder.takeAll('ada.localhost')
  expect(() => laid('ada.localhost')).toThrow('ENOENT')
  expect(laid('bob.localhost')).toEqual(['one', 'two'])
  folder.takeAll('ada.localhost')
  folder.lay('ada.localhost', 'three')
  expect(laid('ada.localhost')).toEqual(['three'])
  expect(warnings).toEqual([])
})

it('goes on without passes where there can be none', () => {
  writeFileSync(join(run, 'file'), '')
  expect(createPassFolder(join(run, 'file/pass'), log)).toBeNull()
  expect(warnings).toEqual(['no passes: their folder cannot be made'])
})

it('gives none when it cannot write', () => {
  const folder = made()
  writeFileSync(join(run, 'pass/ada.localhost'), 'in the way')
  expect(folder.lay('ada.localhost', 'value')).toBe(false)
})
