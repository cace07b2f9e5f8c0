/**
 * The files that the engine puts into every container and leaves writable to its root unless the whole root is
 * read-only: for images that start as root they are the platform's own, mounted read-only.
 */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeAtomically } from '@matrixos/host/files'
import type { InstanceId } from '@matrixos/shared'
import { ADDRESS_LABEL, HANDLE_LABEL } from './labels.ts'
import { traitsOf } from './traits.ts'
import { instanceIdOf } from './view.ts'

/** As the engine itself writes them on a network of its own, where its name server has a fixed address. */
const CONTENT: Record<string, (handle: string, address: string) => string> = {
  hostname: (handle) => `${handle}\n`,
  hosts: (handle, address) =>
    `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n${address}\t${handle}\n`,
  'resolv.conf': () => 'nameserver 127.0.0.11\noptions ndots:0\n',
}

const folderOf = (stateDir: string, id: InstanceId): string => join(stateDir, id)

export const etcMounts = (stateDir: string, id: InstanceId) =>
  Object.keys(CONTENT).map((name) => ({
    Type: 'bind' as const,
    Source: join(folderOf(stateDir, id), name),
    Target: `/etc/${name}`,
    ReadOnly: true,
  }))

export interface EtcFiles {
  id: InstanceId
  handle: string
  address: string
}

/** A container that runs keeps the ones it was started with. */
export async function writeEtcFiles(stateDir: string, { id, handle, address }: EtcFiles): Promise<void> {
  const folder = folderOf(stateDir, id)
  await mkdir(folder, { recursive: true, mode: 0o755 })
  for (const [name, content] of Object.entries(CONTENT)) {
    await writeAtomically(join(folder, name), content(handle, address))
  }
}

/** For a container that does not run, and that would not start without its mounts: they are not kept with the homes. */
export async function restoreEtcFiles(
  stateDir: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const id = instanceIdOf(labels)
  const { [HANDLE_LABEL]: handle, [ADDRESS_LABEL]: address } = labels
  if (traitsOf(labels).hardened || id === null || handle === undefined || address === undefined) return
  await writeEtcFiles(stateDir, { id, handle, address })
}

export async function removeEtcFiles(stateDir: string, id: InstanceId): Promise<void> {
  await rm(folderOf(stateDir, id), { recursive: true, force: true })
}
