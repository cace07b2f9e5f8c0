/**
 * The files that the engine puts into every container and leaves writable to its root unless the whole root is
 * read-only: for images that start as root they are the platform's own, mounted read-only.
 */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing, writeAtomically } from '@matrixos/host/files'
import type { ContainerKey } from '../../../ports/runtime.ts'
import { ADDRESS_LABEL, HANDLE_LABEL } from './labels.ts'
import { traitsOf } from './traits.ts'
import { keyOf } from './view.ts'

/** As the engine itself writes them on a network of its own, where its name server has a fixed address. */
const CONTENT: Record<string, (handle: string, address: string) => string> = {
  hostname: (handle) => `${handle}\n`,
  hosts: (handle, address) =>
    `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n${address || OWN_NAME}\t${handle}\n`,
  'resolv.conf': () => 'nameserver 127.0.0.11\noptions ndots:0\n',
}

/** Of what has no address of its own before it starts. */
const OWN_NAME = '127.0.1.1'

const folderOf = (stateDir: string, { id, generation }: ContainerKey): string =>
  join(stateDir, `${id}.${generation}`)

export const etcMounts = (stateDir: string, key: ContainerKey) =>
  Object.keys(CONTENT).map((name) => ({
    Type: 'bind' as const,
    Source: join(folderOf(stateDir, key), name),
    Target: `/etc/${name}`,
    ReadOnly: true,
  }))

export interface EtcFiles extends ContainerKey {
  handle: string
  address: string
}

/** A container that runs keeps the ones it was started with. */
export async function writeEtcFiles(stateDir: string, files: EtcFiles): Promise<void> {
  const folder = folderOf(stateDir, files)
  await mkdir(folder, { recursive: true, mode: 0o755 })
  for (const [name, content] of Object.entries(CONTENT)) {
    await writeAtomically(join(folder, name), content(files.handle, files.address))
  }
}

/** For a container that does not run, and that would not start without its mounts: they are not kept with the homes. */
export async function restoreEtcFiles(
  stateDir: string,
  labels: Readonly<Record<string, string>>,
): Promise<void> {
  const key = keyOf(labels)
  const { [HANDLE_LABEL]: handle, [ADDRESS_LABEL]: address } = labels
  if (traitsOf(labels).hardened || key === null || handle === undefined || address === undefined) return
  await writeEtcFiles(stateDir, { ...key, handle, address })
}

/** Of one generation, or of all of an instance's. */
export async function removeEtcFiles(
  stateDir: string,
  { id, generation }: Pick<ContainerKey, 'id'> & Partial<ContainerKey>,
): Promise<void> {
  const folders =
    generation === undefined ? await foldersOf(stateDir, id) : [folderOf(stateDir, { id, generation })]
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
}

async function foldersOf(stateDir: string, id: ContainerKey['id']): Promise<string[]> {
  const names = await readdir(stateDir).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  return names.filter((name) => name.startsWith(`${id}.`)).map((name) => join(stateDir, name))
}
