/**
 * What link previews show at an app's host, for anyone: read from the database once, however many ask. Asking wakes
 * nothing and counts as no use.
 */
import type { InstanceId } from '@matrixos/shared'
import { LRUCache } from 'lru-cache'
import type { Publications } from '../access/policy.ts'
import { pictureHeaders } from './picture.ts'
import type { Picture, PictureStore } from './picture-store.ts'

export interface PreviewPicturesOptions {
  pictureStore: Pick<PictureStore, 'of'>
  publications: Publications
}

export interface PreviewPicture {
  headers: Record<string, string>
  body: Uint8Array
}

const MOST_BYTES = 16 * 1_048_576
/** Of an address that names the picture's version, in seconds; off is off for whoever asks anew. */
const KEPT_S = 300

export function createPreviewPictures({ pictureStore, publications }: PreviewPicturesOptions) {
  const kept = new LRUCache<string, Picture>({
    maxSize: MOST_BYTES,
    sizeCalculation: ({ bytes }) => Math.max(1, bytes.length),
  })

  async function read(instanceId: InstanceId, app: string, url: string): Promise<Picture | null> {
    const known = kept.get(url)
    if (known) return known
    const found = await pictureStore.of({ instanceId, app })
    if (found) kept.set(url, found)
    return found
  }

  /** `null`: no picture of it may be shown to anyone. Whether its computer may be visited at all, the caller knows. */
  return async function previewPicture(instanceId: InstanceId, app: string): Promise<PreviewPicture | null> {
    const publication = publications.of(instanceId, app)
    if (publication?.mode !== 'public' || publication.preview.pictureUrl === null) return null
    const picture = await read(instanceId, app, publication.preview.pictureUrl)
    if (!picture) return null
    const headers = {
      ...pictureHeaders(picture),
      'content-length': String(picture.bytes.length),
      'cache-control': `public, max-age=${KEPT_S}`,
      // Shown by other sites' pages.
      'cross-origin-resource-policy': 'cross-origin',
    }
    return { headers, body: picture.bytes }
  }
}
