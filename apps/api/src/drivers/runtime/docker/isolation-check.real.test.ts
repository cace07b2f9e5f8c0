import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bootDocker, type DockerHarness } from '../testing/docker-harness.ts'
import { openEngineProxy } from '../testing/engine-proxy.ts'
import { freeSubnet } from '../testing/free-subnet.ts'
import { healthy, makeSpecWithHome } from '../testing/harness.ts'

describeReal(['docker'], 'the check of isolation', () => {
  const brokenError = {
    code: 'isolation_broken',
    message: expect.not.stringContaining('sysctl'),
    cause: { message: expect.stringContaining('bridge-nf-call-iptables=1') },
  }

  describe('isolation', () => {
    let harness: DockerHarness
    let folder: string
    beforeAll(async () => {
      harness = await bootDocker()
      folder = await mkdtemp(join(tmpdir(), 'mosr-'))
    })
    afterAll(async () => {
      await harness?.[Symbol.asyncDispose]()
      await rm(folder, { recursive: true })
    })

    /** The real engine, which says of the bridge filter what the test wants. */
    async function bootBehind(info: Record<string, unknown>, isolationMs = 0) {
      const proxy = await openEngineProxy({
        folder,
        target: '/var/run/docker.sock',
        answer: () => 'pass',
        rewrite: ({ path }, json) => (path === '/info' ? { ...json, ...info } : json),
      })
      const bridgeFilterFile = join(folder, 'bridge-filter')
      await writeFile(bridgeFilterFile, '1\n')
      const timing = { ...harness.options.timing, isolationMs }
      const runtime = harness.open({ host: proxy.host, bridgeFilterFile, timing })
      return { proxy, runtime, bridgeFilterFile }
    }

    it('lost after a container was made keeps it from being started, until it is back', async () => {
      const info: Record<string, unknown> = {}
      const { proxy, runtime } = await bootBehind(info)
      await using _ = proxy
      const spec = await makeSpecWithHome(harness)
      await healthy(await runtime.start(spec))
      await runtime.stop(spec.id)
      info.BridgeNfIptables = false
      await expect(runtime.start(spec)).rejects.toMatchObject(brokenError)
      await expect(runtime.start(await makeSpecWithHome(harness))).rejects.toMatchObject(brokenError)
      await expect(runtime.verifyIsolation()).rejects.toMatchObject(brokenError)
      expect(await runtime.inspect(spec)).toMatchObject({ status: 'stopped' })
      info.BridgeNfIptables = true
      expect((await healthy(await runtime.start(spec))).starts).toBe(2)
    })

    it('is not asked for again within seconds', async () => {
      const { proxy, runtime } = await bootBehind({}, 60_000)
      await using _ = proxy
      const spec = await makeSpecWithHome(harness)
      await runtime.verifyIsolation()
      await runtime.start(spec)
      await runtime.stop(spec.id)
      await runtime.start(spec)
      expect(proxy.count('GET', /^\/info$/)).toBe(1)
    })

    it('is read from the kernel where the engine no longer tells', async () => {
      const info = { ServerVersion: '28.1.0', BridgeNfIptables: undefined }
      const { proxy, runtime, bridgeFilterFile } = await bootBehind(info)
      await using _ = proxy
      await runtime.verifyIsolation()
      await writeFile(bridgeFilterFile, '0\n')
      await expect(runtime.verifyIsolation()).rejects.toMatchObject(brokenError)
    })

    it('is read from the kernel also where the engine tells only what was so when it started', async () => {
      const { proxy, runtime, bridgeFilterFile } = await bootBehind({ ServerVersion: '27.5.1' })
      await using _ = proxy
      await runtime.verifyIsolation()
      await writeFile(bridgeFilterFile, '0\n')
      await expect(runtime.verifyIsolation()).rejects.toMatchObject(brokenError)
    })

    it('lost with a network made anew keeps an instance from being started', async () => {
      const { docker, options } = harness
      const away = { networkName: `${options.platformId}-two`, subnet: await freeSubnet(24) }
      await using _ = {
        [Symbol.asyncDispose]: async () => await docker.getNetwork(away.networkName).remove(),
      }
      const runtime = harness.open({ ...away, timing: { ...options.timing, isolationMs: 0 } })
      const spec = await makeSpecWithHome(harness, { slot: 1 })
      await healthy(await runtime.start(spec))
      await runtime.stop(spec.id)
      await docker.getNetwork(away.networkName).remove()
      const open = await docker.createNetwork({
        Name: away.networkName,
        IPAM: { Driver: 'default', Config: [{ Subnet: away.subnet }] },
        Options: { 'com.docker.network.bridge.enable_icc': 'true' },
      })
      const error = {
        code: 'isolation_broken',
        cause: { message: expect.stringContaining(away.networkName) },
      }
      await expect(runtime.start(await makeSpecWithHome(harness, { slot: 2 }))).rejects.toMatchObject(error)
      await expect(runtime.start(spec)).rejects.toMatchObject(error)
      await expect(runtime.verifyIsolation()).rejects.toMatchObject(error)
      await open.remove()
      expect((await healthy(await runtime.start(spec))).starts).toBe(2)
      await runtime.remove(spec.id)
    })
  })
})
