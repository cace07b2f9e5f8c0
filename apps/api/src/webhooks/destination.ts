/**
 * Where a delivery may go: to addresses of the public internet alone, or a stranger could reach what stands beside the
 * platform. The address that was judged is the one that is connected to: a name that changes its mind gains nothing.
 */
import type { LookupAddress, LookupOptions } from 'node:dns'
import { lookup as dnsLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** All that IANA gives to hosts on the internet. The rest is unassigned, or IPv4 in an older disguise (`::127.0.0.1`). */
const GIVEN_OUT = ipaddr.IPv6.parseCIDR('2000::/3')

/** `address`: without brackets. Whatever is neither a public unicast address nor one of IPv4 in disguise is refused. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const plain = ipaddr.process(address)
  const isGivenOut = !(plain instanceof ipaddr.IPv6) || plain.match(GIVEN_OUT)
  return isGivenOut && plain.range() === 'unicast'
}

export class DestinationRefused extends Error {
  override readonly name = 'DestinationRefused'
}

/** Throws `DestinationRefused` for an address that needs no look-up, and is not public or not encrypted. */
export function checkUrl(text: string): void {
  const { protocol, hostname } = new URL(text)
  if (protocol !== 'https:') throw new DestinationRefused('Deliveries go to https:// addresses alone.')
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) && !isPublicAddress(host))
    throw new DestinationRefused('This address is not on the public internet.')
}

type Resolve = (
  name: string,
  options: LookupOptions & { all: true },
  done: (error: Error | null, addresses: LookupAddress[]) => void,
) => void

/** As `net.connect` asks for a host's addresses: answers those that are public. */
export const publicLookup =
  (resolve: Resolve = dnsLookup): LookupFunction =>
  (name, options, done) => {
    resolve(name, { ...options, all: true }, (error, found) => {
      const addresses = error ? [] : found.filter(({ address }) => isPublicAddress(address))
      const [first] = addresses
      if (error) return done(error, [])
      if (!first) return done(new DestinationRefused(`${name} is not on the public internet.`), [])
      if (options.all) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
