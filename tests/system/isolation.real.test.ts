/** Isolation that is lost while instances run: they are stopped, their owners and the operator told; then they return. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { signUp, waitUntilRunning, wakeInstance } from '@matrixos/client'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { expect, it } from 'vitest'
import { openEngineProxy } from '../../apps/api/src/drivers/runtime/testing/engine-proxy.ts'
import { bootStack } from '../support/stack.ts'
import { testContainers } from '../support/test-engine.ts'

const NOTICED_MS = 40_000

describeReal(['docker', 'caddy', 'postgres'], 'isolation that is lost', () => {
  it('stops what runs and keeps it stopped until it holds again', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mos-proxy-'))
    let isFiltered = true
    await using proxy = await openEngineProxy({
      folder,
      target: '/var/run/docker.sock',
      answer: () => 'pass',
      rewrite: ({ path }, json) => (path === '/info' ? { ...json, BridgeNfIptables: isFiltered } : json),
    })
    await using stack = await bootStack({ parts: 'real', env: { DOCKER_HOST: proxy.host } })
    const person = async (handle: string) => {
      const client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle })
      const { url } = await waitUntilRunning(client, NOTICED_MS)
      return { client, url }
    }
    const [patient, waker] = [await person('patient'), await person('waker')]

    isFiltered = false
    const told = ({ client }: typeof patient) =>
      until(
        'the owner is told',
        async () => {
          const view = await client.trpc.tenants.mine.query()
          return view.observed === 'failed' && view.error?.code === 'isolation_broken' ? view : null
        },
        NOTICED_MS,
      )
    expect((await told(patient)).error?.message).not.toMatch(/sysctl|\//)
    const running = async () => (await testContainers(stack.name)).filter(({ State }) => State === 'running')
    await until('the containers are stopped', async () => (await running()).length === 0, NOTICED_MS)
    expect(stack.log()).toContain('net.bridge.bridge-nf-call-iptables=1')
    await wakeInstance(waker.client)
    await told(waker)
    expect(await running()).toEqual([])

    // The patient one without a visit, which would be a reason of its own to try again.
    isFiltered = true
    for (const { client } of [patient, waker]) await waitUntilRunning(client, NOTICED_MS)
    for (const { client, url } of [patient, waker]) await openInstance(client, url)
    rmSync(folder, { recursive: true })
  })
})
