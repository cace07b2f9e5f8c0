/** The owner's picture of an app for link previews. */
import type { PublishedApp } from '@matrixos/shared'
import type { Caller } from '../access/principal.ts'
import { AppError } from '../errors.ts'
import type { OwnInstance } from './own-instance.ts'
import { readPicture, versionOf } from './picture.ts'
import type { Picture, PictureStore } from './picture-store.ts'
import type { PublicationsCache } from './publications.ts'

export interface PicturesOptions {
  pictureStore: PictureStore
  publications: Pick<PublicationsCache, 'publish'>
  ownInstance: OwnInstance
}

export type Pictures = ReturnType<typeof createPictures>

export function createPictures({ pictureStore, publications, ownInstance }: PicturesOptions) {
  async function put(caller: Caller, app: PublishedApp, picture: Picture | null): Promise<string | null> {
    const row = await ownInstance(caller, app.instanceId, 'instance:publish')
    const versioned = picture && { ...picture, version: versionOf(picture) }
    if (!(await pictureStore.set(app, versioned)))
      throw new AppError('not_found', 'This app was never published. Publish it first.')
    await publications.publish(row.id)
    return versioned?.version ?? null
  }

  return {
    /** Of what was published once. Resolves with its version. Throws `invalid_input` for what is no picture. */
    set: (caller: Caller, app: PublishedApp, bytes: Uint8Array) => put(caller, app, readPicture(bytes)),

    remove: async (caller: Caller, app: PublishedApp): Promise<void> => void (await put(caller, app, null)),

    /** For its owner, published or not. */
    async of(caller: Caller, app: PublishedApp): Promise<Picture | null> {
      await ownInstance(caller, app.instanceId, 'instance:read')
      return pictureStore.of(app)
    },
  }
}
