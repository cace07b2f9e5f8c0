/** The contract that every runtime driver meets. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { InstanceSpec, Runtime } from '../../../ports/runtime.ts'
import {
  healthy,
  makeSpec,
  makeSpecWithHome,
  nextOf,
  type RuntimeHarness,
  readHome,
  recordEvents,
  writeHome,
} from './harness.ts'
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

    const context = async (): Promise<Context> => ({
      harness,
      runtime,
      spec: await makeSpecWithHome(harness),
    })
    describe('making', () => makingContract(context))
    describe('running', () => runningContract(context))
    describe('looking', () => lookingContract(context))
    describe('replacing', () => generationsContract(context))
  })
}

interface Context {
  harness: RuntimeHarness
  runtime: Runtime
  /** Of a new instance. */
  spec: InstanceSpec
}

async function running(context: Context) {
  const address = await context.runtime.start(context.spec)
  return { address, health: await healthy(address) }
}

function makingContract(boot: () => Promise<Context>): void {
  it('makes the container once, however often it is asked', async () => {
    const { runtime, spec } = await boot()
    await runtime.create(spec)
    await runtime.create(spec)
    await Promise.all([runtime.create(spec), runtime.create(spec)])
    expect(await runtime.inspect(spec)).toMatchObject({
      id: spec.id,
      handle: spec.handle,
      status: 'created',
      address: null,
      startedAt: null,
      exitCode: null,
      oomKilled: false,
    })
  })

  it('never lets two instances have one handle', async () => {
    const { runtime, spec, harness } = await boot()
    await runtime.create(spec)
    const other = makeSpec(harness.image, { handle: spec.handle, home: spec.home })
    await expect(runtime.create(other)).rejects.toMatchObject({ code: 'conflict' })
    await runtime.remove(other.id)
    expect(await runtime.inspect(spec)).toMatchObject({ status: 'created' })
  })

  it('starts nothing without its home', async () => {
    const { runtime, spec, harness } = await boot()
    await harness.homes.remove(spec)
    await expect(runtime.start(spec)).rejects.toMatchObject({ code: 'conflict' })
    await runtime.remove(spec.id)
    await harness.homes.make(spec)
    expect((await healthy(await runtime.start(spec))).starts).toBe(1)
  })

  it('removes the container and not the home, also twice, also while it runs or is paused', async () => {
    for (const meddle of ['run', 'pause'] as const) {
      const context = await boot()
      const { runtime, spec, harness } = context
      await running(context)
      if (meddle === 'pause') await harness.pause(spec.id)
      await runtime.remove(spec.id)
      await runtime.remove(spec.id)
      expect(await runtime.inspect(spec)).toBeNull()
      expect(existsSync(join(spec.home, 'starts'))).toBe(true)
      expect((await running(context)).health.starts).toBe(2)
      await runtime.remove(spec.id)
      await harness.homes.remove(spec)
      await runtime.create(await makeSpecWithHome(harness, { handle: spec.handle }))
    }
  })

  it('says of each instance how it is isolated, before and while there is one', async () => {
    const { runtime, spec } = await boot()
    const isolation = runtime.isolationOf({ image: spec.image })
    const listed = async () => (await runtime.list()).find(({ id }) => id === spec.id)
    await runtime.create(spec)
    expect(await runtime.inspect(spec)).toMatchObject({ status: 'created', isolation })
    expect(await listed()).toMatchObject({ isolation })
    await runtime.start(spec)
    expect(await runtime.inspect(spec)).toMatchObject({ status: 'running', isolation })
    expect(await listed()).toMatchObject({ isolation })
  })

  it('finds that instances can run here', async () => {
    const { runtime, harness } = await boot()
    await expect(runtime.check(harness.image)).resolves.toBeUndefined()
  })
}

