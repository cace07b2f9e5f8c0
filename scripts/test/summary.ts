/** The counts of a vitest run, from its JSON report. */
import { z } from 'zod'

const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
})

export interface Summary {
  passed: number
  failed: number
  skipped: number
}

/** A file that could not even be loaded holds no test: it counts as one failure. Throws for anything but a report. */
export function summarize(json: string): Summary {
  const report = reportSchema.parse(JSON.parse(json))
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  )
  const failed = report.numFailedTests + unloaded.length
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !report.success ? 1 : failed,
    skipped: report.numPendingTests,
  }
}

/** The last line of a run. */
export const resultLine = ({ passed, failed, skipped }: Summary): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
