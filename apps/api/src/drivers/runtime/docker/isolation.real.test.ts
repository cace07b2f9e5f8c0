import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { bootDocker, type DockerHarness } from '../testing/docker-harness.ts'
import { ask, healthy, makeSpecWithHome } from '../testing/harness.ts'

describeReal(['docker'], 'isolation of containers', () => {
  const selfSchema = z.object({
    uid: z.number(),
    status: z.string(),
    memoryLimit: z.string(),
    rootWritable: z.boolean(),
    tmpWritable: z.boolean(),
  })

  describe('a container', () => {
    let harness: DockerHarness
    beforeAll(async () => {
      harness = await bootDocker()
    })
    afterAll(async () => await harness?.[Symbol.asyncDispose]())

    async function boot(image: string) {
      const runtime = harness.open()
      const spec = await makeSpecWithHome(harness, { image })
      const address = await runtime.start(spec)
      await healthy(address)
      const self = async () => {
        const { status, ...rest } = selfSchema.parse(await ask(address, '/self'))
        const field = (name: string) => new RegExp(`^${name}:\\s+(\\S+)`, 'm').exec(status)?.[1]
        return { ...rest, field }
      }
      return { runtime, spec, address, self }
    }

    it('of a hardened image has no power at all', async () => {
      const { self, spec, address } = await boot(harness.images.hardened)
      const { field, ...seen } = await self()
      expect(seen).toEqual({
        uid: 10_001,
        rootWritable: false,
        tmpWritable: true,
        memoryLimit: `${spec.limits.memoryBytes}\n`,
      })
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapBnd', 'CapAmb']) expect(field(set)).toMatch(/^0+$/)
      expect([field('NoNewPrivs'), field('Seccomp')]).toEqual(['1', '2'])
      expect(address).toMatchObject({ gatewayPort: 4000, shellPort: null, trust: 'edge' })
    })

    it('has its limits, its log cap, no published port and no restarts of its own', async () => {
      const { spec } = await boot(harness.images.hardened)
      const { HostConfig } = await (await harness.container(spec.id)).inspect()
      expect(HostConfig).toMatchObject({
        Memory: spec.limits.memoryBytes,
        MemorySwap: spec.limits.memoryBytes,
        PidsLimit: 64,
        MemoryReservation: spec.limits.memoryReservationBytes,
        CpuShares: 512,
        CpuQuota: 200_000,
        RestartPolicy: { Name: 'no' },
        IpcMode: 'private',
        CgroupnsMode: 'private',
        Init: true,
        LogConfig: { Type: 'local', Config: { 'max-size': '1m' } },
      })
      expect(HostConfig.PortBindings ?? {}).toEqual({})
    })

    it('of another image gives its home away and drops to its user', async () => {
      const { self, address } = await boot(harness.images.plain)
      const { field, ...seen } = await self()
      expect(seen).toMatchObject({ uid: 1001 })
      expect([field('CapEff'), field('NoNewPrivs')]).toEqual(['0000000000000000', '1'])
      expect(address).toMatchObject({ gatewayPort: 4000, shellPort: 3000, trust: 'bearer' })
    })

    it('reaches no other container, though the host reaches both', async () => {
      const [a, b] = [await boot(harness.images.hardened), await boot(harness.images.hardened)]
      const names = [b.address.host, `${harness.options.containerPrefix}${b.spec.handle}`]
      for (const host of names) {
        const answer = await ask(a.address, `/dial?host=${host}&port=4000`)
        expect(answer).not.toEqual({ outcome: 'connected' })
      }
      expect(await ask(a.address, '/dial?host=127.0.0.1&port=4000')).toEqual({ outcome: 'connected' })
    })

    it('that eats more memory than it has is ended, and the reason is told', async () => {
      const { runtime, spec, address } = await boot(harness.images.hardened)
      await ask(address, '/eat').catch(() => undefined)
      const ended = await until('it has ended', async () => {
        const now = await runtime.inspect(spec)
        return now?.status === 'stopped' && now
      })
      expect(ended).toMatchObject({
        status: 'stopped',
        exitCode: 137,
        oomKilled: true,
      })
    })
  })
})
