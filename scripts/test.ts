/** `npm test`: builds what the tests serve, runs the vitest projects and counts. Further arguments go to vitest. */
import { join } from 'node:path'
import { ROOT, showError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import { missingParts, partsMustBeThere, skipLine } from '@matrixos/testing/required-parts'
import { buildImage } from '../apps/supervisor/src/build/builds.ts'
import { buildPlatform } from '../apps/supervisor/src/build/platform.ts'
import type { Say } from '../apps/supervisor/src/part-life.ts'
import { runTests } from './test/run-tests.ts'
import { resultLine, summarize } from './test/summary.ts'

const USAGE = `Usage: npm test [-- [--all] [arguments of vitest]]

  --all                  a missing part (Docker, Caddy, PostgreSQL, Chromium, Debian) is a failure, as with CI=true
  --only-parts           without the suites of the real project that need no part: another run has had them
  --second-run           up to six files that failed run once more by themselves, as with CI=true
  --project unit         only tests that need no other program; also: real, browser
  apps/edge -t "name"    only these folders, only tests of that name`

/** Of this command, and not of vitest. */
const OWN = ['--all', '--only-parts', '--second-run']

const say: Say = (_level, message) => console.log(message)

/** Whether every part is there afterwards is for the tests to say. */
async function setUpParts(): Promise<void> {
  console.log('CI: setting up Docker, PostgreSQL, Chromium, Caddy and Debian')
  await runCommand(process.execPath, [join(ROOT, 'scripts/setup-real/main.ts'), '--full-image'], {
    cwd: ROOT,
    show: true,
  })
}

async function build(withImage: boolean): Promise<void> {
  await buildPlatform(say)
  if (withImage) await buildImage(say)
}

/** Unit tests are two projects; the cases of abuse and isolation have commands and a way of printing of their own. */
const withProjects = (args: string[]): string[] =>
  args.some((arg) => arg.startsWith('--project'))
    ? args.map((arg, at) =>
        arg === '--project=unit' || (arg === 'unit' && args[at - 1] === '--project') ? `${arg}*` : arg,
      )
    : ['--project=!abuse', '--project=!isolation', ...args]

async function main(args: string[]): Promise<void> {
  if (args.includes('--help')) return console.log(USAGE)
  if (args.includes('--all')) process.env.MATRIXOS_ALL_PARTS = '1'
  if (args.includes('--only-parts')) process.env.MATRIXOS_ONLY_PARTS = '1'
  const unitOnly = args.includes('--project') && args.includes('unit')
  if (!unitOnly && process.env.CI === 'true') await setUpParts()
  const missing = unitOnly ? new Set<never>() : await missingParts(process.env)
  await build(!unitOnly && !missing.has('docker'))
  const given = withProjects(args.filter((arg) => !OWN.includes(arg)))
  const secondRun = process.env.CI === 'true' || args.includes('--second-run')
  const summary = summarize(await runTests({ args: given, secondRun }))
  // At the end, where it is read: what was not tested here, and how to change that.
  for (const part of missing) console.log(`${partsMustBeThere(process.env) ? '✗' : '–'} ${skipLine(part)}`)
  console.log(`\n${resultLine(summary)}`)
  process.exitCode = summary.failed > 0 ? 1 : 0
}

main(process.argv.slice(2)).catch(showError)
