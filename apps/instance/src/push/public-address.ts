/** Addresses of the internet, and none of the networks around this computer: whoever names one decides where it calls. */
import { type LookupAddress, type LookupOptions, lookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** IANA's special-purpose registries: what is not reachable from everywhere. */
const PRIVATE_V4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const
/** Global unicast, which leaves out everything mapped, local or translated; and within it what is not for everybody. */
const GLOBAL_V6 = ['2000::', 3] as const
const PRIVATE_V6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const

const privateV4 = new BlockList()
for (const [network, bits] of PRIVATE_V4) privateV4.addSubnet(network, bits, 'ipv4')
const privateV6 = new BlockList()
for (const [network, bits] of PRIVATE_V6) privateV6.addSubnet(network, bits, 'ipv6')
const globalV6 = new BlockList()
globalV6.addSubnet(...GLOBAL_V6, 'ipv6')

export function isPublicAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return !privateV4.check(address, 'ipv4')
  return family === 6 && globalV6.check(address, 'ipv6') && !privateV6.check(address, 'ipv6')
}

/** A host of a URL that is an address itself is never looked up, so it is checked here. */
export const isPublicHost = (host: string): boolean => {
  const address = host.replace(/^\[|\]$/g, '')
  return isIP(address) === 0 || isPublicAddress(address)
}

/** For `http.request`: what is connected to is what was checked, whatever the name means a moment later. */
export const lookupPublic: LookupFunction = (host, options, done) => {
  const all: LookupOptions = { ...options, all: true }
  lookup(host, all, (error, found) => {
    if (error) return done(error, '')
    const addresses = (found as LookupAddress[]).filter(({ address }) => isPublicAddress(address))
    const [first] = addresses
    if (!first) return done(new Error(`${host} has no address on the internet`), '')
    if (options.all) done(null, addresses)
    else done(null, first.address, first.family)
  })
}
