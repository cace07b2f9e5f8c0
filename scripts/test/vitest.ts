/** Runs vitest in a process of its own, and counts what it reports. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT, UserError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import { type Report, readReport } from './summary.ts'

/** Hundreds of test files and platforms load the same modules, each in processes of its own: they are compiled once. */
const COMPILED = join(ROOT, 'node_modules/.cache/matrixos/compiled')

/** `reporter`: of vitest's own, or a file's path. Throws a UserError when vitest ended without a report. */
export async function runVitest(args: string[], reporter = 'default'): Promise<Report> {
  const dir = mkdtempSync(join(tmpdir(), 'mos-test-'))
  const file = join(dir, 'report.json')
  try {
    const vitest = join(ROOT, 'node_modules/vitest/vitest.mjs')
    const reporters = [`--reporter=${reporter}`, '--reporter=json', `--outputFile.json=${file}`]
    const { code } = await runCommand(process.execPath, [vitest, 'run', ...reporters, ...args], {
      cwd: ROOT,
      show: true,
      env: {
        NODE_COMPILE_CACHE: COMPILED,
        ...process.env,
        MATRIXOS_PARTS_TOLD: '1',
        MATRIXOS_TESTS_BUILT: '1',
      },
    })
    const report = readReport(readFileSync(file, 'utf8'))
    // The report does not know of errors outside of tests.
    return { ...report, success: report.success && code === 0 }
  } catch (error) {
    throw new UserError(`vitest ended without a report: ${error instanceof Error ? error.message : error}`)
  } finally {
    rmSync(dir, { recursive: true })
  }
}
