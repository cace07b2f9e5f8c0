/** Where the AI proxy listens: an address that instances reach, and nobody outside needs to. */
import { DEFAULT_SUBNET } from './contract.ts'

/** Beside the platform's usual port on a developer's machine; on the instances' network it has the address alone. */
const PORTS = { process: 8090, docker: 4100 } as const

/** `HOST:PORT`; IPv6 in brackets. */
export const HOST_AND_PORT = /^(\[[0-9a-fA-F:.]+\]|[^:[\]/\s]+):\d{1,5}$/

/** The engine's end of the instances' bridge: the first address of its subnet. `null` for what is no subnet. */
export function gatewayOf(subnet: string): string | null {
  const [, prefix, last] = /^(\d{1,3}\.\d{1,3}\.\d{1,3}\.)(\d{1,3})\/\d{1,2}$/.exec(subnet) ?? []
  return prefix === undefined ? null : `${prefix}${Number(last) + 1}`
}

export interface AiProxyPlace {
  runtime: 'process' | 'docker'
  /** Of the instances' network. */
  subnet?: string | undefined
  /** On loopback alone: the instances' network is the platform's own. */
  port?: number | undefined
}

export function defaultAiListen({
  runtime,
  subnet = DEFAULT_SUBNET,
  port = PORTS.process,
}: AiProxyPlace): string {
  if (runtime === 'process') return `127.0.0.1:${port}`
  return `${gatewayOf(subnet) ?? gatewayOf(DEFAULT_SUBNET)}:${PORTS.docker}`
}

/** What instances are given. A proxy that listens everywhere is reached where it would listen by default. */
export function aiProxyUrl(listen: string, place: AiProxyPlace): string {
  const at = listen.lastIndexOf(':')
  const host = listen.slice(0, at)
  const isEverywhere = host === '0.0.0.0' || host === '[::]'
  const usual = defaultAiListen(place)
  return `http://${isEverywhere ? usual.slice(0, usual.lastIndexOf(':')) : host}${listen.slice(at)}`
}
