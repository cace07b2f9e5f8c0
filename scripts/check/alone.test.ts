/** Unit tests share a process; whoever mocks a module, or breaks connections, has one of its own, and its name says so. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { expect, test } from 'vitest'

// A connection that msw breaks hangs where another file's server listens to the same requests.
const isDisturbed = (source: string): boolean =>
  /^ *vi\.(mock|doMock)\(/m.test(source) || /HttpResponse\.error\(/.test(source)
const isAlone = (file: string): boolean => /\.alone\.test\.tsx?$/.test(file)

const files = globSync('{apps,packages,tests,scripts}/**/*.test.{ts,tsx}', {
  cwd: ROOT,
  exclude: (name) => name.includes('node_modules'),
})
const disturbed = files.filter((file) => isDisturbed(readFileSync(join(ROOT, file), 'utf8')))

test('finds the tests that need a process of their own', () => {
  expect(disturbed.length).toBeGreaterThan(0)
})

test('lets none of them share a process, and no other be alone', () => {
  expect(files.filter(isAlone).toSorted()).toEqual(disturbed.toSorted())
})

test.each([
  ["vi.mock(import('./view.ts'))", true],
  ["  vi.doMock('./view.ts')", true],
  ["expect('vi.mock(').toBe(1)", false],
  [`  return HttpResponse.${'error()'}`, true],
])('judges a planted test: %j', (source, isOne) => {
  expect(isDisturbed(source)).toBe(isOne)
})
