/** The gate is what proves that something was under way: it must hold what it says, and nothing else. */

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Docker from 'dockerode'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EngineGate, openEngineGate } from './engine-gate.ts'

let folder = ''
let engine: Server
let gate: EngineGate
let heard: string[] = []
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mos-gate-'))
  const target = join(folder, 'engine.sock')
  heard = []
  engine = createServer((request, response) => {
    const isInspect = request.url?.endsWith('/json')
    if (!isInspect) heard.push(`${request.method} ${request.url}`)
    request.resume()
    response.setHeader('content-type', 'application/json')
    request.on('end', () => response.end(JSON.stringify(isInspect ? { Name: '/t-ada' } : { Id: 'made' })))
  })
  await new Promise<void>((resolve) => engine.listen(target, resolve))
  gate = await openEngineGate({ folder, target, docker: new Docker({ socketPath: target }) })
})
afterEach(async () => {
  await gate[Symbol.asyncDispose]()
  await new Promise((resolve) => engine.close(resolve))
  rmSync(folder, { recursive: true })
})

const client = () => new Docker({ socketPath: join(folder, 'gate.sock') })
const create = (name: string) => client().createContainer({ name, Image: 'none' })

/** Caught from the beginning: it may break before it is looked at. */
const refusalOf = (call: Promise<unknown>): Promise<string> => call.then(() => 'answered', String)

describe('the engine gate', () => {
  it('holds a call that the engine has not heard of, and passes it on with its body', async () => {
    const held = gate.hold({ container: 't-ada', kind: 'create', point: 'asked' })
    const answer = create('t-ada')
    const call = await held
    expect([call.isHeld(), heard]).toEqual([true, []])
    call.passOn()
    expect((await answer).id).toBe('made')
    expect(call.isHeld()).toBe(false)
    expect(heard).toHaveLength(1)
  })

  it('holds the answer to what the engine has done, and can break the connection', async () => {
    const held = gate.hold({ container: 't-ada', kind: 'start', point: 'done' })
    const answer = refusalOf(client().getContainer('anything').start())
    const call = await held
    expect(call.isHeld()).toBe(true)
    expect(heard).toEqual(['POST /containers/anything/start'])
    call.drop()
    expect(await answer).toContain('socket hang up')
  })

  it('lets the calls for other containers by', async () => {
    void gate.hold({ container: 't-bob', kind: 'create', point: 'asked' })
    expect((await create('t-ada')).id).toBe('made')
  })
})
