import { missingParts, partsMustBeThere, skipLine } from '@matrixos/testing/required-parts'
import { expect, test } from 'vitest'
import { failedFiles, readReport, resultLine, summarize } from './summary.ts'

const file = (name: string, status: string, ...results: string[]) => ({
  ...{ name, status },
  assertionResults: results.map((result) => ({ status: result })),
})
const read = (success: boolean, ...testResults: object[]) =>
  readReport(JSON.stringify({ success, testResults }))

test('counts tests, and a file that could not be loaded as one failure', () => {
  const fine = file('/a', 'passed', 'passed', 'passed', 'skipped', 'todo')
  expect(summarize(read(true, fine))).toEqual({ passed: 2, failed: 0, skipped: 2 })
  const broken = read(false, fine, file('/b', 'failed'))
  expect(summarize(broken)).toEqual({ passed: 2, failed: 1, skipped: 2 })
  expect(failedFiles(broken)).toEqual(['/b'])
  expect(summarize(read(false, file('/b', 'failed', 'failed', 'failed')))).toMatchObject({ failed: 2 })
})

test('counts a file as failed whose tests were skipped since its setup failed', () => {
  const broken = read(false, file('/b', 'failed', 'skipped', 'skipped'))
  expect(summarize(broken)).toEqual({ passed: 0, failed: 1, skipped: 2 })
})

test('does not count a failed run without a failed test as success', () => {
  expect(summarize(read(false, file('/a', 'passed', 'passed')))).toMatchObject({ failed: 1 })
})

test('names a missing part and how to get it', async () => {
  const env = {
    PATH: '',
    XDG_CACHE_HOME: '/nowhere',
    DOCKER_HOST: 'unix:///nowhere',
    TEST_DATABASE_URL: '',
    CADDY_BIN: '/no',
  }
  const missing = await missingParts(env)
  expect([...missing]).toEqual(expect.arrayContaining(['docker', 'caddy', 'postgres']))
  expect(skipLine('caddy')).toBe(
    'Caddy is missing: tests that need it cannot run. Get it with: npm run setup:real',
  )
})

test('insists on all parts only with CI and --all', () => {
  expect(partsMustBeThere({})).toBe(false)
  expect(partsMustBeThere({ CI: 'true' })).toBe(true)
  expect(partsMustBeThere({ MATRIXOS_ALL_PARTS: '1' })).toBe(true)
})

test('counts in the last line, and names skipped tests only if there are any', () => {
  expect(resultLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
  expect(resultLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
})
