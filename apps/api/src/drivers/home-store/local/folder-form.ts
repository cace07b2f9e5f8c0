/** A home that is a folder: there is nothing to attach, and nothing that stops who writes to it. */
import { chown, lstat, mkdir, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { isMissing } from '@matrixos/host/files'
import { HOME_FOLDER } from '@matrixos/shared'
import type { HomeForm } from '../form.ts'
import { measureTree } from './tree.ts'

const nothing = async (): Promise<void> => {}

export function createFolderForm(): HomeForm {
  const filesIn = (folder: string): string => join(folder, HOME_FOLDER)
  return {
    name: 'local',
    enforces: { disk: false, inodes: false },
    check: nothing,
    filesIn,
    make: async (folder) => void (await mkdir(filesIn(folder), { recursive: true, mode: 0o700 })),
    attach: nothing,
    detach: nothing,
    attachedIn: async () => [],
    open: async () => ({ within: '', close: nothing }),
    async stage(folder, staging, { uid, gid }) {
      await mkdir(staging, { mode: 0o700 })
      if (process.getuid?.() === 0) await chown(staging, uid, gid)
      return { within: staging.slice(folder.length + 1), close: nothing }
    },
    ownerIn: (folder) =>
      lstat(filesIn(folder)).catch((error: unknown) => {
        if (isMissing(error)) return null
        throw error
      }),
    dropEmpty: (folder) =>
      rmdir(filesIn(folder)).then(
        () => true,
        (error: unknown) => isMissing(error),
      ),
    measure: (folder) => measureTree(filesIn(folder)),
    fill: async () => null,
    release: nothing,
  }
}
