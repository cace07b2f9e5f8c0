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
  const { handleOf } = hostsOf('https://example.org', 'example.net')
  expect(handleOf('Alice.Example.NET:443')).toBe('alice')
  for (const host of [
    'alice.example.org',
    'a.b.example.net',
    'example.net',
    '.example.net',
    'evil-example.net',
  ]) {
    expect(handleOf(host)).toBeNull()
  }
})

it("never takes the platform's own hosts for instances", () => {
  const { handleOf } = hostsOf('https://example.org')
  expect(handleOf('app.example.org')).toBeNull()
  expect(handleOf('api.example.org')).toBeNull()
  expect(hostsOf('https://platform.example.org', 'Example.ORG').handleOf('platform.example.org')).toBeNull()
  expect(hostsOf('https://platform.example.org', 'Example.ORG').handleOf('alice.example.org')).toBe('alice')
})

it("puts one person's own computer at the domain itself, whoever's it is by then", () => {
  let handle: string | null = null
  const hosts = singleHostsOf('https://ada.example:8443', () => handle)
  expect(hosts.handleOf('ada.example:8443')).toBe(UNCLAIMED)
  handle = 'ada'
  expect(hosts.handleOf('ADA.example')).toBe('ada')
  expect(hosts.instanceOrigin('ada')).toBe('https://ada.example:8443')
  expect(hosts.platform).toEqual(['app.ada.example', 'api.ada.example'])
  for (const host of ['app.ada.example', 'api.ada.example', 'ada.ada.example', 'example', 'evil-ada.example'])
    expect(hosts.handleOf(host)).toBeNull()
  expect(hostsFrom({ PUBLIC_URL: 'https://ada.example', SINGLE: false }).handleOf('ada.example')).toBeNull()
})
