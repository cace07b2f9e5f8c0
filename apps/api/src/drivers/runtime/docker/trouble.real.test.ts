import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bootDocker, type DockerHarness } from '../testing/docker-harness.ts'
import { healthy, makeSpec, makeSpecWithHome, readHome, writeHome } from '../testing/harness.ts'
import { slotAddress } from './subnet.ts'

describeReal(['docker'], 'the Docker runtime in trouble', () => {
  describe('the docker driver in trouble', () => {
    let harness: DockerHarness
    beforeAll(async () => {
      harness = await bootDocker()
    })
    afterAll(async () => await harness?.[Symbol.asyncDispose]())

    async function boot() {
      const runtime = harness.open()
      const spec = await makeSpecWithHome(harness)
      const address = await runtime.start(spec)
      await healthy(address)
      return { runtime, spec, address }
    }

    it('names the fix for a missing image and a missing engine', async () => {
      const missing = harness.open().check('mosr-test:none')
      await expect(missing).rejects.toMatchObject({
        code: 'image_missing',
        message: expect.stringContaining('npm run instance:image'),
      })
      const nowhere = harness.open({ host: 'unix:///nowhere.sock' })
      const calls = [() => nowhere.check('any'), () => nowhere.list(), () => nowhere.start(makeSpec('any'))]
      for (const call of calls) {
        await expect(call()).rejects.toMatchObject({
          code: 'engine_down',
          cause: { message: expect.stringContaining('DOCKER_HOST') },
        })
      }
    })

    it('gives each slot its fixed address', async () => {
      const runtime = harness.open()
      const spec = await makeSpecWithHome(harness)
      const expected = {
        host: slotAddress(harness.options.subnet ?? '', spec.slot),
        gatewayPort: 4000,
        shellPort: null,
        trust: 'edge',
        readsRoles: false,
        readsApps: false,
      }
      expect(await runtime.start(spec)).toEqual(expected)
    })

    it('makes a stopped container anew for another specification, and keeps the home', async () => {
      const { runtime, spec, address } = await boot()
      await writeHome(address, 'note', 'kept')
      const before = await (await harness.container(spec.id)).inspect()
      const changed = { ...spec, limits: { ...spec.limits, pids: 99 } }
      await runtime.create(changed)
      expect((await (await harness.container(spec.id)).inspect()).Id).toBe(before.Id)
      await runtime.stop(spec.id)
      const again = await runtime.start(changed)
      expect((await healthy(again)).starts).toBe(2)
      expect(await readHome(again, 'note')).toBe('kept')
      expect((await (await harness.container(spec.id)).inspect()).HostConfig.PidsLimit).toBe(99)
    })

    it('takes the image that a tag points at now, at the next start', async () => {
      const runtime = harness.open()
      const [repo, tag] = ['mosr-test', `${harness.options.platformId}-moving`]
      await harness.docker.getImage(harness.images.plain).tag({ repo, tag })
      const spec = await makeSpecWithHome(harness, { image: `${repo}:${tag}` })
      await healthy(await runtime.start(spec))
      await runtime.stop(spec.id)
      await harness.docker.getImage(harness.images.hardened).tag({ repo, tag })
      const address = await runtime.start(spec)
      expect(address.shellPort).toBeNull()
      // The home changed its owner from 1001 to 10001, or it could not write.
      expect((await healthy(address)).starts).toBe(2)
      await harness.docker.getImage(spec.image).remove()
      await runtime.stop(spec.id)
      expect((await healthy(await runtime.start(spec))).starts).toBe(3)
      await runtime.remove(spec.id)
    })

    it('starts again after container and network were removed behind its back', async () => {
      const away = await bootDocker()
      await using _ = away
      const runtime = away.open()
      const spec = await makeSpecWithHome(away)
      const address = await runtime.start(spec)
      await healthy(address)
      await (await away.container(spec.id)).remove({ force: true })
      expect(await runtime.inspect(spec)).toBeNull()
      expect((await healthy(await runtime.start(spec))).starts).toBe(2)
      await runtime.stop(spec.id)
      await away.docker.getNetwork(away.options.networkName ?? '').remove()
      expect(await runtime.start(spec)).toEqual(address)
      expect((await healthy(address)).starts).toBe(3)
    })

    it('leaves what it did not make alone, and says so', async () => {
      const { runtime, spec } = await boot()
      const stranger = harness.open({ platformId: 'somebody-else' })
      expect(await stranger.list()).toEqual([])
      expect(await stranger.inspect(spec)).toBeNull()
      await stranger.stop(spec.id)
      await expect(stranger.start(spec)).rejects.toMatchObject({ code: 'conflict' })
      await expect(stranger.check(harness.image)).rejects.toMatchObject({ code: 'conflict' })
      expect(await runtime.inspect(spec)).toMatchObject({ status: 'running' })
    })

    it('refuses a network on which instances would reach each other', async () => {
      const name = `${harness.options.platformId}-open`
      const network = await harness.docker.createNetwork({ Name: name })
      await expect(harness.open({ networkName: name }).check(harness.image)).rejects.toMatchObject({
        code: 'isolation_broken',
        cause: { message: expect.stringContaining(name) },
      })
      await network.remove()
      const overlapping = harness.open({ networkName: `${name}-2` }).check(harness.image)
      await expect(overlapping).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('subnet'),
      })
    })

    it('says who is in the way when an address is held, and starts once it is free', async () => {
      const { runtime, spec } = await boot()
      const rival = await makeSpecWithHome(harness, { slot: spec.slot })
      await expect(runtime.start(rival)).rejects.toMatchObject({
        code: 'conflict',
        message: expect.stringContaining('address'),
      })
      await runtime.stop(spec.id)
      expect((await healthy(await runtime.start(rival))).handle).toBe(rival.handle)
    })

    it('shows why a program could not be started', async () => {
      const { docker, images, options } = harness
      const [repo, tag] = ['mosr-test', `${options.platformId}-broken`]
      const template = await docker.createContainer({ Image: images.plain })
      await template.commit({ repo, tag, changes: 'ENTRYPOINT ["/bin/none"]' })
      await template.remove()
      const runtime = harness.open()
      const spec = await makeSpecWithHome(harness, { image: `${repo}:${tag}` })
      await runtime.start(spec)
      await until('it has ended', async () => (await runtime.inspect(spec))?.exitCode === 127)
      const reason = '/bin/none failed: No such file'
      await until('the reason', async () => (await runtime.logs(spec, 5)).includes(reason))
      await runtime.remove(spec.id)
      await docker.getImage(spec.image).remove()
    })
  })
})
