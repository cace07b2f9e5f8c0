/**
 * A crowd on one machine: a tenth of the computers awake, the others asleep. What each takes, how fast one wakes among
 * them, against a bare container in the same crowd, and how soon a restarted api knows how things are.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { openNotes } from '../../apps/instance/src/testing/notes.ts'
import { bootStack, type Stack } from '../support/stack.ts'
import { engine, testContainers } from '../support/test-engine.ts'
import { createTwin, type Twin } from './floor.ts'
import { availableBytes, ownBytes, workingSetOf } from './memory.ts'
import { type PausedTwin, pausedTwin } from './paused-twin.ts'
import { type BenchResult, inParallel, median, quantile, round, timed } from './result.ts'

const AWAKE_SHARE = 10
const MADE_AT_ONCE = 6
/** Wakes that are measured, each beside one of a bare container, whose addresses are what 1,000 computers leave of a bridge. */
const MOST_WAKES = 10
/** Computers that end while no api looks. */
const ENDED = 5
const MB = 1024 * 1024
const SLOW_MS = 300_000

/** Nobody is refused; whoever has nothing open falls asleep soon, and stays in memory for as long as there is any. */
const ENV = {
  ...{ LOG_LEVEL: 'warn', PROOF_OF_WORK: 'off', PAUSE_AFTER_S: '15', IDLE_LIMIT_S: '86400' },
  ...{ SIGN_UPS_PER_NETWORK_PER_HOUR: '100000', SIGN_UPS_PER_HOUR: '100000' },
  ...{ AUTH_ATTEMPTS_PER_MINUTE: '1000000', UNPROVED_SIGN_UPS_PER_TEN_MINUTES: '1000000' },
}

interface Member {
  handle: string
  client: PlatformClient
  url: string
  visit: () => Promise<void>
}

async function addMember(stack: Stack, handle: string): Promise<Member> {
  const client = stack.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  const { url } = await waitUntilRunning(client, SLOW_MS)
  return {
    ...{ handle, client, url },
    async visit() {
      const response = await client.browser.fetch(`${url}/health`)
      if (response.status !== 200) throw new Error(`${url} answered ${response.status}.`)
      await response.text()
    },
  }
}

const say = (line: string) => console.log(line)

/** One after the other falls asleep, by the platform's own clock, as others are made: all awake at once would not fit. */
async function addCrowd(stack: Stack, count: number, stayAwake: number): Promise<Member[]> {
  let made = 0
  const tasks = Array.from({ length: count }, (_, number) => async () => {
    const member = await addMember(stack, `crowd${number}`)
    // The first are those that are visited.
    if (number < stayAwake + MOST_WAKES) await openInstance(member.client, member.url, SLOW_MS)
    // An open connection is what keeps a computer awake.
    if (number < stayAwake) {
      const { socket } = await openNotes(member.client, member.handle)
      // Some are cut off with their computers.
      socket.on('error', () => undefined)
    }
    if (++made % 50 === 0) say(`${made} of ${count} computers are made`)
    return member
  })
  return await inParallel(tasks, MADE_AT_ONCE)
}

/** Each is thawed once, as for the first time since its memory was given back: what was thawed a moment ago is faster. */
async function measureWakes(sleepers: readonly Member[], twins: readonly PausedTwin[]) {
  const samples = { ours: [] as number[], floor: [] as number[] }
  for (const [index, member] of sleepers.entries()) {
    const twin = twins[index]
    if (!twin) throw new Error('There is no bare container.')
    samples.ours.push(await timed(member.visit))
    samples.floor.push(await timed(twin.thawToReady))
  }
  return samples
}

/** Of each part of the platform, and of all of them together. */
function platformMb(stack: Stack) {
  const { pid, parts } = stack.platform()
  const bytes = Object.entries({ supervisor: pid, ...parts }).map(
    ([name, each]) => [name, ownBytes(each)] as const,
  )
  const sum = bytes.reduce((all, [, own]) => all + own, 0)
  return {
    sum: round(sum / MB),
    ofParts: Object.fromEntries(bytes.map(([name, own]) => [name, round(own / MB)])),
  }
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

/** Just like the first computer, in the same network. */
async function makeTwins(stack: Stack, count: number): Promise<Twin[]> {
  const model = await engine().getContainer(`${stack.name}-crowd0`).inspect()
  return await inParallel(
    Array.from({ length: count }, (_, number) => () => createTwin(model, stack.dataDir, number)),
    MADE_AT_ONCE,
  )
}

async function freeze(twins: readonly Twin[], stack: Stack): Promise<PausedTwin[]> {
  const frozen: PausedTwin[] = []
  for (const [number, twin] of twins.entries())
    frozen.push(await pausedTwin(twin, `${stack.name}-crowd0-twin${number}`))
  for (const twin of frozen) await twin.pause()
  return frozen
}

/** Seconds from now until nobody is awake but those who have something open. */
async function sweepSeconds(stack: Stack, stayAwake: number): Promise<number> {
  const ms = await timed(() =>
    until('the others sleep', async () => ((await statesOf(stack)).running ?? 0) <= stayAwake, SLOW_MS),
  )
  return ms / 1000
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
  const sweepS = await sweepSeconds(stack, stayAwake)
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
  const platform = platformMb(stack)
  say(`the platform takes ${platform.sum} MB: ${JSON.stringify(platform.ofParts)}`)
  const twins = await makeTwins(stack, sleepers.length)
  try {
    const wakes = await measureWakes(sleepers, await freeze(twins, stack))
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
        platformMb: platform.sum,
        instanceMb: round(median(sets) / MB),
        reconcileS: round(reconcileS),
        sweepS: round(sweepS),
        wakeP50Ms: round(ours),
        wakeP95Ms: round(quantile(wakes.ours, 0.95)),
        madePerSecond: round(count / (makingMs / 1000)),
        machineMb: round((empty - full) / MB),
      },
      floor: { wakeP50Ms: round(floor) },
      ratio: { wake: round(ours / floor) },
      notes: `${JSON.stringify(states)} containers, ${hasZram() ? 'with' : 'without'} zram. sleeperMb: what the machine has less since the platform was empty, without the working sets of those that are awake, by sleeper. platformMb: proportional set sizes of supervisor, api, AI proxy, pages, edge, Caddy and demonstration model. instanceMb: median working set of those that are awake. reconcileS: from kill -9 of the api, while ${ENDED} computers end, until it knows of all of them. ${sleepers.length} wakes, interleaved with thaws of as many bare containers in the same crowd that were frozen and gave their memory back in the same way. sweepS: from the last creation until only those with an open connection are awake, who pause after ${ENV.PAUSE_AFTER_S} s.`,
    }
  } finally {
    await Promise.all(twins.map((twin) => twin.remove()))
  }
}
