import { newId } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { RuntimeInstance } from '../../ports/runtime.ts'
import type { InstanceRow } from '../store.ts'
import { createRetire } from './retire.ts'

const id = newId('ins', systemClock)
const container = (generation: number, status = 'running') =>
  ({ id, handle: 'ada', generation, status }) as RuntimeInstance

/** Slots that were freed without a container. */
let left: number[] = []

/** Which generations go; `reread`: what the database has by then. */
async function retired(
  row: Partial<InstanceRow>,
  seen: RuntimeInstance[],
  reread: Partial<InstanceRow> = row,
  superseded: number[] = [],
): Promise<(number | undefined)[]> {
  const gone: (number | undefined)[] = []
  const freed: number[] = []
  let current = row
  const retire = createRetire({
    cache: {
      get: () => current as InstanceRow,
      reloadOne: async () => {
        current = reread
      },
    },
    runtime: { remove: async (_id, { generation } = {}) => void gone.push(generation) },
    freeSlot: async ({ generation }) => void freed.push(generation),
    supersededSlots: async () => superseded.map((generation) => ({ instanceId: id, generation })),
    log: pino({ level: 'silent' }),
  })
  const serving = seen.find(({ generation }) => generation === row.generation)
  await retire(seen, new Map(serving ? [[id, serving]] : []))
  expect(freed.slice(0, gone.length)).toEqual(gone)
  left = freed.slice(gone.length)
  return gone
}

const running = { observed: 'running', generation: 2, formerGeneration: null, leaseOwner: null } as const

it('removes what the container that serves has replaced, and what it came back for', async () => {
  expect(await retired(running, [container(1), container(2), container(3, 'stopped')])).toEqual([1, 3])
  expect(await retired(running, [container(1, 'stopped'), container(2)])).toEqual([1])
})

it('frees the slot of a container that is gone, where a kill came between the two', async () => {
  expect(await retired(running, [container(2)], running, [1])).toEqual([])
  expect(left).toEqual([1])
})

it('leaves a slot to a container that is still there', async () => {
  const elsewhere = { ...running, generation: 1 }
  expect(await retired(running, [container(1), container(2)], elsewhere, [1])).toEqual([])
  expect(left).toEqual([])
})

it('keeps the one before for as long as the next does not serve', async () => {
  expect(await retired(running, [container(1)])).toEqual([])
  expect(await retired(running, [container(1), container(2, 'created')])).toEqual([])
  expect(await retired({ ...running, observed: 'starting' }, [container(1), container(2)])).toEqual([])
})

it('leaves both alone while somebody acts on the instance, or has gone back to the one before', async () => {
  const both = [container(1), container(2)]
  expect(await retired({ ...running, leaseOwner: 'other' }, both)).toEqual([])
  expect(await retired(running, both, { ...running, generation: 1 })).toEqual([])
})

it('keeps the one before an upgrade for as long as that may be taken back', async () => {
  const all = [container(1), container(2), container(3)]
  expect(await retired({ ...running, generation: 3, formerGeneration: 2 }, all)).toEqual([1])
})
