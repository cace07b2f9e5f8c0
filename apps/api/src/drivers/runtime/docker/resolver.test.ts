import { expect, it } from 'vitest'
import { makeSpec } from '../testing/harness.ts'
import { containerConfig } from './container-config.ts'
import type { Image } from './images.ts'
import { dockerSettings } from './options.ts'
import { resolverText } from './resolver.ts'

const homes = { give: async () => {}, disarm: async () => {} }
const settings = dockerSettings({ platformId: 'test', stateDir: '/state', homes })
const PLACE = { bridge: { networkName: 'net', subnet: '10.0.0.0/24' }, address: '10.0.0.10' }

/** Which files of this machine's state are mounted where. */
function mountsOf(ociRuntime: 'runc' | 'runsc', hardened: boolean): [string, string][] {
  const image: Image = {
    ...{ id: 'sha256:1', labels: {}, uid: null, hardened, gatewayPort: 4000, shellPort: null },
    ...{ shellIsAssumed: false, readsRoles: true, readsApps: true },
    trust: 'edge',
  }
  const { HostConfig } = containerConfig({ ...makeSpec('image'), ociRuntime }, image, settings, PLACE)
  return (HostConfig?.Mounts ?? []).map(({ Source, Target }) => [Target, Source])
}

it('gives containers behind gVisor name servers that they can reach, once', () => {
  for (const hardened of [true, false]) {
    const found = mountsOf('runsc', hardened).filter(([target]) => target === '/etc/resolv.conf')
    expect(found).toEqual([['/etc/resolv.conf', '/state/resolv.conf']])
  }
})

it("leaves the others the engine's own", () => {
  expect(mountsOf('runc', true).map(([target]) => target)).toEqual(['/home/matrixos/home'])
  expect(mountsOf('runc', false)).not.toContainEqual(['/etc/resolv.conf', '/state/resolv.conf'])
})

it('names three of this machine, or those that the engine falls back on', () => {
  expect(resolverText(['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4'])).toBe(
    'nameserver 10.0.0.1\nnameserver 10.0.0.2\nnameserver 10.0.0.3\noptions ndots:0\n',
  )
  expect(resolverText([])).toMatch(/^nameserver 8\.8\.8\.8\n/)
})
