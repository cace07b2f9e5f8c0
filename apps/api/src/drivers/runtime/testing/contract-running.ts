/** Starting, stopping and health, of the runtime contract. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Context, running } from './contract-context.ts'
import { ask, healthy, readHome, writeHome } from './harness.ts'

export function runningContract(boot: () => Promise<Context>): void {
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

  it('pauses what runs, twice, and lets it go on where it was', async () => {
    const context = await boot()
    const { address, health } = await running(context)
    await context.runtime.pause(context.spec)
    await context.runtime.pause(context.spec)
    expect(await context.runtime.inspect(context.spec)).toMatchObject({ status: 'paused', address })
    await expect(ask(address, '/health', 300)).rejects.toThrow()
    expect(await context.runtime.start(context.spec)).toEqual(address)
    expect(await healthy(address)).toEqual(health)
  })

  it('resumes what is paused, and says of anything else that it is not', async () => {
    const context = await boot()
    expect(await context.runtime.resume(context.spec)).toBe(false)
    const { address, health } = await running(context)
    expect(await context.runtime.resume(context.spec)).toBe(false)
    await context.runtime.pause(context.spec)
    expect(await context.runtime.resume(context.spec)).toBe(true)
    expect(await healthy(address)).toEqual(health)
    await context.runtime.stop(context.spec.id)
    expect(await context.runtime.resume(context.spec)).toBe(false)
  })

  it('leaves alone what is to be paused and does not run, or is not there', async () => {
    const context = await boot()
    await context.runtime.pause(context.spec)
    expect(await context.runtime.inspect(context.spec)).toBe(null)
    await running(context)
    await context.runtime.stop(context.spec.id)
    await context.runtime.pause(context.spec)
    expect(await context.runtime.inspect(context.spec)).toMatchObject({ status: 'stopped' })
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
