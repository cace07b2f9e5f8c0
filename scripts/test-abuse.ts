/** `npm run test:abuse`: every abuse case against a running platform, one line for each, and their count. */
import { join } from 'node:path'
import { ROOT, showError } from '@matrixos/host/root'
import { missingParts, partsMustBeThere, skipLine } from '@matrixos/testing/required-parts'
import { buildImage } from '../apps/supervisor/src/build/builds.ts'
import { buildPlatform } from '../apps/supervisor/src/build/platform.ts'
import type { Say } from '../apps/supervisor/src/part-life.ts'
import { runTests } from './test/run-tests.ts'
import { resultLine, summarize } from './test/summary.ts'

const USAGE = `Usage: npm run test:abuse [-- [--all] [-t "name"]]

  --all      a missing part (Docker, Caddy, PostgreSQL, Chromium) is a failure, as with CI=true
  -t "name"  only cases of that name`

const say: Say = (_level, message) => console.log(message)

async function main(args: string[]): Promise<void> {
  if (args.includes('--help')) return console.log(USAGE)
  if (args.includes('--all')) process.env.MATRIXOS_ALL_PARTS = '1'
  const missing = await missingParts(process.env)
  await buildPlatform(say)
  if (!missing.has('docker')) await buildImage(say)
  const given = args.filter((arg) => arg !== '--all')
  const reporter = join(ROOT, 'scripts/test/line-reporter.ts')
  const report = await runTests({
    args: ['--project', 'abuse', ...given],
    reporter,
    secondRun: process.env.CI === 'true',
  })
  for (const part of missing) console.log(`${partsMustBeThere(process.env) ? '✗' : '–'} ${skipLine(part)}`)
  const summary = summarize(report)
  console.log(`\n${resultLine(summary)}`)
  process.exitCode = summary.failed > 0 ? 1 : 0
}

main(process.argv.slice(2)).catch(showError)
