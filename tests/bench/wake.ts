/** Waking: a request through the edge to a stopped or paused instance until its first byte, against the engine alone. */
import { bootStack } from '../support/stack.ts'
import { engine, testContainers } from '../support/test-engine.ts'
import { createTwin, type Twin } from './floor.ts'
import { measureHangingStart } from './hanging-start.ts'
import { measurePausedWakes } from './paused-wake.ts'
import { createPerson, type Person } from './people.ts'
import { type BenchResult, inParallel, median, quantile, round, timed } from './result.ts'
import { measureWakesBeside } from './wake-beside.ts'

const ROUNDS = 15
const CROWD = 20
const CONCURRENCY = 10

export async function run(): Promise<BenchResult> {
  const hanging = await measureHangingStart()
  const paused = await measurePausedWakes()
  const result = await measureWakes()
  const { figures, floor, ratio } = result
  const [beside, alone] = [median(hanging.beside), median(hanging.alone)]
  const [thaw, bareThaw] = [median(paused.ours), median(paused.floor)]
  const more = {
    ...{ besideHangingP50Ms: beside, hangingStartDelayMs: beside - alone },
    ...{ pausedP50Ms: thaw, pausedP95Ms: quantile(paused.ours, 0.95) },
  }
  return {
    ...result,
    figures: { ...figures, ...rounded(more) },
    floor: { ...floor, ...rounded({ besideHangingP50Ms: alone, pausedP50Ms: bareThaw }) },
    ratio: { ...ratio, paused: round(thaw / bareThaw) },
  }
}

async function measureWakes(): Promise<BenchResult> {
  await using stack = await bootStack({ parts: 'real', env: { LOG_LEVEL: 'warn' } })
  const handles = Array.from({ length: CROWD }, (_, i) => `wake${i}`)
  const people = await inParallel(
    handles.map((handle) => () => createPerson(stack, handle)),
    4,
  )
  const twins = await createTwins(stack.name, stack.dataDir)
  try {
    const [person, other] = people
    const [twin] = twins
    if (!person || !other || !twin) throw new Error('Nobody was made.')
    const single = await oneAtATime(person, twin)
    const crowd = await together(people, twins)
    const beside = await measureWakesBeside(stack, person, other)
    const besideAlone = median(beside.alone)
    const figures = {
      stoppedP50Ms: median(single.ours),
      stoppedP95Ms: quantile(single.ours, 0.95),
      burst20Ms: median(crowd.ours),
      stopDelayMs: median(beside.stopping) - besideAlone,
      createDelayMs: median(beside.creating) - besideAlone,
    }
    const floor = {
      ...{ stoppedP50Ms: median(single.floor), burst20Ms: median(crowd.floor) },
      besideP50Ms: besideAlone,
    }
    return {
      bench: 'wake',
      ok: true,
      figures: rounded(figures),
      floor: rounded(floor),
      ratio: {
        stopped: round(figures.stoppedP50Ms / floor.stoppedP50Ms),
        burst20: round(figures.burst20Ms / floor.burst20Ms),
      },
      notes: `${ROUNDS} rounds, interleaved; the floor starts a twin container through the engine's API and polls /health every 10 ms. hangingStartDelayMs is a wake while another start hangs less the same wake alone, in turns, with ENGINE_CONCURRENCY=1. stopDelayMs and createDelayMs are a wake while another computer stops, or is being made, less the same wake alone, in turns. pausedP50Ms: computers that the platform froze after 4 s, their memory given back, in turns with a bare container that is frozen in the same way, thawed by the engine and asked every 10 ms.`,
    }
  } finally {
    await Promise.all(twins.map((twin) => twin.remove()))
  }
}

async function createTwins(name: string, dataDir: string): Promise<Twin[]> {
  const [model] = await testContainers(name)
  if (!model) throw new Error('There is no container to make twins of.')
  const info = await engine().getContainer(model.Id).inspect()
  return Promise.all(Array.from({ length: CROWD }, (_, i) => createTwin(info, dataDir, i)))
}

async function oneAtATime(person: Person, twin: Twin) {
  const samples = { ours: [] as number[], floor: [] as number[] }
  for (let round = 0; round <= ROUNDS; round++) {
    await person.sleep()
    const ours = await timed(person.visit)
    const floor = await timed(twin.startToReady)
    await twin.stop()
    // The first round warms both.
    if (round === 0) continue
    samples.ours.push(ours)
    samples.floor.push(floor)
  }
  return samples
}

/** Twenty sleepers, ten visits at once: the time until the last one is served. */
async function together(people: Person[], twins: Twin[]) {
  const samples = { ours: [] as number[], floor: [] as number[] }
  for (let round = 0; round < 3; round++) {
    await inParallel(
      people.map((person) => person.sleep),
      4,
    )
    samples.ours.push(
      await timed(() =>
        inParallel(
          people.map((person) => person.visit),
          CONCURRENCY,
        ),
      ),
    )
    samples.floor.push(
      await timed(() =>
        inParallel(
          twins.map((twin) => twin.startToReady),
          CONCURRENCY,
        ),
      ),
    )
    await inParallel(
      twins.map((twin) => twin.stop),
      4,
    )
  }
  return samples
}

const rounded = <T extends Record<string, number>>(values: T) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, round(value)]))
