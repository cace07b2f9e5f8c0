/** Making and removing containers, of the runtime contract. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Context, running } from './contract-context.ts'
import { healthy, makeSpec, makeSpecWithHome } from './harness.ts'

export function makingContract(boot: () => Promise<Context>): void {
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
