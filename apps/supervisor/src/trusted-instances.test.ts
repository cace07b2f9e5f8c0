import { expect, it } from 'vitest'
import { trustedInstances } from './trusted-instances.ts'

const problem = (TRUSTED_PROXIES?: string, DOCKER_SUBNET?: string) =>
  trustedInstances({ runtime: 'docker' }, { TRUSTED_PROXIES, DOCKER_SUBNET })

it.each([
  ['10.0.0.0/8', undefined],
  ['192.0.2.1, 10.201.3.4', undefined],
  ['10.201.1.0/24', ''],
  ['172.16.0.0/12', '172.20.0.0/16'],
  ['fd00::/8,10.201.0.1', '10.201.0.0/20'],
])('refuses to trust %s where instances are in %s', (ranges, subnet) => {
  expect(problem(ranges, subnet)).toMatch(/^TRUSTED_PROXIES includes .*DOCKER_SUBNET/)
})

it.each([
  [undefined, undefined],
  ['127.0.0.1', undefined],
  ['10.202.0.0/16,fd00::/8', undefined],
  ['10.0.0.0/8', '172.20.0.0/16'],
  ['nonsense', undefined],
])('lets %s be trusted where instances are in %s', (ranges, subnet) => {
  expect(problem(ranges, subnet)).toBeNull()
})

it('has nothing to say of instances without a network of their own', () => {
  expect(trustedInstances({ runtime: 'process' }, { TRUSTED_PROXIES: '10.0.0.0/8' })).toBeNull()
})
