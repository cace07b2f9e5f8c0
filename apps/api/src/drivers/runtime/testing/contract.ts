/** The contract that every runtime driver meets. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InstanceSpec, Runtime } from '../../../ports/runtime.ts'
import { homeFolder } from '../home.ts'
import { healthy, makeSpec, type RuntimeHarness, readHome, recordEvents, writeHome } from './harness.ts'
import { until } from './until.ts'

export function runtimeContract(name: string, boot: () => Promise<RuntimeHarness>): void {
  describe(`${name} keeps the runtime contract`, () => {
    let harness: RuntimeHarness
    let runtime: Runtime
    beforeAll(async () => {
      harness = await boot()
      runtime = harness.open()
    })
    afterAll(async () => await harness?.[Symbol.asyncDispose]())

    const context = (): Context => ({ harness, runtime, spec: makeSpec(harness.image) })
    describe('making', () => makingContract(context))
    describe('running', () => runningContract(context))
    describe('looking', () => lookingContract(context))
  })
}

interface Context {
  harness: RuntimeHarness
  runtime: Runtime
  /** Of a new instance. */
  spec: InstanceSpec
}

const homeOf = ({ harness, spec }: Context) => homeFolder(harness.instancesDir, spec.handle)

async function running(context: Context) {
  const address = await context.runtime.start(context.spec)
  return { address, health: await healthy(address) }
}

function makingContract(boot: () => Context): void {
  it('makes home and container once, however often it is asked', async () => {
    const { runtime, spec, ...rest } = boot()
    await runtime.create(spec)
    await runtime.create(spec)
    await Promise.all([runtime.create(spec), runtime.create(spec)])
    expect(existsSync(homeOf({ runtime, spec, ...rest }))).toBe(true)
    expect(await runtime.inspect(spec.id)).toMatchObject({
      id: spec.id,
      handle: spec.handle,
      status: 'created',
      address: null,
      startedAt: null,
      exitCode: null,
      oomKilled: false,
    })
  })

  it('finishes a half-made instance', async () => {
    const context = boot()
    mkdirSync(homeOf(context), { recursive: true })
    await context.runtime.create(context.spec)
    expect((await running(context)).health.starts).toBe(1)
  })

  it('never takes over the home of another instance', async () => {
    const context = boot()
    await context.runtime.create(context.spec)
    const other = makeSpec(context.harness.image, { handle: context.spec.handle })
    await expect(context.runtime.create(other)).rejects.toMatchObject({ code: 'conflict' })
    await context.runtime.remove(other.id, other.handle)
    expect(existsSync(homeOf(context))).toBe(true)
  })

  it('removes container and home, also twice, also while it runs or is paused', async () => {
    for (const meddle of ['run', 'pause'] as const) {
      const context = boot()
      await running(context)
      if (meddle === 'pause') await context.harness.pause(context.spec.id)
      await context.runtime.remove(context.spec.id, context.spec.handle)
      await context.runtime.remove(context.spec.id, context.spec.handle)
      expect(await context.runtime.inspect(context.spec.id)).toBeNull()
      expect(existsSync(join(context.harness.instancesDir, context.spec.handle))).toBe(false)
      await context.runtime.create({ ...context.spec, id: makeSpec('').id })
    }
  })

  it('finds that instances can run here', async () => {
    const { runtime, harness } = boot()
    await expect(runtime.check(harness.image)).resolves.toBeUndefined()
  })
}

function runningContract(boot: () => Context): void {
  it('starts to a healthy answer at the address, and again while it runs', async () => {
    const context = boot()
    const { address, health } = await running(context)
    expect(health).toMatchObject({ handle: context.spec.handle, starts: 1 })
    expect(await context.runtime.start(context.spec)).toEqual(address)
    expect((await healthy(address)).pid).toBe(health.pid)
    const seen = await context.runtime.inspect(context.spec.id)
    expect(seen).toMatchObject({ status: 'running', address, exitCode: null })
    expect(seen?.startedAt?.getTime()).toBeGreaterThan(Date.now() - 60_000)
  })

  it('starts once for simultaneous calls', async () => {
    const context = boot()
    const addresses = await Promise.all([1, 2, 3, 4].map(() => context.runtime.start(context.spec)))
    expect(new Set(addresses.map((address) => JSON.stringify(address))).size).toBe(1)
    expect((await running(context)).health.starts).toBe(1)
  })

  it('stops with SIGTERM, twice, and keeps the home', async () => {
    const context = boot()
    const { address } = await running(context)
    await writeHome(address, 'note', 'kept')
    await context.runtime.stop(context.spec.id)
    await context.runtime.stop(context.spec.id)
    expect(readFileSync(join(homeOf(context), 'sigterms'), 'utf8')).toBe('.')
    expect(await context.runtime.inspect(context.spec.id)).toMatchObject({
      status: 'stopped',
      address: null,
      exitCode: 0,
    })
    const again = await running(context)
    expect(again.health.starts).toBe(2)
    expect(await readHome(again.address, 'note')).toBe('kept')
  })

  it('kills what outlives the grace, and nobody waits for it meanwhile', async () => {
    const stubborn = boot()
    const { address } = await running(stubborn)
    await writeHome(address, 'term-delay-ms', '60000')
    let isStopped = false
    const stopped = stubborn.runtime.stop(stubborn.spec.id, { graceS: 8 }).then(() => {
      isStopped = true
    })
    await running(boot())
    expect(isStopped).toBe(false)
    await stopped
    const seen = await stubborn.runtime.inspect(stubborn.spec.id)
    expect(seen).toMatchObject({ status: 'stopped', exitCode: 137 })
  })

  it('runs two at once, each by itself', async () => {
    const [a, b] = [boot(), boot()]
    const [first, second] = await Promise.all([running(a), running(b)])
    expect(first.address).not.toEqual(second.address)
    expect([first.health.handle, second.health.handle]).toEqual([a.spec.handle, b.spec.handle])
    await a.runtime.stop(a.spec.id)
    expect((await healthy(second.address)).pid).toBe(second.health.pid)
  })

  it('wakes a paused instance without a restart', async () => {
    const context = boot()
    const { address, health } = await running(context)
    await context.harness.pause(context.spec.id)
    expect(await context.runtime.inspect(context.spec.id)).toMatchObject({ status: 'paused', address })
    expect(await context.runtime.start(context.spec)).toEqual(address)
    expect(await healthy(address)).toEqual(health)
  })

  // Of its own: an engine that is told to pause right after it unpaused may mix up its own late events.
  it('stops a paused instance gracefully', async () => {
    const context = boot()
    await running(context)
    await context.harness.pause(context.spec.id)
    await context.runtime.stop(context.spec.id)
    expect(await context.runtime.inspect(context.spec.id)).toMatchObject({ status: 'stopped', exitCode: 0 })
  })
}

