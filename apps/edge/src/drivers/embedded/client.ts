/** Who sent a request, and whether over HTTPS: taken from the connection, or from a trusted proxy at its other end. */
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { EdgeOptions } from '../../driver.ts'
import {
  canonicalAddress,
  clientBehind,
  createTrust,
  isForwardedFor,
  protocolBehind,
} from '../../policy/forwarded.ts'
import { BAD_PROXY } from '../../policy/texts.ts'
import { Refusal } from './refusal.ts'

export interface Client {
  address: string
  protocol: 'http' | 'https'
}

export interface ClientReader {
  /** Whether this peer may say who its clients are. */
  trusts: (socket: Socket) => boolean
  /** Throws a Refusal for what no trusted proxy may send. */
  read: (request: IncomingMessage) => Client
}

export function createClientReader(options: Pick<EdgeOptions, 'hosts' | 'trustedProxies'>): ClientReader {
  const isTrusted = createTrust(options.trustedProxies)
  const trusts = (socket: Socket) => isTrusted(addressOf(socket))
  const read = ({ socket, headersDistinct }: IncomingMessage): Client => {
    const address = addressOf(socket)
    if (!trusts(socket)) return { address, protocol: 'http' }
    const all = (name: string) => headersDistinct[name]?.join(',') ?? ''
    const forwardedFor = all('x-forwarded-for')
    if (!isForwardedFor(forwardedFor)) throw new Refusal(400, BAD_PROXY)
    return {
      address: clientBehind({ address, forwardedFor }, isTrusted),
      protocol: protocolBehind(all('x-forwarded-proto'), options.hosts.protocol),
    }
  }
  return { trusts, read }
}

/** Empty for a client that has gone. */
export const addressOf = (socket: Socket): string => canonicalAddress(socket.remoteAddress ?? '') ?? ''
