/** Address arithmetic of the instances' network (IPv4). */
import { isIPv4 } from 'node:net'
import { AppError } from '../../../errors.ts'

/** Addresses below the first slot: the gateway, and services of the platform. */
const RESERVED_ADDRESSES = 10

const toNumber = (address: string): number =>
  address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)

export const toAddress = (value: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.')

/** `10.201.0.0/20` → base address and number of addresses. Throws for anything smaller than a /28. */
export function parse(subnet: string): { base: number; size: number } {
  const [address = '', bits = ''] = subnet.split('/')
  const prefix = Number(bits)
  if (!isIPv4(address) || !/^\d{1,2}$/.test(bits) || prefix < 8 || prefix > 28) {
    throw new AppError('internal', `The instances' subnet must look like 10.201.0.0/20, not "${subnet}".`)
  }
  const size = 2 ** (32 - prefix)
  const base = toNumber(address)
  if (base % size !== 0) {
    throw new AppError(
      'internal',
      `${subnet} does not start at its network address (${toAddress(base - (base % size))}).`,
    )
  }
  return { base, size }
}

/** The last address of a subnet is its broadcast address. */
export const slotCount = (subnet: string): number => parse(subnet).size - 1 - RESERVED_ADDRESSES

/** Fixed address of a slot that the subnet has: base + slot + 10. */
export function slotAddress(subnet: string, slot: number): string {
  const { base } = parse(subnet)
  if (!Number.isInteger(slot) || slot < 0) throw new AppError('internal', `Not a slot: ${slot}`)
  return toAddress(base + slot + RESERVED_ADDRESSES)
}

/** The bridge's own address: the first, as the engine takes it. */
export const gatewayAddress = (subnet: string): string => toAddress(parse(subnet).base + 1)

/** Range from which the engine serves containers without a fixed address: the first eight, below every slot. */
export const dynamicRange = (subnet: string): string => `${toAddress(parse(subnet).base)}/29`
