/** Sends the picture that stands for a person to the platform, which no tRPC call carries. */
import { AVATAR_BYTES, OWN_AVATAR_PATH } from '@matrixos/shared'
import { z } from 'zod'
import { PictureError } from './picture.ts'

const refusalSchema = z.object({ error: z.object({ message: z.string() }) })

/** `null`: none any more. Throws a PictureError with what is wrong. `renew`: a session that has run out. */
export async function putAvatar(picture: Blob | null, renew: () => Promise<unknown>): Promise<void> {
  if (picture && picture.size > AVATAR_BYTES)
    throw new PictureError(`A picture can have ${AVATAR_BYTES / 1_000_000} MB at most.`)
  const send = () =>
    fetch(OWN_AVATAR_PATH, {
      method: picture ? 'PUT' : 'DELETE',
      headers: { 'x-mos': '1' },
      body: picture,
    }).catch(() => {
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
