/**
 * `npm run check`: format and lint, types, import rules, unused code, unit tests (`-- --no-tests`: without them). Stops
 * at the first failure.
 */
import { join } from 'node:path'
import { ROOT, showError, UserError } from '@matrixos/host/root'
import { duration, runCommand } from '@matrixos/host/run-command'
import { importRules } from './check/import-rules.ts'

interface Step {
  name: string
  /** How a person repairs what it finds. */
  help: string
  /** What it found, or why it failed. */
  run: () => Promise<{ ok: boolean; output: string }>
}

/** A tool of `node_modules`, given by its own script. */
const tool =
  (script: string, ...args: string[]) =>
  async () => {
    const path = join(ROOT, 'node_modules', script)
    const { code, output } = await runCommand(process.execPath, [path, ...args], { cwd: ROOT })
    return { ok: code === 0, output }
  }

const STEPS: Step[] = [
  {
    name: 'format and lint (biome)',
    help: 'npm run format fixes most of it',
    run: tool('@biomejs/biome/bin/biome', 'check', '--error-on-warnings'),
  },
  { name: 'types (tsc)', help: 'see above', run: tool('typescript/bin/tsc', '-p', '.') },
  {
    name: 'import rules (dependency-cruiser)',
    help: 'ARCHITECTURE.md says who may import whom',
    run: importRules,
  },
  {
    name: 'unused code (knip)',
    help: 'remove it, or export only what is used',
    run: tool('knip/bin/knip.js', '--no-progress'),
  },
]

const UNIT_TESTS: Step = {
  name: 'unit tests (vitest)',
  help: 'npm test -- --project unit PATH runs some of them',
  run: tool('vitest/vitest.mjs', 'run', '--project', 'unit*', '--reporter=dot'),
}

/** The last line of a successful tool that says how much it looked at. */
const gist = (output: string): string => {
  const lines = output.trim().split('\n')
  const found = lines.find((line) => /^\s*Tests\s|Checked|modules/.test(stripColours(line)))
  return found ? `: ${stripColours(found).trim().replace(/\s+/g, ' ')}` : ''
}
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')
const stripColours = (text: string) => text.replace(COLOURS, '')

async function main(args: string[]): Promise<void> {
  const unknown = args.find((arg) => arg !== '--no-tests')
  if (unknown !== undefined) throw new UserError(`Unknown option ${unknown}. There is one: --no-tests`)
  const startedMs = performance.now()
  for (const { name, help, run } of args.includes('--no-tests') ? STEPS : [...STEPS, UNIT_TESTS]) {
    const stepMs = performance.now()
    const { ok, output } = await run()
    const took = duration(performance.now() - stepMs)
    if (!ok) {
      console.error(`${output.trim()}\n\n✗ ${name} failed after ${took}. ${help}.`)
      process.exitCode = 1
      return
    }
    console.log(`✓ ${name} in ${took}${gist(output)}`)
  }
  console.log(`All checks passed in ${duration(performance.now() - startedMs)}.`)
}

main(process.argv.slice(2)).catch(showError)
