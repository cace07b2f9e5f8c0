import { missingParts, partsMustBeThere, skipLine } from '@matrixos/testing/required-parts'
import { expect, test } from 'vitest'
import { resultLine, summarize } from './summary.ts'

const report = (values: object) =>
  JSON.stringify({
    success: true,
    numPassedTests: 3,
    numFailedTests: 0,
    numPendingTests: 2,
    testResults: [{ status: 'passed', assertionResults: [{}] }],
    ...values,
  })

test('counts tests, and a file that could not be loaded as one failure', () => {
  expect(summarize(report({}))).toEqual({ passed: 3, failed: 0, skipped: 2 })
  const broken = { success: false, testResults: [{ status: 'failed', assertionResults: [] }] }
  expect(summarize(report(broken))).toMatchObject({ failed: 1 })
  expect(summarize(report({ success: false, numFailedTests: 2 }))).toMatchObject({ failed: 2 })
})

test('does not count a failed run without a failed test as success', () => {
  expect(summarize(report({ success: false }))).toMatchObject({ failed: 1 })
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
