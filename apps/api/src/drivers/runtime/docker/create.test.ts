import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { type EngineAnswer, type EngineCall, openEngineProxy } from '../testing/engine-proxy.ts'
import { makeSpec } from '../testing/harness.ts'
import { bridgesOf } from './bridges.ts'
import { createDockerRuntime } from './index.ts'
import { dockerSettings } from './options.ts'

const spec = makeSpec('image')
const place = { platformId: 'test', networkName: 'net' }

/** An engine that keeps instances apart, has the image, and no container yet. */
function fakeEngine(stateDir: string) {
  const homes = { give: async () => {}, disarm: async () => {} }
  const [bridge] = bridgesOf(dockerSettings({ ...place, stateDir, homes }))
  const network = {
    Name: 'net',
    Driver: 'bridge',
    EnableIPv6: false,
    Options: { 'com.docker.network.bridge.enable_icc': 'false' },
    IPAM: { Config: [{ Subnet: bridge?.subnet }] },
  }
  const answers: Record<string, unknown> = {
    'GET /info': { ServerVersion: '27.0.0', BridgeNfIptables: true },
    'GET /networks': [network],
    'GET /images/image/json': {
      Id: 'sha256:1',
      Config: { User: '10001', Labels: { 'os.matrix.hardened': '1' } },
    },
    'POST /containers/create': { Id: 'c1' },
  }
  return ({ method, path }: EngineCall): EngineAnswer => {
    const json = answers[`${method} ${path}`]
    return json ? { json } : { status: 404, json: { message: 'no such thing' } }
  }
}

it('makes a container without asking twice for what is known by then', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mosr-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  await using proxy = await openEngineProxy({ folder, answer: fakeEngine(folder) })
  const given: string[] = []
  const runtime = createDockerRuntime({
    ...{ ...place, stateDir: folder, host: proxy.host, bridgeFilterFile: join(folder, 'absent') },
    homes: { give: async ({ handle }) => void given.push(handle), disarm: async () => {} },
  })
  await runtime.verifyIsolation()
  await runtime.check(spec.image)
  proxy.calls.length = 0
  await runtime.check(spec.image)
  await runtime.create(spec)
  expect(proxy.calls.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    `GET /containers/matrixos-${spec.handle}/json`,
    'GET /images/image/json',
    'GET /images/image/json',
    'POST /containers/create',
  ])
  expect(given).toEqual([spec.handle])
})
