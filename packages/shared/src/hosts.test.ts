import { expect, it } from 'vitest'
import { hostsOf, singleHostsOf, UNCLAIMED } from './hosts.ts'
import { hostsFrom } from './place.ts'

it('derives everything from the public URL', () => {
  const hosts = hostsOf('http://localhost:8080')
  expect(hosts.appOrigin).toBe('http://app.localhost:8080')
  expect(hosts.instanceOrigin('alice')).toBe('http://alice.localhost:8080')
  expect(hosts.instanceHost('alice')).toBe('alice.localhost')
})

it('leaves the standard port out', () => {
  expect(hostsOf('https://example.org').apiOrigin).toBe('https://api.example.org')
})

it('reads a handle from a host, whatever its case and port', () => {
  const { hostedAt } = hostsOf('https://example.org', 'example.net')
  expect(hostedAt('Alice.Example.NET:443')).toEqual({ handle: 'alice', app: null })
  for (const host of [
    'alice.example.org',
    'a.b.example.net',
    'example.net',
    '.example.net',
    'evil-example.net',
  ]) {
    expect(hostedAt(host)).toBeNull()
  }
})

it("never takes the platform's own hosts for instances", () => {
  const { hostedAt } = hostsOf('https://example.org')
  expect(hostedAt('app.example.org')).toBeNull()
  expect(hostedAt('api.example.org')).toBeNull()
  const sub = hostsOf('https://platform.example.org', 'Example.ORG')
  expect(sub.hostedAt('platform.example.org')).toBeNull()
  expect(sub.hostedAt('alice.example.org')?.handle).toBe('alice')
})

it("puts one person's own computer at the domain itself, whoever's it is by then", () => {
  let handle: string | null = null
  const hosts = singleHostsOf('https://ada.example:8443', () => handle)
  expect(hosts.hostedAt('ada.example:8443')).toEqual({ handle: UNCLAIMED, app: null })
  handle = 'ada'
  expect(hosts.hostedAt('ADA.example')?.handle).toBe('ada')
  expect(hosts.instanceOrigin('ada')).toBe('https://ada.example:8443')
  expect(hosts.platform).toEqual(['app.ada.example', 'api.ada.example'])
  for (const host of ['app.ada.example', 'api.ada.example', 'ada.ada.example', 'example', 'evil-ada.example'])
    expect(hosts.hostedAt(host)).toBeNull()
  expect(hostsFrom({ PUBLIC_URL: 'https://ada.example', SINGLE: false }).hostedAt('ada.example')).toBeNull()
})

it('reads an app and its owner from a host, and makes the same host of them', () => {
  const { hostedAt, instanceAppOrigin, instanceAppHost } = hostsOf('https://example.org:8443', 'example.net')
  expect(instanceAppOrigin('alice', 'tic-tac')).toBe('https://tic-tac--alice.example.net:8443')
  expect(hostedAt(instanceAppHost('a-b', 'tic-tac'))).toEqual({ handle: 'a-b', app: 'tic-tac' })
  expect(hostedAt('Game--Alice.example.net')).toEqual({ handle: 'alice', app: 'game' })
  for (const label of [
    'xn--alice',
    'g--alice',
    '-game--alice',
    'game---alice',
    '9game--alice',
    `${'g'.repeat(30)}--alice`,
    '--alice',
  ])
    expect(hostedAt(`${label}.example.net`)?.app ?? null).toBeNull()
})

it("puts the apps of one person's own computer beside it, and nobody else's", () => {
  const hosts = singleHostsOf('https://ada.example', () => 'ada')
  expect(hosts.instanceAppOrigin('ada', 'game')).toBe('https://game--ada.ada.example')
  expect(hosts.hostedAt('game--ada.ada.example')).toEqual({ handle: 'ada', app: 'game' })
  expect(hosts.hostedAt('game--bob.ada.example')).toBeNull()
  expect(singleHostsOf('https://ada.example', () => null).hostedAt('game--ada.ada.example')).toBeNull()
  // The edge does not know whose computer it is.
  expect(singleHostsOf('https://ada.example').hostedAt('game--ada.ada.example')?.app).toBe('game')
})
