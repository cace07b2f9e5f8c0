/**
 * Runs the few files that failed among hundreds once more, by themselves. A whole run boots some hundred platforms on two
 * busy cores: what fails there and passes alone is named as such at the end, so that it is seen and mended, and stops
 * nobody else's change. What fails twice has failed.
 */
import { relative } from 'node:path'
import { ROOT } from '@matrixos/host/root'
import { failedFiles, type Report, withSecondRun } from './summary.ts'

/** More is no accident. */
const MOST_FILES = 6

interface Outcome {
  report: Report
  /** Failed at first and passed on the second run; relative to the project. */
  unsteady: string[]
}

/** `run` gets absolute paths of files. A run that failed outside of any file is not repeated. */
export async function runFailedAgain(
  first: Report,
  run: (files: string[]) => Promise<Report>,
): Promise<Outcome> {
  const files = failedFiles(first)
  if (files.length === 0 || files.length > MOST_FILES) return { report: first, unsteady: [] }
  const second = await run(files)
  const missing = files.some((file) => !second.files.has(file))
  if (missing) return { report: first, unsteady: [] }
  const still = new Set(failedFiles(second))
  return {
    report: withSecondRun(first, second),
    unsteady: files.filter((file) => !still.has(file)).map((file) => relative(ROOT, file)),
  }
}
