import { expect, it } from 'vitest'
import { aiProxyUrl, defaultAiListen } from './ai-address.ts'

it('listens on loopback, or where the bridge of the instances ends', () => {
  expect(defaultAiListen({ runtime: 'process' })).toBe('127.0.0.1:8090')
  expect(defaultAiListen({ runtime: 'process', port: 8091 })).toBe('127.0.0.1:8091')
  expect(defaultAiListen({ runtime: 'docker' })).toBe('10.201.0.1:4100')
  expect(defaultAiListen({ runtime: 'docker', subnet: '10.230.16.0/20' })).toBe('10.230.16.1:4100')
})

it('gives instances an address that they reach, also of a proxy that listens everywhere', () => {
  const docker = { runtime: 'docker', subnet: '10.230.16.0/20' } as const
  expect(aiProxyUrl('10.230.16.1:4100', docker)).toBe('http://10.230.16.1:4100')
  expect(aiProxyUrl('0.0.0.0:4200', docker)).toBe('http://10.230.16.1:4200')
  expect(aiProxyUrl('[::]:4200', { runtime: 'process' })).toBe('http://127.0.0.1:4200')
})
