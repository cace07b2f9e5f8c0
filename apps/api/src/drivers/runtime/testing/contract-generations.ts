/** Containers of one instance beside each other, of the runtime contract. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { type Context, running } from './contract-context.ts'
import { healthy, nextOf, readHome, recordEvents, writeHome } from './harness.ts'

export function generationsContract(boot: () => Promise<Context>): void {
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
    await until('the stream is open', async () => {
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
