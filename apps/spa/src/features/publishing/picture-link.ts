/** The picture of an app for link previews, at the platform. */
import { PUBLICATION_PICTURE_PATH, type PublishedApp } from '@matrixos/shared'
import { z } from 'zod'
import { PictureError } from '../../lib/picture.ts'

const refusalSchema = z.object({ error: z.object({ message: z.string() }) })

const addressOf = ({ instanceId, app }: PublishedApp, version?: string): string =>
  `${PUBLICATION_PICTURE_PATH}?${new URLSearchParams({ instance: instanceId, app, ...(version && { v: version }) })}`

/** For an `img` of the owner's own pages. */
export const pictureAddress = (app: PublishedApp, version: string): string => addressOf(app, version)

/** Throws a PictureError with what the platform said. `renew`: a session that has run out. */
export async function putPicture(
  app: PublishedApp,
  picture: Blob,
  renew: () => Promise<unknown>,
): Promise<void> {
  const send = () =>
    fetch(addressOf(app), { method: 'PUT', headers: { 'x-mos': '1' }, body: picture }).catch(() => {
      throw new PictureError('The picture could not be sent: the connection was lost.')
    })
  let answer = await send()
  if (answer.status === 401) {
    await renew()
    answer = await send()
  }
  if (answer.ok) return
  const said = refusalSchema.safeParse(await answer.json().catch(() => null))
  throw new PictureError(said.data?.error.message ?? 'The picture could not be kept. Try again in a moment.')
}
