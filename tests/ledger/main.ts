/** `npm run test:ledger`: random calls through replicas that die, and the books beside the model's own truth. */
import { parseArgs } from 'node:util'
import { showError, UserError } from '@matrixos/host/root'
import { run } from './run.ts'

const USAGE = `Usage: npm run test:ledger [-- [--seed N] [--calls N]]

  --seed N   draws the same calls again; printed by every run
  --calls N  how many random calls (5000)`

const MOST_SHOWN = 20
const MOST_CALLS = 37_000

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      seed: { type: 'string' },
      calls: { type: 'string', default: '5000' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return console.log(USAGE)
  const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed)
  const calls = Number(values.calls)
  if (!Number.isInteger(seed) || !Number.isInteger(calls) || calls < 1 || calls > MOST_CALLS)
    throw new UserError(USAGE)
  console.log(`seed ${seed}`)
  const startedAt = performance.now()
  const say = (line: string) =>
    console.log(`${String(Math.round((performance.now() - startedAt) / 1000)).padStart(5)} s  ${line}`)
  const { problems, comparison, figures } = await run({
    ...{ seed, calls, killEvery: 250, crowd: { people: 8, rounds: 3 }, say },
  })
  say(JSON.stringify(figures))
  for (const problem of problems.slice(0, MOST_SHOWN)) console.log(`✗ ${problem}`)
  console.log(
    problems.length === 0
      ? `✓ ${comparison.differenceNanoUsd} nano-USD of difference in ${comparison.settled} settled calls`
      : `✗ ${problems.length} problems with the seed ${seed}`,
  )
  process.exitCode = problems.length === 0 ? 0 : 1
}

main(process.argv.slice(2)).catch(showError)
