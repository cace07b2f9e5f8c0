import { type InstanceId, newId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { HomeRef } from '../../ports/home-store.ts'
import type { RuntimeInstance } from '../../ports/runtime.ts'
import type { InstanceRow } from '../store.ts'
import { createPutAway, type PutAwayOptions } from './put-away.ts'

type Found = Partial<InstanceRow> & { status?: RuntimeInstance['status']; isTrial?: boolean }

/** One attached home, its row, where it has one, and what the runtime shows of it. */
function subject({ status = 'stopped', isTrial = false, ...seen }: Found, isKnown = true) {
  const id = newId('ins', systemClock)
  const rest = { desired: 'asleep', observed: 'stopped', generation: 1, tokenGeneration: 1, failures: 2 }
  const error = { code: 'instance_unhealthy', message: 'It ended.' }
  let row = isKnown ? ({ id, handle: 'ada', ...rest, error, ...seen } as InstanceRow) : null
  const told: string[] = []
  const options: PutAwayOptions = {
    homes: {
      attached: async () => [{ id, handle: 'ada' }],
      detach: async ({ handle }: HomeRef) => void told.push(`detach ${handle} ${row?.leaseOwner ?? ''}`),
    },
    runtime: {
      inspect: async () => ({ id, status }) as RuntimeInstance,
      list: async () => [{ id, status } as RuntimeInstance],
    },
    store: {
      begin: async (found, owner, during) => {
        row = found.leaseOwner ? null : ({ ...found, ...during, leaseOwner: owner } as InstanceRow)
        return row
      },
      finish: async (_id, _owner, outcome) => {
        row = { ...row, ...outcome, leaseOwner: null } as InstanceRow
        return row
      },
    },
    cache: {
      get: () => row ?? undefined,
      publish: (written) => written,
      reloadOne: async (_id: InstanceId) => undefined,
    },
    isTrial: async () => isTrial,
    processId: 'api',
  }
  return { run: createPutAway(options), told, row: () => row }
}

it('gives back the home of what rests, under a lease, and leaves its row as it was', async () => {
  const { run, told, row } = subject({})
  await run()
  expect(told).toEqual(['detach ada api/homes'])
  expect(row()).toMatchObject({ observed: 'stopped', failures: 2, error: { message: 'It ended.' } })
})

it.each([
  ['is up', { observed: 'running', desired: 'awake' }],
  ['is to start', { desired: 'awake' }],
  ['runs, whatever its row says', { status: 'running' }],
  ['is paused, whatever its row says', { status: 'paused' }],
  ['somebody else acts on', { leaseOwner: 'another' }],
] satisfies [string, Found][])('leaves alone what %s', async (_, found) => {
  const { run, told } = subject(found)
  await run()
  expect(told).toEqual([])
})

it('gives back the home of no account, unless it runs or tries an image', async () => {
  const stray = subject({}, false)
  await stray.run()
  expect(stray.told).toEqual(['detach ada '])
  for (const found of [{ status: 'running' }, { isTrial: true }] satisfies Found[]) {
    const other = subject(found, false)
    await other.run()
    expect(other.told).toEqual([])
  }
})
