import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openEngineProxy } from '../../../api/src/drivers/runtime/testing/engine-proxy.ts'
import { createEngine } from './engine.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mosr-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it.each(['silent', 'stalled'] as const)('gives up on an engine that is %s', async (how) => {
  await using proxy = await openEngineProxy({ folder, answer: () => how })
  const socketPath = proxy.host.slice('unix://'.length)
  const engine = createEngine({ socketPath }, { callMs: 100, importMs: 200 })
  const archive = Readable.from([Buffer.from('x')])
  const calls = [
    engine.architecture(),
    engine.find('x:y'),
    engine.importImage({ tag: 'x:y', archive, changes: [] }),
    engine.extendImage({ tag: 'x:y', base: 'x:z', archive, changes: [] }),
    engine.removeUnused('x'),
  ]
  await Promise.all(calls.map((call) => expect(call).rejects.toThrow()))
})
