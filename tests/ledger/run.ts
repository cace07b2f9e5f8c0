/** Random calls through replicas that die, then crowds on small budgets, and then the books beside the truth. */
import { aiCalls } from '../../apps/api/src/db/schema/index.ts'
import { createRecovery } from '../../apps/api/src/quota/ledger/recovery.ts'
import { accountProblems } from './accounts.ts'
import { drawCalls, type PlannedCall } from './calls.ts'
import { makeCall, type Seen } from './client.ts'
import { type Comparison, compare } from './compare.ts'
import { crowd } from './crowd.ts'
import { recoveredCalls } from './recovered.ts'
import { allowanceOf, type LedgerPerson, startWorld, type World } from './world.ts'

export interface RunOptions {
  seed: number
  calls: number
  /** A replica is killed whenever so many calls have ended. */
  killEvery: number
  crowd: { people: number; rounds: number }
  say: (line: string) => void
}

export interface RunResult {
  problems: string[]
  comparison: Comparison
  figures: Record<string, number>
}

const REPLICAS = 3
const WORKERS = 24
const RICH = 12
const OWN = 3
/** Each pays for one or two calls of theirs. */
const POOR_NANO = 40_000_000n
const CALLS_PER_POOR = 30
/** Of a recovery that takes live calls for dead ones, which then correct it. */
const IMPATIENT_MS = 1_000

type People = Record<PlannedCall['who'], LedgerPerson[]>

async function addPeople(world: World, calls: number): Promise<People> {
  const people: People = { rich: [], poor: [], own: [] }
  for (let n = 0; n < RICH; n++) people.rich.push(await world.addPerson())
  for (let n = 0; n < OWN; n++) people.own.push(await world.addPerson({ hasOwnKey: true }))
  for (let n = 0; n < Math.max(4, calls / CALLS_PER_POOR); n++)
    people.poor.push(await world.addPerson({ credits: POOR_NANO }))
  return people
}

async function makeCalls(world: World, people: People, options: RunOptions): Promise<Seen[]> {
  const { seed, say, killEvery } = options
  const calls = drawCalls(seed, options.calls)
  const all: Seen[] = []
  const beside: Promise<unknown>[] = []
  const impatient = createRecovery(world.database, { deadAfterMs: IMPATIENT_MS, allowanceOf })
  let next = 0
  const work = async () => {
    for (let call = calls[next++]; call; call = calls[next++]) {
      const up = world.replicas.up()
      const door = up[call.n % up.length]
      const person = people[call.who][call.person % people[call.who].length]
      if (!door || !person) throw new Error('There is no replica, or nobody to call.')
      all.push(await makeCall(call, door, person.token))
      if (all.length % killEvery === 0) {
        const turn = all.length / killEvery
        beside.push(world.replicas.killAndRestart(seed + turn))
        beside.push(impatient.recover())
      }
      if (all.length % 500 === 0) say(`${all.length} of ${calls.length} calls`)
    }
  }
  try {
    await Promise.all(Array.from({ length: WORKERS }, work))
  } finally {
    // What was begun uses the replicas and the database, which are gone after this.
    await Promise.all(beside)
  }
  return all
}

function figuresOf(all: readonly Seen[]): Record<string, number> {
  const count = (is: (seen: Seen) => boolean) => all.filter(is).length
  return {
    calls: all.length,
    aborted: count(({ ending }) => ending === 'aborted'),
    broken: count(({ ending }) => ending === 'broken'),
    killed: count((seen) => seen.isKilled() && seen.ending === 'broken'),
    clamped: count(({ isClamped }) => isClamped),
    exhausted: count(({ status }) => status === 402),
    counted: count(({ call, status }) => call.isCounted && status === 200),
    inSecondFormat: count(({ call, status }) => call.format !== 'messages' && status === 200),
    onOwnKeys: count(({ call }) => call.who === 'own'),
    providerErrors: count(({ call }) => call.script.status !== undefined),
  }
}

export async function run(options: RunOptions): Promise<RunResult> {
  const { say } = options
  await using world = await startWorld(REPLICAS)
  const people = await addPeople(world, options.calls)
  say('the replicas are there')
  const all = await makeCalls(world, people, options)
  say('calls that recovery charges')
  const recovered = await recoveredCalls(world, people.rich, options.calls)
  all.push(...recovered.seen)
  say(`crowds of ${options.crowd.people} people`)
  const truths = await world.truth()
  const crowds = await crowd(world, options.crowd)
  await world.replicas.stop()
  // Now whatever is held is a dead replica's.
  await createRecovery(world.database, { deadAfterMs: 0, allowanceOf }).recover()
  const everybody = [...Object.values(people).flat(), ...recovered.people, ...crowds.people]
  const ofCrowds = new Set(crowds.people.map(({ userId }) => userId))
  const rows = await world.database.db.select().from(aiCalls)
  const comparison = compare(
    all,
    truths.filter(({ requestedModel }) => requestedModel !== 'claude-haiku-4-5'),
    rows.filter(({ userId }) => !ofCrowds.has(userId)),
  )
  const lateFigures = await recovered.figures()
  const problems = [
    ...[...comparison.problems, ...recovered.problems, ...crowds.problems],
    ...(await accountProblems(world, everybody)),
    ...Object.entries(lateFigures).flatMap(([name, count]) => (count > 0 ? [] : [`None was ${name}.`])),
  ]
  const figures = {
    ...figuresOf(all),
    ...{ settled: comparison.settled, estimated: comparison.estimated },
    ...lateFigures,
    ...{ crowdCalls: crowds.calls, crowdServed: crowds.served },
  }
  return { problems, comparison, figures }
}
