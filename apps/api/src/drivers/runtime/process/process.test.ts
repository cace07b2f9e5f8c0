import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { until } from '@matrixos/testing/until'
import { describe, expect, it } from 'vitest'
import type { Runtime } from '../../../ports/runtime.ts'
import { createLocalHomes } from '../../home-store/local/index.ts'
import { runtimeContract } from '../testing/contract.ts'
import {
  healthy,
  makeSpec,
  makeSpecWithHome,
  type RuntimeHarness,
  recordEvents,
  writeHome,
} from '../testing/harness.ts'
import { createProcessRuntime } from './index.ts'
import { launch, markOf } from './launch.ts'
import { type ProcessRuntimeOptions, processSettings } from './options.ts'
import { createState, forgetState, initialState, readState, readStates, writeState } from './state.ts'
import { recordExit } from './verbs.ts'

const ENTRY = fileURLToPath(new URL('../testing/fake-instance.ts', import.meta.url))

interface ProcessHarness extends RuntimeHarness {
  stateDir: string
}

async function bootProcess(overrides: Partial<ProcessRuntimeOptions> = {}): Promise<ProcessHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'mosr-'))
  const stateDir = join(folder, 'runtime')
  const options = { stateDir, entries: [ENTRY], timing: { watchMs: 50 }, ...overrides }
  const opened: Runtime[] = []
  const open = () => {
    const runtime = createProcessRuntime(options)
    opened.push(runtime)
    return runtime
  }
  const signal = async (id: string, name: NodeJS.Signals) => {
    const row = (await open().list()).find((candidate) => candidate.id === id)
    const state = row && (await readState(stateDir, row))
    if (!state?.pid) throw new Error(`${id} has no process`)
    process.kill(state.pid, name)
    const expected = name === 'SIGSTOP' ? 'paused' : 'stopped'
    await until(`it is ${expected}`, async () => (await open().inspect(state))?.status === expected)
  }
  return {
    stateDir,
    homes: createLocalHomes({ instancesDir: join(folder, 'instances') }),
    image: 'ignored',
    open,
    kill: (id) => signal(id, 'SIGKILL'),
    pause: (id) => signal(id, 'SIGSTOP'),
    [Symbol.asyncDispose]: async () => {
      // All of them: each writes down itself how the children ended that it had started.
      await Promise.all([...opened, open()].map((runtime) => runtime.close()))
      await rm(folder, { recursive: true })
    },
  }
}

runtimeContract('the process driver', bootProcess)

