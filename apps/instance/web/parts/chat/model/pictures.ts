/** Pictures that are dropped in: made small enough for a model, and kept beside their conversation. */

import type { Image } from '../../../../src/chat/log/entry.ts'
import { CHATS_FOLDER } from '../../../../src/chat/places.ts'
import { files } from '../../files/client/files.ts'
import { ask } from '../../files/client/request.ts'

/** Of the longer side: models see no more. */
const MOST_PIXELS = 1_568
/** Sent as it is, below this. */
const SMALL_BYTES = 300_000
const QUALITY = 0.85

const ENDINGS: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'image/gif': 'gif',
}
export const isPicture = (file: File): boolean => Object.hasOwn(ENDINGS, file.type)
export const ACCEPTED = Object.keys(ENDINGS).join(',')

/** Throws for what is no picture. */
async function smaller(file: File): Promise<{ blob: Blob; ending: string; width: number; height: number }> {
  const bitmap = await createImageBitmap(file)
  try {
    const { width, height } = bitmap
    const scale = Math.min(1, MOST_PIXELS / Math.max(width, height))
    const ending = ENDINGS[file.type] ?? 'jpg'
    if (scale === 1 && file.size <= SMALL_BYTES) return { blob: file, ending, width, height }
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(width * scale))
    canvas.height = Math.max(1, Math.round(height * scale))
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
    // What may have see-through parts keeps them.
    const type = file.type === 'image/jpeg' ? 'image/jpeg' : 'image/webp'
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, QUALITY))
    if (!blob) throw new Error('The picture cannot be drawn.')
    return { blob, ending: ENDINGS[blob.type] ?? 'jpg', width: canvas.width, height: canvas.height }
  } finally {
    bitmap.close()
  }
}

const pathOf = (conversation: string, name: string) => `${CHATS_FOLDER}/${conversation}/${name}`

export const pictureAddress = (conversation: string, { name }: Image): string =>
  files.contentAddress(pathOf(conversation, name))

/** Resolves once it is in the home. Rejects with a FilesError, or when it cannot be read as a picture. */
export async function keepPicture(conversation: string, file: File): Promise<Image> {
  const { blob, ending, width, height } = await smaller(file)
  const name = `picture-${crypto.randomUUID()}.${ending}`
  await ask('content', {
    method: 'PUT',
    query: { path: pathOf(conversation, name), folders: '1' },
    body: blob,
    headers: { 'if-none-match': '*' },
  })
  return { name, width, height }
}
