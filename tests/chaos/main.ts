/** A run of chaos in a network and among processes of its own, as `npm run test:chaos` starts it: prints a line a fault. */
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { showError } from '@matrixos/host/root'
import { nameOf } from './case.ts'
import { CASES } from './cases.ts'
import { AT_ONCE, planRounds } from './plan.ts'
import { type Outcome, run } from './run.ts'
import { startWorld } from './world.ts'

/** A round that begins is not cut off. */
const LAST_ROUND_MS = 30_000

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

const lineOf = ({ victim, name, problem, ms }: Outcome): string =>
  problem === null
    ? `✓ kill -9 ${victim} in ${name} (${seconds(ms)})`
    : `✗ kill -9 ${victim} in ${name} (${seconds(ms)})\n    ${problem}`

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string', default: '1' },
      socket: { type: 'string', default: '' },
      port: { type: 'string', default: '5432' },
      'at-once': { type: 'string', default: AT_ONCE },
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '1000' },
      minutes: { type: 'string', default: '10' },
      verbose: { type: 'boolean', default: false },
    },
  })
  const wanted = values.only.split(',')
  const cases = CASES.filter((each) => wanted.some((text) => nameOf(each).includes(text)))
  const plan = planRounds({
    seed: Number(values.seed),
    cases,
    atOnce: values['at-once'].split(',').map(Number),
  })
  const rounds = plan.slice(0, Number(values.rounds))
  const startedAt = performance.now()
  const outcomes: Outcome[] = []
  await using world = await startWorld({
    folder: dirname(values.socket),
    postgresPort: Number(values.port),
  })
  console.log(`The platform is there after ${seconds(performance.now() - startedAt)}.`)
  const onOutcome = (outcome: Outcome) => {
    outcomes.push(outcome)
    console.log(lineOf(outcome))
  }
  const untilMs = startedAt + Number(values.minutes) * 60_000 - LAST_ROUND_MS
  const isOver = () => performance.now() > untilMs
  const broken = await run({ world, rounds, onOutcome, isOver }).then(
    () => null,
    (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  )
  if (values.verbose) console.log(world.stack.log())
  if (broken !== null) console.log(`\n✗ The run broke off: ${broken}`)
  const kills = new Set(outcomes.map(({ round }) => round)).size
  const planned = rounds.reduce((sum, { cases: struck }) => sum + struck.length, 0)
  const failed = outcomes.filter(({ problem }) => problem !== null).length
  console.log(
    `\nseed ${values.seed}: ${outcomes.length} faults by ${kills} kills in ${seconds(performance.now() - startedAt)}`,
  )
  if (outcomes.length < planned)
    console.log(`${planned - outcomes.length} were not reached: --minutes gives more time.`)
  console.log(`${outcomes.length - failed} passed, ${failed} failed`)
  if (failed > 0) {
    const file = join(tmpdir(), `matrixos-chaos-${values.seed}.log`)
    writeFileSync(file, world.stack.log())
    console.log(`What the platform printed: ${file}`)
  }
  process.exitCode = failed === 0 && broken === null ? 0 : 1
}

main(process.argv.slice(2)).catch(showError)
