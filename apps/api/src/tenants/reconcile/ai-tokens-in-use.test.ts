import { newId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../../clock.ts'
import type { RuntimeInstance } from '../../ports/runtime.ts'
import { aiTokensInUse } from './ai-tokens-in-use.ts'

const id = newId('ins', systemClock)
const container = (
  aiTokenGeneration: number | null,
  { generation = 1, status = 'running' }: Partial<RuntimeInstance> = {},
) => ({ id, generation, status, aiTokenGeneration }) as RuntimeInstance

/** The first of `seen` serves. */
const inUse = (seen: RuntimeInstance[], observed: 'running' | 'starting' = 'running') =>
  aiTokensInUse([{ id, observed }], seen, new Map(seen.slice(0, 1).map((one) => [id, one])))

it('is the token of the container that serves', () => {
  expect(inUse([container(3)])).toEqual([{ id, aiTokenGeneration: 3 }])
})

it('is an older one for as long as another container may have it, whether or not it runs', () => {
  expect(inUse([container(3), container(1, { generation: 2, status: 'stopped' })])).toEqual([
    { id, aiTokenGeneration: 1 },
  ])
  expect(inUse([container(3), container(null, { generation: 2 })])).toEqual([{ id, aiTokenGeneration: 0 }])
})

it('is not known of what is not healthy yet, or stands still', () => {
  expect(inUse([container(3)], 'starting')).toEqual([])
  expect(inUse([container(3, { status: 'stopped' })])).toEqual([])
  expect(inUse([])).toEqual([])
})
