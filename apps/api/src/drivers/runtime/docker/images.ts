/** Images: what a reference currently points at, and that image's traits. */
import { imageKindOf } from '@matrixos/shared'
import { LRUCache } from 'lru-cache'
import { AppError } from '../../../errors.ts'
import type { Engine } from './client.ts'
import { statusOf } from './engine-error.ts'
import { type ImageTraits, traitsOf } from './traits.ts'

export interface Image extends ImageTraits {
  id: string
  labels: Record<string, string>
  /** Numeric user that the image declares, or `null`. */
  uid: number | null
}

export interface Images {
  /** `null`: the engine has no such image. */
  find(reference: string): Promise<Image | null>
  /** Throws `image_missing`. */
  get(reference: string): Promise<Image>
}

/** An image never changes under its id, so what it is like is read once; a reference is asked every time. */
export function createImages(engine: Engine): Images {
  const known = new LRUCache<string, Image>({ max: 100 })

  async function find(reference: string): Promise<Image | null> {
    const info = await engine
      .getImage(reference)
      .inspect()
      .catch((error: unknown) => {
        if (statusOf(error) === 404) return null
        throw error
      })
    if (info === null) return null
    const cached = known.get(info.Id)
    if (cached) return cached
    const user = Number.parseInt(info.Config.User, 10)
    const labels = info.Config.Labels ?? {}
    const image = {
      labels,
      ...traitsOf(labels),
      id: info.Id,
      uid: Number.isNaN(user) ? null : user,
    }
    known.set(info.Id, image)
    return image
  }

  async function get(reference: string): Promise<Image> {
    const image = await find(reference)
    if (image) return image
    const build =
      imageKindOf(reference) === 'full' ? 'npm run instance:image -- full' : 'npm run instance:image'
    throw new AppError(
      'image_missing',
      `The Docker Engine has no image "${reference}". Build it with "${build}", or run "docker pull ${reference}".`,
    )
  }

  return { find, get }
}
