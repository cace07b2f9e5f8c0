/** Waking from a pause: a request through the edge to a computer that the platform froze, against a bare thaw and its first 200. */
import { until } from '@matrixos/testing/until'
import { bootStack } from '../support/stack.ts'
import { engine, testContainers } from '../support/test-engine.ts'
import { createTwin } from './floor.ts'
import { pausedTwin } from './paused-twin.ts'
import { createPerson } from './people.ts'
import { inParallel, timed } from './result.ts'

const PEOPLE = 4
const ROUNDS = 8
const PAUSE_LIMIT_MS = 60_000

/** Frozen as soon as nobody has asked for a moment; stopped, never. */
const ENV = {
  ...{ LOG_LEVEL: 'warn', PAUSE_AFTER_S: '4', IDLE_LIMIT_S: '3600' },
  ...{ IN_FLIGHT_INTERVAL_MS: '200', RESYNC_S: '0.5' },
}

export interface PausedSamples {
  /** Milliseconds of each wake. */
  ours: number[]
  floor: number[]
}

export async function measurePausedWakes(): Promise<PausedSamples> {
  await using stack = await bootStack({ parts: 'real', env: ENV })
  const handles = Array.from({ length: PEOPLE }, (_, i) => `paused${i}`)
  const people = await inParallel(
    handles.map((handle) => () => createPerson(stack, handle)),
    2,
  )
  const [model] = await testContainers(stack.name)
  if (!model) throw new Error('There is no container to make a twin of.')
  const info = await engine().getContainer(model.Id).inspect()
  const twin = await createTwin(info, stack.dataDir, 0)
  try {
    const bare = await pausedTwin(twin, `${info.Name.slice(1)}-twin0`)
    await bare.pause()
    const samples: PausedSamples = { ours: [], floor: [] }
    for (let round = 0; round <= ROUNDS; round++) {
      // All of them first: what freezes one takes the machine's time from the wake of another.
      for (const { handle } of people) await untilPaused(`${stack.name}-${handle}`)
      for (const person of people) {
        const ours = await timed(person.visit)
        const floor = await timed(bare.thawToReady)
        await bare.pause()
        // The first round warms all of them.
        if (round > 0) samples.ours.push(ours)
        if (round > 0) samples.floor.push(floor)
      }
    }
    return samples
  } finally {
    await twin.remove()
  }
}

const untilPaused = (container: string) =>
  until(
    `${container} is paused`,
    async () => (await engine().getContainer(container).inspect()).State.Paused,
    PAUSE_LIMIT_MS,
  )
