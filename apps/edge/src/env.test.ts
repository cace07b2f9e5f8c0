import { expect, it } from 'vitest'
import { readEnv } from './env.ts'

const EDGE_TOKEN = 'x'.repeat(32)

it('listens on this machine only, at the port of the public URL', () => {
  expect(readEnv({ EDGE_TOKEN }).EDGE_LISTEN).toBe('127.0.0.1:8080')
  expect(readEnv({ EDGE_TOKEN, PUBLIC_URL: 'https://os.example' }).EDGE_LISTEN).toBe('127.0.0.1:443')
  expect(readEnv({ EDGE_TOKEN, EDGE_LISTEN: ':80' }).EDGE_LISTEN).toBe(':80')
})

it('names what is wrong and shows no value', () => {
  const wrong = { EDGE_TOKEN: 'short-secret', EDGE_DRIVER: 'nginx', EDGE_LISTEN: '8080' }
  expect(() => readEnv(wrong)).toThrow(
    /EDGE_TOKEN: .*32 characters[\s\S]*EDGE_DRIVER: [\s\S]*EDGE_LISTEN: .*host:port/,
  )
  expect(() => readEnv(wrong)).not.toThrow(/short-secret/)
})

it('takes an inherited socket for Caddy only', () => {
  const EDGE_LISTEN = 'fd/3'
  expect(readEnv({ EDGE_TOKEN, EDGE_LISTEN, EDGE_DRIVER: 'caddy' }).EDGE_LISTEN).toBe('fd/3')
  expect(() => readEnv({ EDGE_TOKEN, EDGE_LISTEN })).toThrow('EDGE_LISTEN=fd/… needs EDGE_DRIVER=caddy')
})

it('takes the ranges of trusted proxies, and not of everybody', () => {
  expect(readEnv({ EDGE_TOKEN }).TRUSTED_PROXIES).toEqual([])
  expect(readEnv({ EDGE_TOKEN, TRUSTED_PROXIES: '10.0.0.5,fd00::/8' }).TRUSTED_PROXIES).toEqual([
    '10.0.0.5',
    'fd00::/8',
  ])
  expect(() => readEnv({ EDGE_TOKEN, TRUSTED_PROXIES: '0.0.0.0/0' })).toThrow(
    /TRUSTED_PROXIES: Expected addresses or CIDR ranges/,
  )
})

it('refuses TLS in the embedded edge', () => {
  expect(() => readEnv({ EDGE_TOKEN, EDGE_TLS: 'internal' })).toThrow('EDGE_TLS needs EDGE_DRIVER=caddy')
})
