/**
 * `npm run test:chaos -- lifecycle`: kill -9 of every part at every step of what happens to computers. Engine, database,
 * network and processes are the run's own, so that nothing else on this machine is struck.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ROOT, showError, UserError } from '@matrixos/host/root'
import { runCommand } from '@matrixos/host/run-command'
import { buildPlatform } from '../apps/supervisor/src/build/platform.ts'
import type { Say } from '../apps/supervisor/src/part-life.ts'

const USAGE = `Usage: npm run test:chaos -- lifecycle [--seed N] [--rounds N] [--at-once N] [--only TEXT]

  --seed N     draws the same order again; printed by every run
  --rounds N   kills, at most
  --at-once N  actions that one kill strikes, or several numbers that take turns (2,2,2,1)
  --only TEXT  only actions and steps with one of these texts, such as "import,create: its first"`

/** PostgreSQL's port, in a network where nobody else is. */
const POSTGRES_PORT = 5432
/** A shell is the first process there: it reaps what the killed leave behind. */
const INSIDE = 'ip link set lo up && "$@"; exit $?'

const say: Say = (_level, message) => console.log(message)

async function main(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      rounds: { type: 'string' },
      only: { type: 'string' },
      'at-once': { type: 'string' },
      verbose: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  if (values.help) return console.log(USAGE)
  if (positionals.join() !== 'lifecycle') throw new UserError(USAGE)
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new UserError('This needs Linux and root: it starts an engine and a network of its own.')
  const { help: _help, seed = String(Math.floor(Math.random() * 2 ** 31)), verbose, ...others } = values
  console.log(`seed ${seed}`)
  await buildPlatform(say)
  const folder = mkdtempSync(join(tmpdir(), 'mos-chaos-'))
  const socket = join(folder, 'docker.sock')
  const given = Object.entries({ seed, socket, port: String(POSTGRES_PORT), ...others })
  const { code } = await runCommand(
    'unshare',
    [
      ...['--net', '--mount', '--pid', '--fork', '--mount-proc', '--kill-child'],
      ...['sh', '-c', INSIDE, 'sh', process.execPath, join(ROOT, 'tests/chaos/main.ts')],
      ...given.flatMap(([name, value]) => [`--${name}`, value]),
      ...(verbose ? ['--verbose'] : []),
    ],
    {
      cwd: ROOT,
      show: true,
      env: {
        ...process.env,
        DOCKER_HOST: `unix://${socket}`,
        TEST_DATABASE_URL: `postgres://postgres@127.0.0.1:${POSTGRES_PORT}/postgres`,
      },
    },
  )
  rmSync(folder, { recursive: true, force: true })
  process.exitCode = code
}

main(process.argv.slice(2)).catch(showError)
