/** Runs vitest; where asked, what failed has a second run by itself. */
import { runFailedAgain } from './second-run.ts'
import type { Report } from './summary.ts'
import { runVitest } from './vitest.ts'

interface RunTestsOptions {
  /** Of vitest, as `reporter`. */
  args: string[]
  reporter?: string
  secondRun: boolean
}

/** Throws a UserError when vitest ended without a report. */
export async function runTests({ args, reporter, secondRun }: RunTestsOptions): Promise<Report> {
  const first = await runVitest(args, reporter)
  if (!secondRun) return first
  const { report, unsteady } = await runFailedAgain(first, (files) => {
    console.log(
      `\nOnce more, by themselves: ${files.length === 1 ? '1 file' : `${files.length} files`} that failed`,
    )
    return runVitest([...args, ...files], reporter)
  })
  for (const file of unsteady) console.log(`! ${file} failed at first and passed on its second run: mend it.`)
  return report
}
