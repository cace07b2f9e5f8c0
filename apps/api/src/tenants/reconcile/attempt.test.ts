import type { Action } from '@matrixos/shared'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import type { InstanceCache } from '../cache.ts'
import type { InstanceRow, TenantStore } from '../store.ts'
import { createAttempts } from './attempt.ts'
import type { Lanes } from './lanes.ts'

/** How an action gives way to others, or goes before them. */
async function courtesyOf(
  action: Action,
  { hasRun = true, isVisited = false }: { hasRun?: boolean; isVisited?: boolean } = {},
): Promise<string[]> {
  const seen: string[] = []
  const row = { id: 'ins_1', hasRun, version: 1 } as unknown as InstanceRow
  const attempt = createAttempts({
    store: { begin: async () => row } as unknown as TenantStore,
    cache: { publish: () => row, get: () => row, reloadOne: async () => {} } as unknown as InstanceCache,
    lanes: { run: (_request: unknown, work: () => Promise<unknown>) => work() } as unknown as Lanes,
    courtesy: {
      first: (work) => {
        seen.push('goes first')
        return work()
      },
      wait: async () => void seen.push('waits'),
      waitAMoment: async () => void seen.push('waits a moment'),
    },
    perform: async (_row, performed) => {
      seen.push(performed)
      return async () => {}
    },
    isVisited: () => isVisited,
    processId: 'api-1',
    log: pino({ level: 'silent' }),
  })
  await attempt(row, action, () => false)
  return seen
}

it.each(['pause', 'stop', 'archive', 'remove'] as const)('lets wakes go before a %s', async (action) => {
  expect(await courtesyOf(action)).toEqual(['waits a moment', action])
})

it('lets a start go first whose visitor waits', async () => {
  expect(await courtesyOf('start', { isVisited: true })).toEqual(['goes first', 'start'])
})

it('lets wakes go before the first start of a computer, without a moment more', async () => {
  expect(await courtesyOf('start', { hasRun: false, isVisited: true })).toEqual(['waits', 'start'])
})

it('starts at once what nobody waits for', async () => {
  expect(await courtesyOf('start')).toEqual(['start'])
})
