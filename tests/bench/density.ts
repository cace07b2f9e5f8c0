/**
 * A crowd on one machine: a tenth of the computers awake, the others asleep. What each takes, how fast one wakes among
 * them, against a bare container in the same crowd, and how soon a restarted api knows how things are.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { bootStack, type Stack } from '../support/stack.ts'
import { engine, testContainers } from '../support/test-engine.ts'
import { createTwin, type Twin } from './floor.ts'
import { availableBytes, ownBytes, workingSetOf } from './memory.ts'
import { type BenchResult, inParallel, median, quantile, round, timed } from './result.ts'

const AWAKE_SHARE = 10
const MADE_AT_ONCE = 6
const TWINS = 5
/** Wakes that are measured; those computers go back to sleep. */
const MOST_WAKES = 50
/** Computers that end while no api looks. */
const ENDED = 5
const MB = 1024 * 1024
const SLOW_MS = 300_000

/** Nobody is refused, and whoever is awake stays so. */
const ENV = {
  ...{ LOG_LEVEL: 'warn', PROOF_OF_WORK: 'off', IDLE_LIMIT_S: 'never' },
  ...{ SIGN_UPS_PER_NETWORK_PER_HOUR: '100000', SIGN_UPS_PER_HOUR: '100000' },
  ...{ AUTH_ATTEMPTS_PER_MINUTE: '1000000', UNPROVED_SIGN_UPS_PER_TEN_MINUTES: '1000000' },
}

interface Member {
  handle: string
  client: PlatformClient
  url: string
  visit: () => Promise<void>
  sleep: () => Promise<void>
}

