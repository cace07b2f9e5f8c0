/** Limits that change, and use that is measured, of the runtime contract. */
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { type Context, running } from './contract-context.ts'
import { healthy } from './harness.ts'

const MIB = 1_048_576
const MORE = {
  memoryBytes: 384 * MIB,
  memoryReservationBytes: 96 * MIB,
  cpuShares: 700,
  cpuQuotaUs: 150_000,
  pids: 80,
}

export function limitsContract(boot: () => Promise<Context>): void {
  it('takes other limits without a restart, however often, also while it is paused', async () => {
    const { harness, runtime, spec, ...context } = await boot()
    const { address, health } = await running({ harness, runtime, spec, ...context })
    const { id, generation } = spec
    await runtime.update({ id, generation, handle: spec.handle }, MORE)
    await runtime.update({ id, generation }, MORE)
    expect(await healthy(address)).toEqual(health)
    const seen = await harness.limitsOf?.(id)
    if (seen) expect(seen).toEqual(MORE)
    await harness.pause(id)
    const last = { ...MORE, pids: 90 }
    // Where what is frozen cannot be changed it says so, and gets them when it goes on.
    const refusal = await runtime.update(spec, last).catch((error: unknown) => error)
    if (refusal !== undefined) expect(refusal).toMatchObject({ code: 'conflict' })
    expect(await runtime.inspect(spec)).toMatchObject({ status: 'paused' })
    await runtime.start({ ...spec, limits: last })
    expect(await healthy(address)).toEqual(health)
    const then = await harness.limitsOf?.(id)
    if (then) expect(then).toEqual(last)
  })

  it('starts what sleeps with the limits of that moment', async () => {
    const context = await boot()
    const { harness, runtime, spec } = context
    await running(context)
    await runtime.stop(spec.id)
    const { health } = await running({ ...context, spec: { ...spec, limits: MORE } })
    expect(health.starts).toBe(2)
    const seen = await harness.limitsOf?.(spec.id)
    if (seen) expect(seen).toEqual(MORE)
  })

  it('takes a limit of bandwidth, and goes on without it where it has none', async () => {
    const context = await boot()
    const { address } = await running(context)
    const { runtime, spec } = context
    await runtime.update(spec, { ...spec.limits, bandwidthBytesPerS: 1_000_000 })
    await runtime.update(spec, { ...spec.limits, bandwidthBytesPerS: null })
    expect(await healthy(address)).toMatchObject({ status: 'ok' })
    if (runtime.name === 'process') expect(runtime.limitsBandwidth()).toBe(false)
  })

  it('changes nothing where there is nothing', async () => {
    const { runtime, spec } = await boot()
    await runtime.update(spec, MORE)
    expect(await runtime.inspect(spec)).toBeNull()
  })

  it('measures what it uses, and only while it is up', async () => {
    const context = await boot()
    const { runtime, spec, harness } = context
    expect(await runtime.usage(spec)).toBeNull()
    await running(context)
    const first = await runtime.usage(spec)
    expect(first?.memoryBytes).toBeGreaterThan(MIB)
    const more = await until('it has used more', async () => {
      await running(context)
      const now = await runtime.usage({ id: spec.id, generation: spec.generation })
      return now && first && now.cpuMs > first.cpuMs && now
    })
    await harness.pause(spec.id)
    expect((await runtime.usage(spec))?.cpuMs).toBeGreaterThanOrEqual(more.cpuMs)
    await runtime.stop(spec.id)
    expect(await runtime.usage(spec)).toBeNull()
  })
}
