/** Who sent a request, and whether by HTTPS: the connection's word, or that of a trusted proxy at its other end. */
import type { IncomingMessage } from 'node:http'
import type { EdgeOptions } from '../../driver.ts'
import {
  canonicalAddress,
  clientBehind,
  createTrust,
  isForwardedFor,
  protocolBehind,
} from '../../forwarded.ts'
import { BAD_PROXY } from '../../texts.ts'
import { Refusal } from './refusal.ts'

export interface Client {
  address: string
  protocol: 'http' | 'https'
}

/** The function throws a Refusal for what no trusted proxy may send. */
export function createClientReader({ hosts, trustedProxies }: Pick<EdgeOptions, 'hosts' | 'trustedProxies'>) {
  const isTrusted = createTrust(trustedProxies)
  return ({ socket, headersDistinct }: IncomingMessage): Client => {
    const address = canonicalAddress(socket.remoteAddress ?? '') ?? ''
    if (address === '' || !isTrusted(address)) return { address, protocol: 'http' }
    const all = (name: string) => headersDistinct[name]?.join(',') ?? ''
    const forwardedFor = all('x-forwarded-for')
    if (!isForwardedFor(forwardedFor)) throw new Refusal(400, BAD_PROXY)
    return {
      address: clientBehind({ address, forwardedFor }, isTrusted),
      protocol: protocolBehind(all('x-forwarded-proto'), hosts.protocol),
    }
  }
}
