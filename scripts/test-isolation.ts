/** `npm run test:isolation`: attacks from inside a container on a running platform, one line for each, and their count. */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT, showError, UserError } from '@matrixos/host/root'
import { missingParts, partsMustBeThere, skipLine } from '@matrixos/testing/required-parts'
import { buildImage } from '../apps/supervisor/src/build/builds.ts'
import { buildPlatform } from '../apps/supervisor/src/build/platform.ts'
import type { Say } from '../apps/supervisor/src/part-life.ts'
import { runTests } from './test/run-tests.ts'
import { resultLine, summarize } from './test/summary.ts'

const USAGE = `Usage: npm run test:isolation [-- [--runtime runc|runsc] [--all] [-t "name"]]

  --runtime  what runs the containers: runc, or gVisor's runsc. Default: one after the other
  --all      a missing part (Docker, Caddy, PostgreSQL, gVisor) is a failure, as with CI=true
  -t "name"  only cases of that name`

const RUNTIMES = ['runc', 'runsc']

const say: Say = (_level, message) => console.log(message)

const options = {
  help: { type: 'boolean' },
  all: { type: 'boolean' },
  runtime: { type: 'string' },
  testNamePattern: { type: 'string', short: 't' },
} as const

/** Arguments of vitest: the files of the runtimes, and the cases. */
function argumentsFor({
  runtime,
  name,
}: {
  runtime?: string | undefined
  name?: string | undefined
}): string[] {
  if (runtime !== undefined && !RUNTIMES.includes(runtime))
    throw new UserError(`There is no runtime "${runtime}": choose ${RUNTIMES.join(' or ')}.`)
  const file = runtime === undefined ? [] : [`tests/isolation/${runtime}.isolation.test.ts`]
  return ['--project', 'isolation', ...file, ...(name === undefined ? [] : ['-t', name])]
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options })
  if (values.help) return console.log(USAGE)
  if (values.all) process.env.MATRIXOS_ALL_PARTS = '1'
  const given = argumentsFor({ runtime: values.runtime, name: values.testNamePattern })
  const missing = await missingParts(process.env)
  await buildPlatform(say)
  if (!missing.has('docker')) await buildImage(say)
  const report = await runTests({
    args: given,
    reporter: join(ROOT, 'scripts/test/line-reporter.ts'),
    secondRun: process.env.CI === 'true',
  })
  for (const part of missing) console.log(`${partsMustBeThere(process.env) ? '✗' : '–'} ${skipLine(part)}`)
  const summary = summarize(report)
  console.log(`\n${resultLine(summary)}`)
  process.exitCode = summary.failed > 0 ? 1 : 0
}

main(process.argv.slice(2)).catch(showError)
