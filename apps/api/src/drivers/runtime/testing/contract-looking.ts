import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { type Context, running } from './contract-context.ts'
import { healthy, recordEvents } from './harness.ts'

export function lookingContract(boot: () => Promise<Context>): void {
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

  it('says who keeps the firewall, and why nobody does', async () => {
    const { runtime } = await boot()
    const { by, why } = runtime.firewall()
    expect(['api', 'host', 'nobody']).toContain(by)
    if (by === 'nobody') expect(why).toMatch(/\.$/)
    else expect(why).toBeNull()
  })

  it('knows with which AI token it was last started: one that came meanwhile is that of its next start', async () => {
    const { runtime, spec } = await boot()
    const rotated = { ...spec, aiTokenGeneration: 2, env: { ...spec.env, ANTHROPIC_API_KEY: 'second' } }
    const seen = async () => {
      const inspected = await runtime.inspect(spec)
      const listed = (await runtime.list()).find(({ id }) => id === spec.id)
      expect(listed?.aiTokenGeneration).toBe(inspected?.aiTokenGeneration)
      return inspected?.aiTokenGeneration
    }
    await runtime.start(spec)
    expect(await seen()).toBe(1)
    await runtime.start(rotated)
    expect(await seen()).toBe(1)
    await runtime.stop(spec.id)
    await runtime.start(rotated)
    expect(await seen()).toBe(2)
  })

  it('tells what happens, whoever did it', async () => {
    const context = await boot()
    const { id } = context.spec
    await using own = recordEvents(context.runtime)
    await using others = recordEvents(context.harness.open())
    // Until both really watch: nothing says when a stream is open.
    await until('both streams are open', async () => {
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
    const seen = await until('its end is seen', async () => {
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
    const text = await until('its output', async () => {
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
    const text = await until('its output', async () => {
      const lines = await context.runtime.logs(context.spec, 10)
      return lines.includes('start 2') && lines.includes('stderr') && lines
    })
    expect(text.trim().split('\n').sort()).toEqual(['listening, start 2', 'to stderr as well'])
  })

  it('shows the output of the run before, by when it ended', async () => {
    const context = await boot()
    const { runtime, spec } = context
    const ends: Date[] = [new Date(0)]
    for (const start of [1, 2, 3]) {
      await running(context)
      await until('its output', async () => (await runtime.logs(spec, 10)).includes(`start ${start}`))
      await runtime.stop(spec.id)
      ends.push(new Date())
    }
    const outputOf = async (run: number) => {
      const [after = new Date(0), until = new Date(0)] = ends.slice(run - 1, run + 1)
      return runtime.logs(spec, 10, { after, until })
    }
    for (const run of [1, 2, 3]) {
      const lines = (await outputOf(run)).trim().split('\n')
      expect(lines.sort()).toEqual([`listening, start ${run}`, 'to stderr as well'])
    }
    const ever = { after: new Date(0), until: new Date() }
    expect((await runtime.logs(spec, 1, ever)).trim().split('\n')).toHaveLength(1)
    expect(await runtime.logs(spec, 10, { after: new Date(), until: new Date() })).toBe('')
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
    const known = ['HOME', 'HOSTNAME', 'LISTEN_HOST', 'MATRIX_HOME', 'MATRIX_ISOLATION', 'PATH']
    expect(known).toEqual(expect.arrayContaining(extra))
  })

  it('knows nothing of an instance that was never made', async () => {
    const { runtime, spec } = await boot()
    expect(await runtime.inspect(spec)).toBeNull()
    expect((await runtime.list()).map(({ id }) => id)).not.toContain(spec.id)
    await runtime.stop(spec.id)
    await runtime.remove(spec.id)
  })
}
