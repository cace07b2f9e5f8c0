import { join } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { expect, test } from 'vitest'
import { runFailedAgain } from './second-run.ts'
import { type Report, type Summary, summarize } from './summary.ts'

const at = (name: string) => join(ROOT, name)
const report = (files: Record<string, Summary>): Report => ({
  success: Object.values(files).every(({ failed }) => failed === 0),
  files: new Map(Object.entries(files).map(([name, summary]) => [at(name), summary])),
})
const PASSED = { passed: 2, failed: 0, skipped: 0 }
const FAILED = { passed: 1, failed: 1, skipped: 0 }

test('names a file that passes on its second run, and counts that run', async () => {
  const asked: string[][] = []
  const again = await runFailedAgain(report({ 'a.test.ts': PASSED, 'b.test.ts': FAILED }), async (files) => {
    asked.push(files)
    return report({ 'b.test.ts': PASSED })
  })
  expect(asked).toEqual([[at('b.test.ts')]])
  expect(again.unsteady).toEqual(['b.test.ts'])
  expect(summarize(again.report)).toEqual({ passed: 4, failed: 0, skipped: 0 })
})

test('keeps a failure that comes again', async () => {
  const again = await runFailedAgain(report({ 'b.test.ts': FAILED }), async () =>
    report({ 'b.test.ts': FAILED }),
  )
  expect(again.unsteady).toEqual([])
  expect(summarize(again.report).failed).toBe(1)
})

test('keeps a failure whose file the second run left out', async () => {
  const again = await runFailedAgain(report({ 'b.test.ts': FAILED }), async () => report({}))
  expect(summarize(again.report).failed).toBe(1)
})

test('runs nothing again when nothing or too much failed', async () => {
  const never = async (): Promise<Report> => {
    throw new Error('ran')
  }
  const many = Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`${index}.test.ts`, FAILED]))
  expect(summarize((await runFailedAgain(report({ 'a.test.ts': PASSED }), never)).report).failed).toBe(0)
  expect(summarize((await runFailedAgain(report(many), never)).report).failed).toBe(7)
})
