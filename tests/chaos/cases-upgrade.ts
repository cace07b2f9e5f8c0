/**
 * Upgrades. One is under way at a time, so one kill strikes several computers of it, each at another step: with an image
 * that serves, and with one that runs everywhere but on people's computers, from which all go back. What tries an image is struck alone.
 */
import { until } from '@matrixos/testing/until'
import { atCall, type ChaosCase, type HeldAt, letGoOf, type UnderWay } from './case.ts'
import { expectKept } from './invariants.ts'
import { createOwner, type Person } from './people.ts'
import { type NextKind, type Rollout, rolloutsOf } from './rollouts.ts'
import type { Victim, World } from './world.ts'

const ENDS_MS = 90_000
const TRIAL = 'upgrade--trial'
const PATIENCE_S = 3_600
/** Of a computer that has not been upgraded before, and of what it is upgraded to. */
const BEFORE = 1
const NEXT = 2

interface Part extends HeldAt {
  step: string
  kind: 'create' | 'start' | 'stop' | 'remove'
  /** Comes only once the upgrade is settled. */
  isLast?: boolean
}

const STEPS: Record<NextKind, readonly Part[]> = {
  good: [
    { step: 'the computer is to stop for it', kind: 'stop', point: 'asked', observed: 'stopping' },
    { step: 'it has stopped, and nobody was told', kind: 'stop', point: 'done', observed: 'stopping' },
    {
      step: 'its next container is asked for',
      ...{ kind: 'create', point: 'asked', generation: NEXT, observed: ['creating', 'starting'] },
    },
    {
      step: 'the start of that is asked for',
      ...{ kind: 'start', point: 'asked', generation: NEXT, observed: 'starting' },
    },
    {
      step: 'that is started, and nobody was told',
      ...{ kind: 'start', point: 'done', generation: NEXT, observed: 'starting' },
    },
    {
      step: 'the one before is to be removed',
      ...{ kind: 'remove', point: 'asked', generation: BEFORE, observed: 'running', isLast: true },
    },
  ],
  treacherous: [
    {
      step: 'the one before is to start again',
      ...{ kind: 'start', point: 'asked', generation: BEFORE, observed: 'starting' },
    },
    {
      step: 'the one before has started, and nobody was told',
      ...{ kind: 'start', point: 'done', generation: BEFORE, observed: 'starting' },
    },
    {
      step: 'what did not run is to be removed',
      ...{ kind: 'remove', point: 'asked', generation: NEXT, observed: 'running', isLast: true },
    },
  ],
}

const ACTION: Record<NextKind, string> = { good: 'upgrade', treacherous: 'rollback' }

const isOver = (step: string | null) => step === 'done' || step === 'rolled_back'

interface Ending {
  kind: NextKind
  rollout: Rollout
  victim: Victim | null
}

/** At the end of it, with the image that its container has, and all that it kept. */
async function isSettled(world: World, person: Person, { kind, rollout, victim }: Ending): Promise<void> {
  const ends = async () => {
    await rollout.age(person).catch(() => undefined)
    return isOver(await rollout.stepOf(person).catch(() => null))
  }
  await until(`${person.handle} is at the end of its ${ACTION[kind]}`, ends, ENDS_MS)
  await person.becomes('running')
  await person.open()
  expectKept(person)
  const hasNext = (await rollout.stepOf(person)) === 'done'
  if (hasNext && kind === 'treacherous') throw new Error(`${person.handle} has kept what does not run.`)
  // An engine that dies ends what runs: what has hardly begun to run with its next image goes back, rightly.
  if (!hasNext && kind === 'good' && victim !== 'dockerd')
    throw new Error(`${person.handle} has gone back: ${await rollout.whyNot(person)}`)
  const { Config } = await world.engine.docker
    .getContainer(`${person.container}${hasNext ? `.${NEXT}` : ''}`)
    .inspect()
  if ((Config.Labels['os.matrix.image'] === rollout.image) !== hasNext)
    throw new Error(`${person.handle} runs from ${Config.Labels['os.matrix.image']}.`)
}

async function upgrading(world: World, person: Person, kind: NextKind, part: Part): Promise<UnderWay> {
  const rollouts = await rolloutsOf(world)
  const { isLast = false, step: _, ...at } = part
  const joined = rollouts.join({ kind, most: STEPS[kind].length, patienceS: 0 })
  let victim: Victim | null = null
  const underWay = await atCall(world, person, {
    ...at,
    async act() {
      const rollout = await joined
      const comes = async () => {
        await rollout.age(person)
        return isOver(await rollout.stepOf(person))
      }
      if (isLast) await until(`${person.handle} is upgraded`, comes, ENDS_MS)
    },
    async settle() {
      const rollout = await joined
      await isSettled(world, person, { kind, rollout, victim })
      await rollouts.end()
    },
  })
  return {
    ...underWay,
    letGo(struck) {
      victim = struck
      underWay.letGo(struck)
    },
  }
}

const partsOf = (kind: NextKind): ChaosCase[] =>
  STEPS[kind].map((part) => ({
    ...{ action: ACTION[kind], step: part.step, together: kind },
    async prepare(world, handle) {
      await (await rolloutsOf(world)).end()
      return await createOwner(world, handle)
    },
    begin: (world, person) => upgrading(world, person, kind, part),
  }))

/** It touches nobody, whatever becomes of it. */
async function trying(world: World, person: Person, { kind, point }: HeldAt): Promise<UnderWay> {
  const rollouts = await rolloutsOf(world)
  const held = world.gate.hold({ container: `${world.stack.name}-${TRIAL}`, kind, point })
  const rollout = await rollouts.join({ kind: 'good', most: 1, patienceS: PATIENCE_S })
  const call = await held
  const isTried = async () => (await rollout.trial()) === 'running'
  const hasEnded = async () => ['passed', 'failed'].includes(await rollout.trial().catch(() => ''))
  return {
    isUnderWay: async () => call.isHeld() && (await isTried()),
    isStillHeld: call.isUnanswered,
    letGo: letGoOf(call, point),
    async settle() {
      await until('the trial is over', hasEnded, ENDS_MS)
      await person.open()
      expectKept(person)
      await rollouts.end()
    },
  }
}

const trials: ChaosCase[] = [
  { step: 'the container that tries the image is asked for', kind: 'create', point: 'asked' } as const,
  { step: 'what tries the image is started, and nobody was told', kind: 'start', point: 'done' } as const,
].map(({ step, ...at }) => ({
  ...{ action: 'upgrade', step, together: step },
  async prepare(world, handle) {
    await (await rolloutsOf(world)).end()
    return await createOwner(world, handle)
  },
  begin: (world, person) => trying(world, person, { ...at, observed: 'running' }),
}))

export const upgradeCases: readonly ChaosCase[] = [...partsOf('good'), ...partsOf('treacherous'), ...trials]
