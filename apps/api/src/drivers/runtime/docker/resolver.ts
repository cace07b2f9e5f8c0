/**
 * Name servers of containers behind gVisor: the engine's own answers at a loopback address by rules of the kernel's, which
 * gVisor's network does not have. They ask this machine's name servers themselves.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomically } from '@matrixos/host/files'
import type { InstanceSpec } from '../../../ports/runtime.ts'
import { readNameServers } from './firewall/nft.ts'

/** What the engine itself falls back on where this machine has none that a container could reach. */
const FALLBACK = ['8.8.8.8', '8.8.4.4']
/** A resolver reads no more. */
const MOST = 3

export const needsResolver = ({ ociRuntime }: Pick<InstanceSpec, 'ociRuntime'>): boolean =>
  ociRuntime === 'runsc'

const fileIn = (stateDir: string): string => join(stateDir, 'resolv.conf')

export const resolverMount = (stateDir: string) => ({
  Type: 'bind' as const,
  Source: fileIn(stateDir),
  Target: '/etc/resolv.conf',
  ReadOnly: true,
})

export function resolverText(nameServers: readonly string[]): string {
  const known = nameServers.length > 0 ? nameServers : FALLBACK
  return `${known
    .slice(0, MOST)
    .map((address) => `nameserver ${address}\n`)
    .join('')}options ndots:0\n`
}

/** Before each start: name servers change, and the container would not start without its mount. */
export async function writeResolver(stateDir: string): Promise<void> {
  await mkdir(stateDir, { recursive: true })
  await writeAtomically(fileIn(stateDir), resolverText(await readNameServers()))
}
