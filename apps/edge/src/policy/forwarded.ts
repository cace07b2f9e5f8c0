/**
 * What a proxy in front of the edge says of its client, and whose word counts. Both drivers read `X-Forwarded-For`
 * from the right: the last entry is what the nearest proxy saw, and everything to the left of the first address that
 * is not a trusted proxy's may be forged.
 */
import { BlockList, isIP, isIPv6, SocketAddress } from 'node:net'

/**
 * `X-Forwarded-For` as a trusted proxy may send it: none, or with an address at the end (an IPv6 address without
 * brackets and port). With anything else there, what a client made up would move up to the end. In the dialect that
 * RE2 and JavaScript share.
 */
export const FORWARDED_FOR_PATTERN =
  '^$|(?:^|,)[ \\t]*(?:\\d{1,3}(?:\\.\\d{1,3}){3}(?::\\d{1,5})?|[0-9a-fA-F]*:[0-9a-fA-F:.]+(?:%[^,]*)?)[ \\t]*$'

const forwardedFor = new RegExp(FORWARDED_FOR_PATTERN)
export const isForwardedFor = (value: string): boolean => forwardedFor.test(value)

const RANGE = /^([0-9a-f.:]+)(?:\/(\d{1,3}))?$/i

/**
 * `text`: addresses and CIDR ranges, separated by commas or spaces. `null` when one of them is neither, or stands for
 * all addresses: whoever trusts everybody lets everybody choose an address.
 */
export function parseRanges(text: string): string[] | null {
  const ranges = text.split(/[\s,]+/).filter(Boolean)
  return ranges.every(isRange) ? ranges : null
}

function isRange(text: string): boolean {
  const [, address = '', prefix] = RANGE.exec(text) ?? []
  const family = isIP(address)
  if (family === 0 || prefix === undefined) return family !== 0
  return Number(prefix) > 0 && Number(prefix) <= (family === 4 ? 32 : 128)
}

/** `ranges` are of `parseRanges`. */
export function createTrust(ranges: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList()
  for (const range of ranges) {
    const [address = '', prefix] = range.split('/')
    if (prefix === undefined) trusted.addAddress(address, familyOf(address))
    else trusted.addSubnet(address, Number(prefix), familyOf(address))
  }
  return (address) => isIP(address) !== 0 && trusted.check(address, familyOf(address))
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

/** The shortest spelling, without zone and port; IPv4 where IPv6 only wraps it. `null`: no address. */
export function canonicalAddress(text: string): string | null {
  const address = text.replace(/^((?:\d+\.){3}\d+):\d+$/, '$1').replace(/%.*$/, '')
  if (isIP(address) === 0) return null
  const { address: shortest } = new SocketAddress({ address, family: familyOf(address) })
  return shortest.replace(/^::ffff:(?=\d+\.)/, '')
}

export interface Peer {
  /** Canonical. */
  address: string
  /** All `X-Forwarded-For` of a request, joined with commas. */
  forwardedFor: string
}

/** Address of the client behind a trusted peer; the peer's own when it names none. */
export function clientBehind(peer: Peer, isTrusted: (address: string) => boolean): string {
  for (const entry of peer.forwardedFor.split(',').reverse()) {
    const address = canonicalAddress(entry.trim())
    if (address !== null && !isTrusted(address)) return address
  }
  return peer.address
}

/** The last of what trusted proxies say; without a word of theirs, browsers came by the public URL. */
export function protocolBehind(forwardedProto: string, publicUrl: 'http:' | 'https:'): 'http' | 'https' {
  const said = forwardedProto.split(',').at(-1)?.trim().toLowerCase()
  if (said === 'http' || said === 'https') return said
  return publicUrl === 'https:' ? 'https' : 'http'
}
