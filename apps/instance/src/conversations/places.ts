/** Where conversations are kept: hidden, so that no viewer reads them. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'

const FOLDER = '.local/state/matrixos/matrix'

export const stateFile = (root: string): string => join(root, FOLDER, 'conversations.json')
export const keysFile = (root: string): string => join(root, FOLDER, 'keys.json')
export const storesFolder = (root: string): string => join(root, FOLDER, 'stores')
export const messagesFolder = (root: string): string => join(root, FOLDER, 'messages')

export async function makeFolders(root: string): Promise<void> {
  for (const folder of [storesFolder(root), messagesFolder(root)])
    await mkdir(folder, { recursive: true, mode: 0o700 })
}
