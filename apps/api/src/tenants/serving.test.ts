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
  serving.announce(id, address)
  expect(await waiting).toMatchObject({ observed: 'running', address, version: 4 })
  expect(serving.view.get(id)).toMatchObject({ observed: 'running', address })
})

it('holds no longer than it is announced', () => {
  const { serving } = rig()
  const withdraw = serving.announce(id, address)
  withdraw()
  expect(serving.view.get(id)).toMatchObject({ observed: 'starting', address: null })
  serving.announce(id, address)
  withdraw()
  expect(serving.view.get(id)).toMatchObject({ observed: 'running' })
})

it('gives way to any change of the row', () => {
  const { serving, change } = rig()
  serving.announce(id, address)
  change({ desired: 'asleep' })
  expect(serving.view.get(id)).toMatchObject({ observed: 'starting', desired: 'asleep' })
})

it('announces nothing of what is not starting any more', () => {
  const { serving } = rig({ ...starting, observed: 'stopping' })
  serving.announce(id, address)
  expect(serving.view.get(id)).toMatchObject({ observed: 'stopping' })
})

it('lets in who is careful only once it is certain', async () => {
  const { serving } = rig()
  const { view, carefulView } = serving
  const { signal } = new AbortController()
  const asked: string[] = []
  const waiting = waitForRow(carefulView, id, isRunning, signal).then(() => asked.push('careful'))
  const daring = waitForRow(view, id, isRunning, signal).then(() => asked.push('daring'))
  const withdraw = serving.announce(id, address, { isCertain: false })
  await daring
  expect(carefulView.get(id)).toMatchObject({ observed: 'starting' })
  serving.announce(id, address)
  await waiting
  expect(asked).toEqual(['daring', 'careful'])
  // What was announced later stands.
  withdraw()
  expect(carefulView.get(id)).toMatchObject({ observed: 'running', address })
})