describe('the process driver', () => {
  it('says how to get the program when it is missing', async () => {
    const runtime = createProcessRuntime({ stateDir: tmpdir(), entries: ['/nowhere/main.ts'] })
    await expect(runtime.check('any')).rejects.toMatchObject({
      code: 'image_missing',
      message: expect.stringContaining('/nowhere/main.ts'),
    })
  })

  it.each([
    [{}, { MATRIX_ISOLATION: 'none', MATRIX_SHELL: undefined }],
    [{ shell: '/bin/sh' }, { MATRIX_ISOLATION: 'none', MATRIX_SHELL: '/bin/sh' }],
  ])(
    'says that nothing isolates an instance, and names a shell only where it may: %o',
    async (options, said) => {
      await using harness = await bootProcess(options)
      const runtime = harness.open()
      const spec = await makeSpecWithHome(harness)
      await runtime.create(spec)
      const address = await runtime.start(spec)
      await healthy(address)
      const { host, gatewayPort } = address
      const { MATRIX_ISOLATION, MATRIX_SHELL } = await (
        await fetch(`http://${host}:${gatewayPort}/env`)
      ).json()
      expect({ MATRIX_ISOLATION, MATRIX_SHELL }).toEqual(said)
    },
  )

  it('looks after its instances beside a stray file that is named like one', async () => {
    await using harness = await bootProcess()
    const runtime = harness.open()
    const spec = await makeSpecWithHome(harness)
    await healthy(await runtime.start(spec))
    await writeFile(join(harness.stateDir, `${makeSpec('').id}.1`), '')
    expect(await runtime.list()).toMatchObject([{ id: spec.id, status: 'running' }])
  })

  it('never signals a process that got the pid of an instance', async () => {
    await using harness = await bootProcess()
    const runtime = harness.open()
    const spec = await makeSpecWithHome(harness)
    await runtime.create(spec)
    const state = await readState(harness.stateDir, spec)
    if (!state) throw new Error('no state')
    // This very process: it would end if it were signalled.
    await writeState(harness.stateDir, { ...state, pid: process.pid, startTime: 'another', port: 1 })
    expect((await runtime.inspect(spec))?.status).toBe('created')
    await runtime.stop(spec.id)
    await runtime.remove(spec.id)
  })

  it('finds a child whose start the api did not live to note', async () => {
    await using harness = await bootProcess()
    const spec = await makeSpecWithHome(harness)
    const runtime = harness.open()
    await runtime.start(spec)
    const state = await readState(harness.stateDir, spec)
    if (!state) throw new Error('no state')
    await writeState(harness.stateDir, { ...state, pid: null, startTime: null, launching: true })
    const recovered = await harness.open().inspect(spec)
    expect(recovered?.status).toBe('running')
    expect(await readState(harness.stateDir, spec)).toMatchObject({
      pid: state.pid,
      launching: false,
    })
    expect(markOf(spec)).toContain(spec.id)
  })

  it('adopts what ran when the api was killed', async () => {
    await using harness = await bootProcess()
    const spec = await makeSpecWithHome(harness)
    const program = `
      import { createProcessRuntime } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
      const runtime = createProcessRuntime(${JSON.stringify({ stateDir: harness.stateDir, entries: [ENTRY] })})
      await runtime.start(${JSON.stringify(spec)})
      process.kill(process.pid, 'SIGKILL')`
    const api = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' })
    const [, signal] = await once(api, 'exit')
    expect(signal).toBe('SIGKILL')
    const runtime = harness.open()
    const found = await runtime.inspect(spec)
    if (!found?.address) throw new Error('The instance died with the api.')
    const { pid, starts } = await healthy(found.address)
    expect(await runtime.start(spec)).toEqual(found.address)
    expect(await healthy(found.address)).toMatchObject({ pid, starts })
    await runtime.stop(spec.id)
    expect(await runtime.inspect(spec)).toMatchObject({ status: 'stopped', exitCode: null })
  })

  it('moves to another port when its own was taken', async () => {
    await using harness = await bootProcess()
    const runtime = harness.open()
    const spec = await makeSpecWithHome(harness)
    const first = await runtime.start(spec)
    await healthy(first)
    await runtime.stop(spec.id)
    const squatter = createServer().listen(first.gatewayPort, '127.0.0.1')
    await until('the port is taken', () => squatter.listening)
    const second = await runtime.start(spec)
    expect(second.gatewayPort).not.toBe(first.gatewayPort)
    expect((await healthy(second)).starts).toBe(2)
    squatter.close()
  })

  it('keeps the log below its limit', async () => {
    await using harness = await bootProcess()
    const runtime = harness.open()
    const spec = await makeSpecWithHome(harness)
    await healthy(await runtime.start(spec))
    const log = join(harness.stateDir, `${spec.id}.1`, 'output.log')
    await writeFile(log, `${'x'.repeat(1023)}\n`.repeat(1100))
    await using _events = recordEvents(runtime)
    await until('the log is emptied', async () => (await stat(log)).size === 0)
    expect(await runtime.logs(spec, 1)).toBe('x'.repeat(1023))
  })

  it('leaves the log of an instance alone that a verb is at work on', async () => {
    await using harness = await bootProcess()
    const runtime = harness.open()
    const [busy, idle] = [await makeSpecWithHome(harness), await makeSpecWithHome(harness)]
    const address = await runtime.start(busy)
    await healthy(address)
    await healthy(await runtime.start(idle))
    await writeHome(address, 'term-delay-ms', '60000')
    const stopped = runtime.stop(busy.id, { graceS: 60 })
    const logOf = ({ id }: typeof busy) => join(harness.stateDir, `${id}.1`, 'output.log')
    const fill = (spec: typeof busy) => writeFile(logOf(spec), 'x'.repeat(1024 * 1024 + 1))
    const rotated = (spec: typeof busy) =>
      until('the log is emptied', async () => (await stat(logOf(spec))).size === 0)
    await fill(busy)
    await fill(idle)
    await using _events = recordEvents(runtime)
    // Looked at together: when it is the one's turn for the second time, it has been the other's.
    await rotated(idle)
    await fill(idle)
    await rotated(idle)
    expect((await stat(logOf(busy))).size).toBeGreaterThan(0)
    await harness.kill(busy.id)
    await stopped
    await rotated(busy)
  })

  it('keeps a removed instance forgotten when the news of its exit comes late', async () => {
    await using harness = await bootProcess()
    const { stateDir } = harness
    const spec = makeSpec('')
    await createState(stateDir, { ...initialState(spec), pid: process.pid, startTime: 'another' })
    const [known, exited] = [Promise.withResolvers<void>(), Promise.withResolvers<number>()]
    const children = Object.assign(new Map<number, Promise<number>>(), {
      get: () => {
        known.resolve()
        return exited.promise
      },
    })
    const settings = processSettings({ stateDir, entries: [] })
    const context = { settings, children, onExit: () => undefined, now: () => new Date() }
    const recorded = recordExit(context, spec)
    await known.promise
    await forgetState(stateDir, spec)
    exited.resolve(0)
    await recorded
    expect(await readStates(stateDir)).toEqual([])
  })

  it('stops every instance when it is closed', async () => {
    await using harness = await bootProcess()
    const runtime = harness.open()
    const specs = [await makeSpecWithHome(harness), await makeSpecWithHome(harness)]
    for (const spec of specs) await healthy(await runtime.start(spec))
    await runtime.close()
    for (const spec of specs) {
      expect(await runtime.inspect(spec)).toMatchObject({ status: 'stopped', exitCode: 0 })
    }
  })

  it('passes on a program that cannot be run', async () => {
    const settings = processSettings({ stateDir: tmpdir(), entries: [ENTRY], execPath: '/nowhere/node' })
    await expect(launch(settings, makeSpec(''), 1)).rejects.toBeInstanceOf(Error)
  })
})