function runningContract(boot: () => Promise<Context>): void {
  it('starts to a healthy answer at the address, and again while it runs', async () => {
    const context = await boot()
    const { address, health } = await running(context)
    expect(health).toMatchObject({ handle: context.spec.handle, starts: 1 })
    expect(await context.runtime.start(context.spec)).toEqual(address)
    expect((await healthy(address)).pid).toBe(health.pid)
    const seen = await context.runtime.inspect(context.spec)
    expect(seen).toMatchObject({ status: 'running', address, exitCode: null })
    expect(seen?.startedAt?.getTime()).toBeGreaterThan(Date.now() - 60_000)
  })

  it('starts once for simultaneous calls', async () => {
    const context = await boot()
    const addresses = await Promise.all([1, 2, 3, 4].map(() => context.runtime.start(context.spec)))
    expect(new Set(addresses.map((address) => JSON.stringify(address))).size).toBe(1)
    expect((await running(context)).health.starts).toBe(1)
  })

  it('stops with SIGTERM, twice, and keeps the home', async () => {
    const context = await boot()
    const { address } = await running(context)
    await writeHome(address, 'note', 'kept')
    await context.runtime.stop(context.spec.id)
    await context.runtime.stop(context.spec.id)
    expect(readFileSync(join(context.spec.home, 'sigterms'), 'utf8')).toBe('.')
    expect(await context.runtime.inspect(context.spec)).toMatchObject({
      status: 'stopped',
      address: null,
      exitCode: 0,
    })
    const again = await running(context)
    expect(again.health.starts).toBe(2)
    expect(await readHome(again.address, 'note')).toBe('kept')
  })

  it('kills what outlives the grace, and nobody waits for it meanwhile', async () => {
    const stubborn = await boot()
    const { address } = await running(stubborn)
    await writeHome(address, 'term-delay-ms', '60000')
    let isStopped = false
    const stopped = stubborn.runtime.stop(stubborn.spec.id, { graceS: 8 }).then(() => {
      isStopped = true
    })
    await running(await boot())
    expect(isStopped).toBe(false)
    await stopped
    const seen = await stubborn.runtime.inspect(stubborn.spec)
    expect(seen).toMatchObject({ status: 'stopped', exitCode: 137 })
  })

  it('runs two at once, each by itself', async () => {
    const [a, b] = [await boot(), await boot()]
    const [first, second] = await Promise.all([running(a), running(b)])
    expect(first.address).not.toEqual(second.address)
    expect([first.health.handle, second.health.handle]).toEqual([a.spec.handle, b.spec.handle])
    await a.runtime.stop(a.spec.id)
    expect((await healthy(second.address)).pid).toBe(second.health.pid)
  })

  it('wakes a paused instance without a restart', async () => {
    const context = await boot()
    const { address, health } = await running(context)
    await context.harness.pause(context.spec.id)
    expect(await context.runtime.inspect(context.spec)).toMatchObject({ status: 'paused', address })
    expect(await context.runtime.start(context.spec)).toEqual(address)
    expect(await healthy(address)).toEqual(health)
  })

  // Of its own: an engine that is told to pause right after it unpaused may mix up its own late events.
  it('stops a paused instance gracefully', async () => {
    const context = await boot()
    await running(context)
    await context.harness.pause(context.spec.id)
    await context.runtime.stop(context.spec.id)
    expect(await context.runtime.inspect(context.spec)).toMatchObject({ status: 'stopped', exitCode: 0 })
  })
}

function lookingContract(boot: () => Promise<Context>): void {
  it('is found by a new driver object after a restart of the api, still running', async () => {
    const context = await boot()
    const { address, health } = await running(context)
    const reopened = context.harness.open()
    const found = (await reopened.list()).find(({ id }) => id === context.spec.id)
    expect(found).toMatchObject({ handle: context.spec.handle, status: 'running', address })
    expect(await reopened.start(context.spec)).toEqual(address)
    expect(await healthy(address)).toEqual(health)
    await reopened.stop(context.spec.id)
    expect(await context.runtime.inspect(context.spec)).toMatchObject({ status: 'stopped' })
  })

  it('tells what happens, whoever did it', async () => {
    const context = await boot()
    const { id } = context.spec
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
    for (const recorder of [own, others]) await recorder.seen(context.spec, 'started')
    await context.harness.kill(id)
    for (const recorder of [own, others]) await recorder.seen(context.spec, 'stopped')
    const seen = await until(async () => {
      const now = await context.runtime.inspect(context.spec)
      return now?.exitCode === 137 && now
    })
    expect(seen).toMatchObject({ status: 'stopped', address: null })
    expect((await running(context)).health.starts).toBe(health.starts + 1)
    await context.runtime.remove(id)
    for (const recorder of [own, others]) await recorder.seen(context.spec, 'removed')
  })

  it('shows the last lines of the output', async () => {
    const context = await boot()
    expect(await context.runtime.logs(context.spec, 10)).toBe('')
    await running(context)
    const text = await until(async () => {
      const lines = await context.runtime.logs(context.spec, 10)
      return lines.includes('stderr') && lines
    })
    expect(text.trim().split('\n').sort()).toEqual(['listening, start 1', 'to stderr as well'])
    expect((await context.runtime.logs(context.spec, 1)).trim().split('\n')).toHaveLength(1)
  })

  it('shows the output of the last run alone', async () => {
    const context = await boot()
    await running(context)
    await context.runtime.stop(context.spec.id)
    await running(context)
    const text = await until(async () => {
      const lines = await context.runtime.logs(context.spec, 10)
      return lines.includes('start 2') && lines.includes('stderr') && lines
    })
    expect(text.trim().split('\n').sort()).toEqual(['listening, start 2', 'to stderr as well'])
  })

  it('gives the instance the contract environment and nothing else', async () => {
    const context = await boot()
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
    const { runtime, spec } = await boot()
    expect(await runtime.inspect(spec)).toBeNull()
    expect((await runtime.list()).map(({ id }) => id)).not.toContain(spec.id)
    await runtime.stop(spec.id)
    await runtime.remove(spec.id)
  })
}