async function addMember(stack: Stack, handle: string): Promise<Member> {
  const client = stack.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  const { url } = await waitUntilRunning(client, SLOW_MS)
  const state = async () => (await client.trpc.tenants.mine.query()).observed
  return {
    ...{ handle, client, url },
    async visit() {
      const response = await client.browser.fetch(`${url}/health`)
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`)
      await response.text()
    },
    async sleep() {
      await putInstanceToSleep(client)
      await until('it sleeps', async () => ['stopped', 'paused'].includes(await state()), SLOW_MS)
    },
  }
}

const say = (line: string) => console.log(line)

/** One after the other falls asleep as it is made: all of them awake at once would not fit. */
async function addCrowd(stack: Stack, count: number, stayAwake: number): Promise<Member[]> {
  let made = 0
  const tasks = Array.from({ length: count }, (_, number) => async () => {
    const member = await addMember(stack, `crowd${number}`)
    // The first are those that are visited.
    if (number < stayAwake + MOST_WAKES) await openInstance(member.client, member.url, SLOW_MS)
    if (number >= stayAwake) await member.sleep()
    if (++made % 50 === 0) say(`${made} of ${count} computers are made`)
    return member
  })
  return await inParallel(tasks, MADE_AT_ONCE)
}

async function measureWakes(sleepers: readonly Member[], twins: readonly Twin[]) {
  const samples = { ours: [] as number[], floor: [] as number[] }
  for (const [index, member] of sleepers.entries()) {
    samples.ours.push(await timed(member.visit))
    await member.sleep()
    const twin = twins[index % twins.length]
    if (!twin) throw new Error('There is no bare container.')
    samples.floor.push(await timed(twin.startToReady))
    await twin.stop()
  }
  return samples
}

const platformBytes = (stack: Stack): number => {
  const { pid, parts } = stack.platform()
  return [pid, ...Object.values(parts)].reduce((sum, each) => sum + ownBytes(each), 0)
}

/** Computers end while the api is dead: seconds from its kill until all of them are known to have ended or serve again. */
async function measureReconcile(stack: Stack, awake: readonly Member[]): Promise<number> {
  const ended = awake.slice(0, ENDED)
  const runs = new Map(
    await Promise.all(ended.map(async ({ handle }) => [handle, await stack.runOf(handle)] as const)),
  )
  const before = performance.now()
  const back = stack.kill('api')
  await Promise.all(ended.map(({ handle }) => engine().getContainer(`${stack.name}-${handle}`).kill()))
  await back
  await Promise.all(
    ended.map(({ handle, client }) =>
      until(
        `what became of ${handle} is known`,
        async () => {
          const { observed } = await client.trpc.tenants.mine.query()
          const run = await stack.runOf(handle)
          return observed === 'running' ? run !== '' && run !== runs.get(handle) : run === ''
        },
        SLOW_MS,
      ),
    ),
  )
  return (performance.now() - before) / 1000
}

const hasZram = (): boolean => readFileSync('/proc/swaps', 'utf8').includes('zram')

async function statesOf(stack: Stack): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { State } of await testContainers(stack.name)) counts[State] = (counts[State] ?? 0) + 1
  return counts
}

async function makeTwins(stack: Stack): Promise<Twin[]> {
  const model = await engine().getContainer(`${stack.name}-crowd0`).inspect()
  const twins = await Promise.all(
    Array.from({ length: TWINS }, (_, number) => createTwin(model, stack.dataDir, number)),
  )
  // The first start of each fills its home.
  for (const twin of twins) {
    await twin.startToReady()
    await twin.stop()
  }
  return twins
}

export async function run(args: string[] = []): Promise<BenchResult> {
  const { values } = parseArgs({ args, options: { instances: { type: 'string', default: '1000' } } })
  const count = Number(values.instances)
  const stayAwake = Math.ceil(count / AWAKE_SHARE)
  await using stack = await bootStack({ parts: 'real', env: ENV })
  const empty = availableBytes()
  const startedAt = performance.now()
  const crowd = await addCrowd(stack, count, stayAwake)
  const makingMs = performance.now() - startedAt
  const states = await statesOf(stack)
  const full = availableBytes()
  say(`all are there: ${JSON.stringify(states)}`)
  const awake = crowd.slice(0, stayAwake)
  const sleepers = crowd.slice(stayAwake, stayAwake + MOST_WAKES)
  const sets = await inParallel(
    awake.map(
      ({ handle }) =>
        () =>
          workingSetOf(`${stack.name}-${handle}`),
    ),
    8,
  )
  const platform = platformBytes(stack)
  const twins = await makeTwins(stack)
  try {
    const wakes = await measureWakes(sleepers, twins)
    say('wakes are measured')
    const reconcileS = await measureReconcile(stack, awake)
    const [ours, floor] = [median(wakes.ours), median(wakes.floor)]
    // What those that are awake hold is theirs; the rest is what the others cost, the engine's and the platform's part included.
    const asleepBytes = empty - full - sets.reduce((sum, bytes) => sum + bytes, 0)
    return {
      bench: 'density',
      ok: true,
      figures: {
        ...{ instances: count, awake: states.running ?? 0, asleep: count - (states.running ?? 0) },
        sleeperMb: round(Math.max(0, asleepBytes) / (count - stayAwake) / MB),
        platformMb: round(platform / MB),
        instanceMb: round(median(sets) / MB),
        reconcileS: round(reconcileS),
        wakeP50Ms: round(ours),
        wakeP95Ms: round(quantile(wakes.ours, 0.95)),
        madePerSecond: round(count / (makingMs / 1000)),
        machineMb: round((empty - full) / MB),
      },
      floor: { wakeP50Ms: round(floor) },
      ratio: { wake: round(ours / floor) },
      notes: `${JSON.stringify(states)} containers, ${hasZram() ? 'with' : 'without'} zram. sleeperMb: what the machine has less since the platform was empty, without the working sets of those that are awake, by sleeper. platformMb: proportional set sizes of supervisor, api, AI proxy, pages, edge, Caddy and demonstration model. instanceMb: median working set of those that are awake. reconcileS: from kill -9 of the api, while ${ENDED} computers end, until it knows of all of them. ${sleepers.length} wakes, interleaved with starts of bare containers in the same crowd.`,
    }
  } finally {
    await Promise.all(twins.map((twin) => twin.remove()))
  }
}
