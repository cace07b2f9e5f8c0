/** People's own pictures on their way in, with a store in memory. */
import { newId, OWN_AVATAR_PATH } from '@matrixos/shared'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import type { SessionPrincipal } from '../../access/principal.ts'
import { systemClock } from '../../clock.ts'
import { createOwnAvatarRoutes } from './picture-routes.ts'

const APP = 'https://app.mos.test'
const someone = () => ({ userId: newId('usr', systemClock), handle: 'ada' }) as SessionPrincipal

it('takes one picture of a person at a time, and so many of all, until one is over', async () => {
  let caller = someone()
  const routes = createOwnAvatarRoutes({
    store: { putAvatar: async () => undefined },
    ...{ appOrigin: APP, apiOrigin: 'https://api.mos.test', current: async () => caller },
    ...{ limit: { take: async () => undefined }, clock: systemClock },
  }).onError((error) => Response.json({ code: 'code' in error && error.code }, { status: 500 }))
  const send = (body: BodyInit) =>
    routes.request(OWN_AVATAR_PATH, {
      method: 'PUT',
      headers: { origin: APP, 'x-mos': '1' },
      ...{ body, duplex: 'half' },
    })
  const picture = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#369' } })
    .png()
    .toBuffer()
  const open: ReadableStreamDefaultController<Uint8Array>[] = []
  const slow = () => send(new ReadableStream({ start: (controller) => void open.push(controller) }))
  const refused = async () => (await send(new Uint8Array(picture))).json()
  const sent: ReturnType<typeof slow>[] = []
  for (let count = 1; count <= 20; count++) {
    caller = someone()
    sent.push(slow())
    await expect.poll(refused).toEqual({ code: 'too_many_requests' })
  }
  caller = someone()
  expect(await refused()).toEqual({ code: 'too_many_requests' })
  for (const controller of open) controller.close()
  for (const answer of await Promise.all(sent)) expect(await answer.json()).toEqual({ code: 'invalid_input' })
  expect((await send(new Uint8Array(picture))).status).toBe(200)
})
