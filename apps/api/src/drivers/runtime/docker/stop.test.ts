import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { systemClock } from '../../../clock.ts'
import type { DockerContext } from './context.ts'
import { writeEtcFiles } from './etc-files.ts'
import { removeInstance } from './stop.ts'

it('removes what it kept for a container that is gone: a removal may have been interrupted in between', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'mos-docker-state-'))
  const id = newId('ins', systemClock)
  await writeEtcFiles(stateDir, { id, generation: 1, handle: 'ada', address: '10.0.0.2' })
  const engine: Partial<DockerContext['engine']> = { listContainers: async () => [] }
  const context = { engine, settings: { stateDir, platformId: 'here' } } as DockerContext
  await removeInstance(context, id)
  expect(readdirSync(stateDir)).toEqual([])
  rmSync(stateDir, { recursive: true })
})
