import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describeReal } from '@matrixos/testing/describe-real'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { InstanceAddress } from '../../../ports/runtime.ts'
import { bootDocker, type DockerHarness } from '../testing/docker-harness.ts'
import { ask, healthy, makeSpecWithHome, readHome, writeHome } from '../testing/harness.ts'

describeReal(['docker'], 'an image with a root entrypoint', () => {
  // What ended while it was read has no state.
  const processSchema = z.object({ pid: z.number(), state: z.string().optional() })
  const processesSchema = z.object({ processes: z.array(processSchema) })
  const terminalSchema = z.object({ ok: z.boolean(), output: z.string() })

  describe('an image that starts as root, as the public one does', () => {
    let harness: DockerHarness
    beforeAll(async () => {
      harness = await bootDocker()
    })
    afterAll(async () => await harness?.[Symbol.asyncDispose]())

    async function boot() {
      const runtime = harness.open()
      const { limits, ...spec } = await makeSpecWithHome(harness, { image: harness.images.plain })
      const full = { ...spec, limits: { ...limits, pids: 128 } }
      const address = await runtime.start(full)
      await healthy(address)
      return { runtime, spec: full, address }
    }

    async function terminal({ host, gatewayPort }: InstanceAddress, command: string) {
      const url = `http://${host}:${gatewayPort}/terminal`
      const response = await fetch(url, {
        method: 'POST',
        body: command,
        signal: AbortSignal.timeout(60_000),
      })
      return terminalSchema.parse(await response.json())
    }

    it('keeps an edited file through twenty starts', async () => {
      const { runtime, spec, address } = await boot()
      expect(await readHome(address, 'soul')).toBe('as the template has it')
      await writeHome(address, 'soul', 'edited')
      for (let start = 2; start <= 20; start++) {
        await runtime.stop(spec.id, { graceS: 5 })
        const again = await runtime.start(spec)
        expect((await healthy(again)).starts).toBe(start)
        expect(await readHome(again, 'soul')).toBe('edited')
      }
    })

    it('ends at SIGTERM although its server handles only SIGINT', async () => {
      const { runtime, spec } = await boot()
      await runtime.stop(spec.id)
      expect(await runtime.inspect(spec)).toMatchObject({ status: 'stopped', exitCode: 143 })
    })

    it('reaps what terminals leave behind, so that processes do not run out', async () => {
      const { address } = await boot()
      for (const batch of ['{1..70}', '{71..140}']) {
        const jobs = await terminal(address, `for i in ${batch}; do (sleep 0.1 &); done; echo done`)
        expect(jobs).toMatchObject({ ok: true, output: expect.stringContaining('done') })
        await until('few processes are left', async () => {
          const answer = await ask(address, '/processes').catch(() => null)
          if (!answer) return false
          const { processes } = processesSchema.parse(answer)
          return processes.length < 20 && processes.every(({ state }) => state !== 'Z')
        })
      }
    })

    it('cannot change what names resolve to, and resolves them', async () => {
      const { runtime, spec, address } = await boot()
      expect(await runtime.logs(spec, 50)).not.toContain('is writable')
      const { output } = await terminal(address, 'while read line; do echo "$line"; done < /etc/hosts')
      expect(output).toContain(`${address.host}\t${spec.handle}`)
      expect(await ask(address, `/dial?host=${spec.handle}&port=4000`)).toEqual({ outcome: 'connected' })
      // By the engine's own name server: no line of the file has this name.
      const byName = `/dial?host=${harness.options.containerPrefix}${spec.handle}&port=4000`
      expect(await ask(address, byName)).toEqual({ outcome: 'connected' })
    })

    async function bootWithSetuidFile() {
      const { runtime, spec, address } = await boot()
      await writeHome(address, 'tool', '#!/bin/sh')
      await ask(address, '/setuid?name=tool')
      const path = join(spec.home, 'tool')
      const mode = async () => (await stat(path)).mode & 0o7777
      expect(await mode()).toBe(0o4755)
      return { runtime, spec, address, mode }
    }

    /** Ends it without the platform. */
    async function exit({ runtime, spec }: Awaited<ReturnType<typeof bootWithSetuidFile>>) {
      await harness.kill(spec.id)
      await until('it has stopped', async () => (await runtime.inspect(spec))?.status === 'stopped')
    }

    it('leaves no setuid file in its home when it stops', async () => {
      const { runtime, spec, mode } = await bootWithSetuidFile()
      await runtime.stop(spec.id)
      expect(await mode()).toBe(0o755)
    })

    it('leaves no setuid file in its home when it is stopped after it ended by itself', async () => {
      const instance = await bootWithSetuidFile()
      await exit(instance)
      await instance.runtime.stop(instance.spec.id)
      expect(await instance.mode()).toBe(0o755)
    })

    it('leaves no setuid file in its home when it starts after it ended by itself', async () => {
      const instance = await bootWithSetuidFile()
      await exit(instance)
      await instance.runtime.start(instance.spec)
      expect(await instance.mode()).toBe(0o755)
    })

    it('leaves no capability in the processes of its user', async () => {
      const { address } = await boot()
      const { output } = await terminal(address, 'while read line; do echo "$line"; done < /proc/self/status')
      for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb']) {
        expect(output).toMatch(new RegExp(`^${set}:\\s+0{16}\\s*$`, 'm'))
      }
      expect(output).toMatch(/^NoNewPrivs:\s+1\s*$/m)
      expect(output).toMatch(/^Uid:\s+1001\s+1001\s+1001\s+1001\s*$/m)
    })
  })
})
