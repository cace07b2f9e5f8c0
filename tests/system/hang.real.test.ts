/** A computer whose server hangs, and one that is busy with its owner's own work: on Docker, Caddy and PostgreSQL. */
import { signUp, waitUntilRunning } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import type { PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { containerOf, runInside } from '../support/inside.ts'
import { bootStack, type Stack } from '../support/stack.ts'

const OFTEN = { HEALTH_CHECK_S: '0.5', HEALTH_TIMEOUT_S: '4' }
const WAIT_MS = 90_000

/** The first process after the init is the computer's server. */
const STOP_SERVER = `
import { readdirSync } from 'node:fs'
const [server] = readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).map(Number).sort((a, b) => a - b).slice(1)
process.kill(server, 'SIGSTOP')
process.stdout.write('stopped ' + server)`
/** More threads than the computer may have processors, for as long as it runs. */
const WORK = `
const { Worker } = require('node:worker_threads')
for (let nth = 0; nth < 16; nth++) new Worker('for (;;);', { eval: true })`
const WORK_NS = 20e9

describeReal(['docker', 'caddy', 'postgres'], 'a computer that does not answer', () => {
  let stack: Stack
  beforeAll(async () => {
    stack = await bootStack({ parts: 'real', env: OFTEN })
  })
  afterAll(() => stack?.[Symbol.asyncDispose]())

  async function person(handle: string) {
    const client = stack.client()
    await signUp({ client, authenticator: createAuthenticator(), handle })
    await waitUntilRunning(client)
    return { client, container: containerOf(stack.name, handle) }
  }
  const startOf = async (container: ReturnType<typeof containerOf>) =>
    (await container.inspect()).State.StartedAt
  const instanceOf = (client: PlatformClient) => client.trpc.tenants.mine.query()

  // Both at once: each waits for a while.
  it.concurrent('is started anew by itself, and its owner finds what it printed before', async () => {
    const { client, container } = await person('hung')
    const before = await startOf(container)
    expect(await runInside(container, STOP_SERVER)).toMatch(/^stopped \d+$/)
    await until('it was started anew', async () => (await startOf(container)) !== before, WAIT_MS)
    expect((await waitUntilRunning(client)).error).toBeNull()
    const { id: instanceId } = await instanceOf(client)
    const { runs } = await until('its end is noted', async () => {
      const output = await client.trpc.output.of.query({ instanceId, run: 1 })
      return output.runs.length > 1 && output
    })
    expect(runs).toMatchObject([{ endedAt: null }, { how: 'restarted' }])
  })

  it.concurrent('is left to its work when that takes all of its CPU', async () => {
    const { client, container } = await person('busy')
    const before = await startOf(container)
    const work = await container.exec({ Cmd: ['/usr/local/bin/node', '-e', WORK] })
    await work.start({ Detach: true })
    await until(
      'it has worked for long',
      async () => (await container.stats({ stream: false })).cpu_stats.cpu_usage.total_usage > WORK_NS,
      WAIT_MS,
    )
    expect(await startOf(container)).toBe(before)
    expect(await instanceOf(client)).toMatchObject({ observed: 'running', error: null })
  })
})
