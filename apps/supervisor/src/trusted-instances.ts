/** Whether instances would count as trusted proxies: each of them reaches the edge from its own address. */
import { BlockList, isIPv4 } from 'node:net'
import { DEFAULT_SUBNET } from '@matrixos/shared'
import type { Settings } from './settings.ts'

const WHOLE = 32

function split(range: string): { address: string; prefix: number } {
  const [address = '', prefix] = range.split('/')
  return { address, prefix: prefix === undefined ? WHOLE : Number(prefix) }
}

const isRange = (text: string): boolean => {
  const { address, prefix } = split(text)
  return isIPv4(address) && Number.isInteger(prefix) && prefix >= 0 && prefix <= WHOLE
}

/** Both IPv4: of two ranges that overlap, one holds the other's addresses. */
function overlap(one: string, other: string): boolean {
  const holds = (outer: string, inner: string) => {
    const { address, prefix } = split(outer)
    const block = new BlockList()
    block.addSubnet(address, prefix)
    return block.check(split(inner).address)
  }
  return holds(one, other) || holds(other, one)
}

/** What to refuse the start with, or `null`. Ranges that are none are left to the edge, which names them. */
export function trustedInstances(
  { runtime }: Pick<Settings, 'runtime'>,
  env: Readonly<Record<string, string | undefined>>,
): string | null {
  if (runtime !== 'docker') return null
  const subnet = env.DOCKER_SUBNET || DEFAULT_SUBNET
  const ranges = (env.TRUSTED_PROXIES ?? '').split(/[\s,]+/).filter(isRange)
  const range = isRange(subnet) && ranges.find((candidate) => overlap(candidate, subnet))
  if (!range) return null
  return (
    `TRUSTED_PROXIES includes ${range}, where instances have their addresses (DOCKER_SUBNET is ${subnet}): each of them ` +
    'could claim any client address. List only the proxies.'
  )
}