function lookingContract(boot: () => Context): void {
  it('is found by a new driver object after a restart of the api, still running', async () => {
    const context = boot()
    const { address, health } = await running(context)
    const reopened = context.harness.open()
    const found = (await reopened.list()).find(({ id }) => id === context.spec.id)
    expect(found).toMatchObject({ handle: context.spec.handle, status: 'running', address })
    expect(await reopened.start(context.spec)).toEqual(address)
    expect(await healthy(address)).toEqual(health)
    await reopened.stop(context.spec.id)
    expect(await context.runtime.inspect(context.spec.id)).toMatchObject({ status: 'stopped' })
  })

  it('tells what happens, whoever did it', async () => {
    const context = boot()
    const { id, handle } = context.spec
    await using own = recordEvents(context.runtime)
    await using others = recordEvents(context.harness.open())
    // Until both really watch: nothing says when a stream is open.
    await until(async () => {
      await context.runtime.start(context.spec)
      await context.runtime.stop(id)
      return [own, others].every(({ events }) =>
        events.some((event) => event.id === id && event.kind === 'stopped'),
      )
    })
    for (const { events } of [own, others]) events.length = 0
    const { health } = await running(context)
    for (const recorder of [own, others]) await recorder.seen(id, 'started')
    await context.harness.kill(id)
    for (const recorder of [own, others]) await recorder.seen(id, 'stopped')
    const seen = await until(async () => {
      const now = await context.runtime.inspect(id)
      return now?.exitCode === 137 && now
    })
    expect(seen).toMatchObject({ status: 'stopped', address: null })
    expect((await running(context)).health.starts).toBe(health.starts + 1)
    await context.runtime.remove(id, handle)
    for (const recorder of [own, others]) await recorder.seen(id, 'removed')
  })

  it('shows the last lines of the output', async () => {
    const context = boot()
    expect(await context.runtime.logs(context.spec.id, 10)).toBe('')
    await running(context)
    const text = await until(async () => {
      const lines = await context.runtime.logs(context.spec.id, 10)
      return lines.includes('stderr') && lines
    })
    expect(text.trim().split('\n').sort()).toEqual(['listening, start 1', 'to stderr as well'])
    expect((await context.runtime.logs(context.spec.id, 1)).trim().split('\n')).toHaveLength(1)
  })

  it('shows the output of the last run alone', async () => {
    const context = boot()
    await running(context)
    await context.runtime.stop(context.spec.id)
    await running(context)
    const text = await until(async () => {
      const lines = await context.runtime.logs(context.spec.id, 10)
      return lines.includes('start 2') && lines.includes('stderr') && lines
    })
    expect(text.trim().split('\n').sort()).toEqual(['listening, start 2', 'to stderr as well'])
  })

  it('gives the instance the contract environment and nothing else', async () => {
    const context = boot()
    const { address } = await running(context)
    const env = await (await fetch(`http://${address.host}:${address.gatewayPort}/env`)).json()
    expect(env).toMatchObject({
      ...context.spec.env,
      PORT: expect.any(String),
      SHELL_PORT: expect.any(String),
    })
    const extra = Object.keys(env).filter((key) => !(key in context.spec.env))
    expect(['HOME', 'HOSTNAME', 'LISTEN_HOST', 'MATRIX_HOME', 'PATH']).toEqual(expect.arrayContaining(extra))
  })

  it('knows nothing of an instance that was never made', async () => {
    const { runtime, spec } = boot()
    expect(await runtime.inspect(spec.id)).toBeNull()
    expect((await runtime.list()).map(({ id }) => id)).not.toContain(spec.id)
    await runtime.stop(spec.id)
    await runtime.remove(spec.id, spec.handle)
  })
}
