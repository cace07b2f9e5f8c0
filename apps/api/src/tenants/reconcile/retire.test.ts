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

/** Which generations go; `reread`: what the database has by then. */
async function retired(
  row: Partial<InstanceRow>,
  seen: RuntimeInstance[],
  reread: Partial<InstanceRow> = row,
): Promise<(number | undefined)[]> {
  const gone: (number | undefined)[] = []
  let current = row
  const retire = createRetire({
    cache: {
      get: () => current as InstanceRow,
      reloadOne: async () => {
        current = reread
      },
    },
    runtime: { remove: async (_id, { generation } = {}) => void gone.push(generation) },
    log: pino({ level: 'silent' }),
  })
  const serving = seen.find(({ generation }) => generation === row.generation)
  await retire(seen, new Map(serving ? [[id, serving]] : []))
  return gone
}

const running = { observed: 'running', generation: 2, leaseOwner: null } as const

it('removes what is older than the container that serves, and nothing newer', async () => {
  expect(await retired(running, [container(1), container(2), container(3)])).toEqual([1])
  expect(await retired(running, [container(1, 'stopped'), container(2)])).toEqual([1])
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
