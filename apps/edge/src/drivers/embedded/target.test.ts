import { hostsOf, singleHostsOf } from '@matrixos/shared'
import { expect, it } from 'vitest'
import { socketsIn } from '../../driver.ts'
import { destinationOf } from './target.ts'

const sockets = socketsIn('/run/mos')
const to = (hosts: ReturnType<typeof hostsOf>, host: string, uri = '/') => {
  const found = destinationOf({ host, uri }, hosts, sockets)
  return found.type === 'service' ? found.socketPath.replace('/run/mos/', '') : found.type
}

it("takes the domain for the landing page, and for one person's own computer where there is one alone", () => {
  const platform = hostsOf('https://ada.example')
  const single = singleHostsOf('https://ada.example')
  expect(to(platform, 'ada.example')).toBe('spa.sock')
  expect(to(single, 'ada.example')).toBe('instance')
  expect(to(single, 'ADA.example:443', '/a/../b')).toBe('instance')
  expect(to(single, 'ada.example', '/.mos/cb?ticket=x')).toBe('gate.sock')
  for (const hosts of [platform, single]) {
    expect(to(hosts, 'app.ada.example', '/login')).toBe('spa.sock')
    expect(to(hosts, 'app.ada.example', '/transfer/export')).toBe('api.sock')
    expect(to(hosts, 'api.ada.example')).toBe('api.sock')
  }
  expect(() => to(single, 'bob.ada.example')).toThrow()
  expect(() => to(single, 'elsewhere.example')).toThrow()
})

it('takes the host of the homeserver for it where there is one, and for an instance as any elsewhere', () => {
  const hosts = hostsOf('https://ada.example')
  const at = (uri: string, homeserver?: string) =>
    destinationOf({ host: 'Matrix.ada.example:443', uri }, hosts, sockets, homeserver).type
  expect(at('/_matrix/client/versions', '10.0.0.1:8008')).toBe('homeserver')
  expect(at('/_matrix/client/v3/login', '10.0.0.1:8008')).toBe('service')
  expect(at('/_matrix/client/v1/login/get_token', '10.0.0.1:8008')).toBe('homeserver')
  expect(() => at('/_synapse/admin/v1/users', '10.0.0.1:8008')).toThrow()
  expect(at('/_matrix/client/versions')).toBe('instance')
})
