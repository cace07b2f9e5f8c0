import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@matrixos/shared'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { systemClock } from '../../../clock.ts'
import { removeEtcFiles, writeEtcFiles } from './etc-files.ts'

let stateDir: string
beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'mos-etc-'))
})
afterEach(() => rmSync(stateDir, { recursive: true, force: true }))

const [id, other] = [newId('ins', systemClock), newId('ins', systemClock)]
const write = (key: { id: typeof id; generation: number }) =>
  writeEtcFiles(stateDir, { ...key, handle: 'ada', address: '10.0.0.2' })

it('removes the files of one generation, or of all of an instance, and nobody else’s', async () => {
  for (const generation of [1, 2, 12]) await write({ id, generation })
  await write({ id: other, generation: 1 })
  await removeEtcFiles(stateDir, { id, generation: 1 })
  expect(readdirSync(stateDir).toSorted()).toEqual([`${id}.12`, `${id}.2`, `${other}.1`].toSorted())
  await removeEtcFiles(stateDir, { id })
  expect(readdirSync(stateDir)).toEqual([`${other}.1`])
})

it('finds nothing to remove where nothing was ever written', async () => {
  const nowhere = join(stateDir, 'nowhere')
  await removeEtcFiles(nowhere, { id })
  await removeEtcFiles(nowhere, { id, generation: 1 })
  expect(existsSync(nowhere)).toBe(false)
})
