/** Every suite that needs a real part says so; without the part it is skipped and named, and not failed. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { expect, test } from 'vitest'

/** Tests, suites and hooks stand inside of `describeReal`: at the left margin, or in the loop over stacks, they would run without it. */
const outside = (source: string): string[] =>
  source.match(/^(?:describe|it|test|beforeAll|beforeEach|afterAll|afterEach)\b.*$/gm) ?? []
const usesDescribeReal = (source: string): boolean => /^ *describeReal\(/m.test(source)

const files = globSync('{apps,packages,tests,scripts}/**/*.{real,browser}.test.ts', {
  cwd: ROOT,
  exclude: (name) => name.includes('node_modules'),
})

test('there are such suites', () => {
  expect(files.length).toBeGreaterThan(20)
})

test.each(files)('%s runs by describeReal alone', (file) => {
  const source = readFileSync(join(ROOT, file), 'utf8')
  expect(usesDescribeReal(source)).toBe(true)
  expect(outside(source)).toEqual([])
})

test.each([
  ["describe('x', () => {})", false, 1],
  ["describeReal(['docker'], 'x', () => {\n  it('y', () => {})\n})", true, 0],
  ["describeReal(['docker'], 'x', () => {})\nbeforeAll(boot)", true, 1],
  ["import { describeReal } from 'x'\nit('y', () => {})", false, 1],
])('a planted suite is judged: %j', (source, uses, count) => {
  expect([usesDescribeReal(source), outside(source).length]).toEqual([uses, count])
})
