/** Unit tests share a process; whoever mocks a module has one of its own, and its name says so. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { expect, test } from 'vitest'

const mocksModules = (source: string): boolean => /^ *vi\.(mock|doMock)\(/m.test(source)
const isAlone = (file: string): boolean => /\.alone\.test\.tsx?$/.test(file)

const files = globSync('{apps,packages,tests,scripts}/**/*.test.{ts,tsx}', {
  cwd: ROOT,
  exclude: (name) => name.includes('node_modules'),
})
const mocking = files.filter((file) => mocksModules(readFileSync(join(ROOT, file), 'utf8')))

test('finds the tests that mock modules', () => {
  expect(mocking.length).toBeGreaterThan(0)
})

test('lets none of them share a process, and no other be alone', () => {
  expect(files.filter(isAlone).toSorted()).toEqual(mocking.toSorted())
})

test.each([
  ["vi.mock(import('./view.ts'))", true],
  ["  vi.doMock('./view.ts')", true],
  ["expect('vi.mock(').toBe(1)", false],
])('judges a planted test: %j', (source, mocks) => {
  expect(mocksModules(source)).toBe(mocks)
})
