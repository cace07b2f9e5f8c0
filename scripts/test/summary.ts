/** The counts of a vitest run, from its JSON report. */
import { z } from 'zod'

const fileSchema = z.object({
  name: z.string(),
  status: z.string(),
  assertionResults: z.array(z.object({ status: z.string() })),
})

const reportSchema = z.object({ success: z.boolean(), testResults: z.array(fileSchema) })

export interface Summary {
  passed: number
  failed: number
  skipped: number
}

export interface Report {
  success: boolean
  /** By the file's absolute path. */
  files: Map<string, Summary>
}

/** Throws for anything but a report of vitest. */
export function readReport(json: string): Report {
  const { success, testResults } = reportSchema.parse(JSON.parse(json))
  return { success, files: new Map(testResults.map((file) => [file.name, countFile(file)])) }
}

/** A file that failed without a failed test could not be loaded or set up: it counts as one failure. */
function countFile({ status, assertionResults }: z.infer<typeof fileSchema>): Summary {
  const having = (wanted: string) => assertionResults.filter((result) => result.status === wanted).length
  const [passed, failed] = [having('passed'), having('failed')]
  return {
    passed,
    failed: failed === 0 && status === 'failed' ? 1 : failed,
    skipped: assertionResults.length - passed - failed,
  }
}

export const failedFiles = ({ files }: Report): string[] =>
  [...files].filter(([, { failed }]) => failed > 0).map(([name]) => name)

/** A run that failed though no file did (an error outside of tests) counts as one failure. */
export function summarize({ success, files }: Report): Summary {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  for (const { passed, failed, skipped } of files.values()) {
    sum.passed += passed
    sum.failed += failed
    sum.skipped += skipped
  }
  return sum.failed === 0 && !success ? { ...sum, failed: 1 } : sum
}

/** What stands when the failed files of a run were run once more. */
export const withSecondRun = (first: Report, second: Report): Report => ({
  success: second.success,
  files: new Map([...first.files, ...second.files]),
})

/** The last line of a run. */
export const resultLine = ({ passed, failed, skipped }: Summary): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
