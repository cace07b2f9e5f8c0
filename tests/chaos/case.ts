/** The form of a case: an action that is caught at one of its steps, and what must be true once all is over. */
import type { EngineCallKind, HeldCall, HoldPoint } from './engine-gate.ts'
import type { Frozen } from './frozen.ts'
import type { Person } from './people.ts'
import type { Victim, World } from './world.ts'

export interface UnderWay {
  /** Whether the action is still at that step. Asked right before the kill. */
  isUnderWay: () => boolean | Promise<boolean>
  /** The same as far as it can be told without the platform and its database. Asked right after the kill. */
  isStillHeld: () => boolean
  /** Lets it go on, or break off, now that something was killed. */
  letGo: (victim: Victim) => void
  /** Throws unless it came to a good end. */
  settle: () => Promise<void>
}

export interface ChaosCase {
  action: string
  step: string
  /** Cases with the same word are struck by one kill, all of them and no others. */
  together?: string
  /** Brings a computer to where the action can begin. Nothing is killed meanwhile. */
  prepare: (world: World, handle: string) => Promise<Person>
  /** Begins the action; resolves once it is at that step. */
  begin: (world: World, person: Person) => Promise<UnderWay>
}

export const nameOf = ({ action, step }: ChaosCase): string => `${action}: ${step}`

/** A call that the platform waits for, seen from what was killed. */
export function letGoOf(call: HeldCall, point: HoldPoint): UnderWay['letGo'] {
  return (victim) => {
    // A dead engine's connections break. A dead api's last call may still be in the engine's ear.
    if (victim === 'dockerd') call.drop()
    else if (victim === 'api' && point === 'done') call.drop()
    else call.passOn()
  }
}

export interface HeldAt {
  kind: EngineCallKind
  point: HoldPoint
  generation?: number
  /** What the row says meanwhile: one of these. */
  observed: string | readonly string[]
}

export interface CallCase extends HeldAt {
  act: () => Promise<unknown>
  settle: () => Promise<void>
}

/** Under way at a call to the engine. */
export async function atCall(world: World, person: Person, options: CallCase): Promise<UnderWay> {
  const { observed, act, settle, ...at } = options
  const { point } = at
  const held = world.gate.hold({ container: person.container, ...at })
  await act()
  const call = await held
  return {
    isUnderWay: async () => call.isHeld() && [observed].flat().includes((await person.row())?.observed ?? ''),
    isStillHeld: call.isUnanswered,
    letGo: letGoOf(call, point),
    settle,
  }
}

/** Under way in a process that stands still. */
export const atProcess = (
  frozen: Frozen,
  rest: Pick<UnderWay, 'isUnderWay' | 'settle'> & Partial<UnderWay>,
): UnderWay => ({
  isStillHeld: frozen.isFrozen,
  letGo: frozen.thaw,
  ...rest,
  isUnderWay: async () => frozen.isFrozen() && (await rest.isUnderWay()),
})
