import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** Conditions that tests wait for come soon on a quiet machine, and late on a busy one. */
const expect = { poll: { timeout: 15_000, interval: 20 } }

/** A file of a whole platform mostly waits: for a start, a sleep. Each has a platform of its own. */
const PLATFORMS_AT_ONCE = 2
/** One with pages waits for these as well. */
const BROWSERS_AT_ONCE = 3

/** Of both projects of unit tests. */
const UNIT = {
  setupFiles: ['packages/testing/src/real-timers.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
  maxWorkers: Math.max(2, availableParallelism() - 1),
  expect,
}
/** They mock modules, which comes too late where another file has loaded these already, or break connections. */
const ALONE = '{apps,packages,tests,scripts}/**/*.alone.test.{ts,tsx}'

/**
 * unit: no other program needed. Its files share a process, so that what they import is loaded once, not by each of
 * hundreds: that took most of the time. unit-alone: those that need a process each. real: Docker, Caddy, PostgreSQL.
 * browser: Chromium. abuse, isolation: all of these, by a command of their own. One after the other.
 */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{apps,packages,tests,scripts}/**/*.test.{ts,tsx}'],
          exclude: ['**/node_modules/**', '**/*.{real,browser,abuse,isolation}.test.ts', ALONE],
          sequence: { groupOrder: 0 },
          isolate: false,
          ...UNIT,
        },
      },
      { test: { name: 'unit-alone', include: [ALONE], sequence: { groupOrder: 0 }, ...UNIT } },
      {
        test: {
          name: 'real',
          include: ['{apps,tests}/**/*.real.test.ts'],
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: PLATFORMS_AT_ONCE,
          expect,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/**/*.browser.test.ts'],
          sequence: { groupOrder: 2 },
          testTimeout: 180_000,
          hookTimeout: 180_000,
          maxWorkers: BROWSERS_AT_ONCE,
          expect,
        },
      },
      {
        test: {
          name: 'abuse',
          include: ['tests/abuse/*.abuse.test.ts'],
          sequence: { groupOrder: 3 },
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          expect,
        },
      },
      {
        test: {
          name: 'isolation',
          include: ['tests/isolation/*.isolation.test.ts'],
          sequence: { groupOrder: 4 },
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          expect,
        },
      },
    ],
  },
})
