/** A limit of bandwidth against real packets, in both directions. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describeReal } from '@matrixos/testing/describe-real'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { InstanceAddress } from '../../../../ports/runtime.ts'
import { bootDocker, type DockerHarness } from '../../testing/docker-harness.ts'
import { healthy, makeSpecWithHome, readHome, writeHome } from '../../testing/harness.ts'
import { tableOf } from '../firewall/render.ts'
import { BURST_BYTES, ratesTableOf } from './render.ts'

const run = promisify(execFile)
const RATE = 1_000_000
/** One second's worth beyond what goes at once. */
const BYTES = 2 * RATE + BURST_BYTES

describeReal(['docker'], 'bandwidth of instances', () => {
  let harness: DockerHarness
  beforeAll(async () => {
    harness = await bootDocker()
  })
  afterAll(async () => {
    const { networkName = '' } = harness?.options ?? {}
    for (const table of [tableOf(networkName), ratesTableOf(networkName)])
      await run('nft', ['delete', 'table', 'inet', table]).catch(() => undefined)
    await harness?.[Symbol.asyncDispose]()
  })

  /** How long it takes to send it a file, and to get it back. */
  async function transfer(address: InstanceAddress) {
    const text = 'x'.repeat(BYTES)
    const begun = performance.now()
    await writeHome(address, 'large', text)
    const there = performance.now()
    const read = await readHome(address, 'large')
    expect(read).toHaveLength(BYTES)
    return { receivedMs: there - begun, sentMs: performance.now() - there }
  }

  it('slows down what is sent to it and what it sends, without a restart, also over a stop', async () => {
    const runtime = harness.open({ firewall: { mode: 'api', openings: [] } })
    expect(runtime.limitsBandwidth()).toBe(true)
    const spec = await makeSpecWithHome(harness)
    const address = await runtime.start(spec)
    const { starts } = await healthy(address)
    // What the bucket holds goes at once: the rest takes its time, whatever the machine.
    const leastMs = ((BYTES - RATE - BURST_BYTES) / RATE) * 1000 * 0.9
    await runtime.update(spec, { ...spec.limits, bandwidthBytesPerS: RATE })
    const slow = await transfer(address)
    expect(slow.receivedMs).toBeGreaterThan(leastMs)
    expect(slow.sentMs).toBeGreaterThan(leastMs)
    expect((await healthy(address)).starts).toBe(starts)
    await runtime.stop(spec.id)
    await runtime.start(spec)
    await healthy(address)
    expect((await transfer(address)).sentMs).toBeGreaterThan(leastMs)
    await runtime.update(spec, { ...spec.limits, bandwidthBytesPerS: 100_000_000 })
    const { stdout } = await run('nft', [
      ...['get', 'element', 'inet', ratesTableOf(harness.options.networkName ?? '')],
      ...['sent', `{ ${address.host} }`],
    ])
    expect(stdout).toContain('sent_100000000')
    expect(await runtime.keepsBandwidth()).toBe(true)
    await run('nft', ['flush', 'table', 'inet', ratesTableOf(harness.options.networkName ?? '')])
    expect(await runtime.keepsBandwidth()).toBe(false)
    await runtime.update(spec, { ...spec.limits, bandwidthBytesPerS: RATE })
    expect(await runtime.keepsBandwidth()).toBe(true)
    expect((await transfer(address)).sentMs).toBeGreaterThan(leastMs)
    await runtime.update(spec, spec.limits)
    await expect(
      run('nft', [
        ...['get', 'element', 'inet', ratesTableOf(harness.options.networkName ?? '')],
        ...['received', `{ ${address.host} }`],
      ]),
    ).rejects.toThrow()
    await transfer(address)
  }, 60_000)

  it('says that it cannot where the api does not keep the table of what instances may reach', () => {
    expect(harness.open().limitsBandwidth()).toBe(false)
  })
})
