import { newId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import type { InstanceAddress } from '../ports/runtime.ts'
import type { Change } from './cache.ts'
import { createServing } from './serving.ts'
import type { InstanceRow } from './store.ts'
import { waitForRow } from './wait.ts'

const id = newId('ins', systemClock)
const address = { host: '10.0.0.9', gatewayPort: 4000 } as InstanceAddress
const starting = { id, observed: 'starting', desired: 'awake', address: null, version: 4 } as InstanceRow

function rig(first: InstanceRow = starting) {
  let row = first
  const listeners = new Set<(change: Change) => void>()
  const serving = createServing({
    get: () => row,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  })
  return {
    serving,
    change(next: Partial<InstanceRow>) {
      row = { ...row, ...next, version: row.version + 1 }
      for (const listener of listeners) listener({ row, removed: false, added: false })
    },
  }
}

const isRunning = ({ observed }: InstanceRow) => observed === 'running'

it('lets in who waits before the end of the start is written', async () => {
  const { serving } = rig()
  const waiting = waitForRow(serving.view, id, isRunning, new AbortController().signal)
  serving.announce(id, address, new Promise(() => undefined))
  expect(await waiting).toMatchObject({ observed: 'running', address, version: 4 })
  expect(serving.view.get(id)).toMatchObject({ observed: 'running', address })
})

it('holds no longer than the write, whatever comes of it', async () => {
  for (const recorded of [Promise.resolve(null), Promise.reject(new Error('The database is away.'))]) {
    const { serving } = rig()
    serving.announce(id, address, recorded)
    await recorded.catch(() => undefined)
    await Promise.resolve()
    expect(serving.view.get(id)).toMatchObject({ observed: 'starting', address: null })
  }
})

it('gives way to any change of the row', () => {
  const { serving, change } = rig()
  serving.announce(id, address, new Promise(() => undefined))
  change({ desired: 'asleep' })
  expect(serving.view.get(id)).toMatchObject({ observed: 'starting', desired: 'asleep' })
})

it('announces nothing of what is not starting any more', () => {
  const { serving } = rig({ ...starting, observed: 'stopping' })
  serving.announce(id, address, new Promise(() => undefined))
  expect(serving.view.get(id)).toMatchObject({ observed: 'stopping' })
})
