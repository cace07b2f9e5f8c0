/** Pictures of a conversation, as the model gets them. */

import type { Tree } from '../files/api/tree.ts'
import { isMissing } from '../http/problem.ts'
import type { Image } from './log/entry.ts'
import { CHATS_FOLDER } from './protocol.ts'
import { readBytes } from './tools/save.ts'
import type { ContextOptions, ImageType } from './turn/context.ts'

/** The page makes them smaller; a model takes no larger ones. */
const LARGEST = 4 * 1024 * 1024

const TYPES: Record<string, ImageType> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
}

export const imageReader =
  (tree: Tree, conversation: string): ContextOptions['imageOf'] =>
  async ({ name }: Image) => {
    const mediaType = TYPES[name.slice(name.lastIndexOf('.') + 1)]
    if (!mediaType) return null
    try {
      const bytes = await readBytes(tree, `${CHATS_FOLDER}/${conversation}/${name}`, LARGEST)
      return { mediaType, data: bytes.toString('base64') }
    } catch (error) {
      if (isMissing(error) || (error instanceof Error && 'status' in error)) return null
      throw error
    }
  }