function generationsContract(boot: () => Promise<Context>): void {
  const statusesOf = async ({ runtime, spec }: Context) =>
    (await runtime.list())
      .filter(({ id }) => id === spec.id)
      .sort((a, b) => a.generation - b.generation)
      .map(({ generation, handle, status }) => ({ generation, handle, status }))

  /** Two generations of one instance, both running. */
  async function bootTwo() {
    const context = await boot()
    const first = await running(context)
    const next = nextOf(context.spec)
    const second = await running({ ...context, spec: next })
    return { context, next, first, second }
  }

  it('stands a container beside the one that serves, on the same home', async () => {
    const { context, next, first, second } = await bootTwo()
    const { runtime, spec } = context
    expect(second.address).not.toEqual(first.address)
    expect((await healthy(first.address)).pid).toBe(first.health.pid)
    const { handle } = spec
    expect(await statusesOf(context)).toEqual([
      { generation: 1, handle, status: 'running' },
      { generation: 2, handle, status: 'running' },
    ])
    expect(await runtime.inspect(spec)).toMatchObject({ generation: 1, address: first.address })
    for (const key of [next, { id: next.id, generation: 2 }])
      expect(await runtime.inspect(key)).toMatchObject({ generation: 2, address: second.address })
    await writeHome(first.address, 'note', 'shared')
    expect(await readHome(second.address, 'note')).toBe('shared')
  })

  it('starts, stops and removes each by itself', async () => {
    const { context, next, second } = await bootTwo()
    const { runtime, spec } = context
    await runtime.stop(spec.id, { generation: 1 })
    expect((await healthy(second.address)).pid).toBe(second.health.pid)
    expect(await runtime.inspect(spec)).toMatchObject({ status: 'stopped' })
    const again = await running(context)
    await runtime.stop(spec.id, { generation: 2 })
    expect((await healthy(again.address)).pid).toBe(again.health.pid)
    expect(await runtime.inspect(next)).toMatchObject({ status: 'stopped' })
    await runtime.remove(spec.id, { generation: 1 })
    expect(await runtime.inspect(spec)).toBeNull()
    const last = await running({ ...context, spec: next })
    await runtime.remove(spec.id, { generation: 1 })
    expect((await healthy(last.address)).pid).toBe(last.health.pid)
    expect((await statusesOf(context)).map(({ generation }) => generation)).toEqual([2])
  })

  it('stops and removes all of them where none is named', async () => {
    const { context } = await bootTwo()
    await context.runtime.stop(context.spec.id)
    expect((await statusesOf(context)).map(({ status }) => status)).toEqual(['stopped', 'stopped'])
    await running(context)
    await context.runtime.remove(context.spec.id)
    expect(await statusesOf(context)).toEqual([])
    expect(existsSync(join(context.spec.home, 'starts'))).toBe(true)
  })

  it('tells of which one something happened, and shows the output of each', async () => {
    const { context, next } = await bootTwo()
    const { runtime, spec } = context
    await using recorder = recordEvents(runtime)
    // Until it really watches: nothing says when a stream is open.
    await until(async () => {
      await running({ ...context, spec: next })
      await runtime.stop(spec.id, { generation: 2 })
      return recorder.events.some(({ id, kind }) => id === spec.id && kind === 'stopped')
    })
    const own = recorder.events.filter(({ id }) => id === spec.id)
    expect(own.map(({ generation }) => generation)).not.toContain(1)
    await runtime.remove(spec.id, { generation: 1 })
    await recorder.seen(spec, 'removed')
    expect(await runtime.logs(spec, 10)).toBe('')
    expect(await runtime.logs(next, 10)).toContain('listening')
  })
}
