/**
 * The files that the engine puts into every container and leaves writable to its root unless the whole root is
 * read-only: for images that start as root they are the platform's own, mounted read-only.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { instanceFolder, writeAtomically } from '../home.ts'

const FOLDER = 'etc'

/** As the engine itself writes them on a network of its own, where its name server has a fixed address. */
const CONTENT: Record<string, (handle: string, address: string) => string> = {
  hostname: (handle) => `${handle}\n`,
  hosts: (handle, address) =>
    `127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n${address}\t${handle}\n`,
  'resolv.conf': () => 'nameserver 127.0.0.11\noptions ndots:0\n',
}

const folderOf = (instancesDir: string, handle: string): string =>
  join(instanceFolder(instancesDir, handle), FOLDER)

export const etcMounts = (instancesDir: string, handle: string) =>
  Object.keys(CONTENT).map((name) => ({
    Type: 'bind' as const,
    Source: join(folderOf(instancesDir, handle), name),
    Target: `/etc/${name}`,
    ReadOnly: true,
  }))

/** Writes them; the instance's folder is there. A container that runs keeps the ones it was started with. */
export async function writeEtcFiles(instancesDir: string, handle: string, address: string): Promise<void> {
  const folder = folderOf(instancesDir, handle)
  await mkdir(folder, { recursive: true, mode: 0o755 })
  for (const [name, content] of Object.entries(CONTENT)) {
    await writeAtomically(join(folder, name), content(handle, address))
  }
}
