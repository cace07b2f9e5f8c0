/** Where a publication is known, how its picture gets there, and how all of it ends. */
import { deleteInstance } from '@matrixos/client'
import { PICTURE_BYTES } from '@matrixos/shared'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { publicationEvents, publicationPictures, publications } from '../../apps/api/src/db/schema/index.ts'
import { createPictureStore } from '../../apps/api/src/publishing/picture-store.ts'
import { createPreviewPictures } from '../../apps/api/src/publishing/preview-pictures.ts'
import { PNG, type PublishingStack, pictureUrl, sent, startPublishing } from '../support/publishing.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 })

let stack: PublishingStack
beforeAll(async () => {
  stack = await startPublishing()
})
afterAll(() => stack?.[Symbol.asyncDispose]())

it('keeps a picture that is one, for its owner, and shows it to anyone while the app is public', async () => {
  const ada = await stack.publisher('ada5')
  const gate = await stack.process()
  const preview = createPreviewPictures({
    pictureStore: createPictureStore(stack.api.database),
    publications: gate,
  })
  const shown = async () => preview(ada.instanceId, 'snake')
  const put = (body: Uint8Array, init = {}) =>
    ada.client.browser.fetch(pictureUrl(ada), { ...sent(body), ...init })
  expect((await put(PNG)).status).toBe(404)
  await ada.publish.mutate(ada.terms())
  const html = new TextEncoder().encode('<svg onload=alert(1)>')
  for (const wrong of [html, new Uint8Array(PICTURE_BYTES + 1)]) expect((await put(wrong)).status).toBe(400)
  expect((await put(PNG, { headers: {} })).status).toBe(403)
  expect((await put(PNG, { from: ada.client.hosts.instanceOrigin('ada5') })).status).toBe(403)
  expect(await shown()).toBeNull()

  const answer = await put(PNG)
  expect(answer.status).toBe(200)
  const own = await ada.client.browser.fetch(pictureUrl(ada))
  expect(new Uint8Array(await own.arrayBuffer())).toEqual(PNG)
  expect(Object.fromEntries(own.headers)).toMatchObject({
    'content-type': 'image/png',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'; sandbox",
  })
  await expect
    .poll(() => gate.of(ada.instanceId, 'snake')?.preview.pictureUrl)
    .toMatch(/^http:\/\/snake--ada5\.localhost:\d+\/\.mos\/preview\.png\?v=\w/)
  expect(await shown()).toMatchObject({ body: PNG, headers: { 'content-type': 'image/png' } })

  await ada.update.mutate(ada.terms({ mode: 'viewers' }))
  await expect.poll(shown).toBeNull()
  await ada.update.mutate(ada.terms())
  await expect.poll(shown).not.toBeNull()
  await ada.unpublish.mutate(ada.terms())
  await expect.poll(shown).toBeNull()
  // Published again, it looks as it did.
  await ada.publish.mutate(ada.terms())
  await expect.poll(shown).toMatchObject({ body: PNG })
  await ada.client.browser.fetch(pictureUrl(ada), sent(new Uint8Array(), 'DELETE'))
  await expect.poll(shown).toBeNull()
  await gate.close()
})

it('reaches another api process, also when no notification arrives', async () => {
  const ada = await stack.publisher('ada7')
  const gates = [await stack.process(), await stack.process({ isDeaf: true })] as const
  const [, deaf] = gates
  await ada.publish.mutate(ada.terms())
  await deaf.reload()
  for (const gate of gates)
    await expect.poll(() => gate.of(ada.instanceId, 'snake')?.preview.title).toBe('Snake')
  await ada.unpublish.mutate(ada.terms())
  await deaf.reload()
  for (const gate of gates) await expect.poll(() => gate.of(ada.instanceId, 'snake')).toBeUndefined()
  expect(gates.map(({ withdrawn }) => withdrawn)).toEqual([['snake'], ['snake']])
  await gates[0].close()
})

it('is gone with the account', async () => {
  const ada = await stack.publisher('ada9')
  const { db } = stack.api.database
  await ada.publish.mutate(ada.terms())
  await ada.client.browser.fetch(pictureUrl(ada), sent(PNG))
  const count = async () => {
    const of = (table: typeof publications | typeof publicationPictures | typeof publicationEvents) =>
      db.$count(table, sql`instance_id = ${ada.instanceId}`)
    return Promise.all([of(publications), of(publicationPictures), of(publicationEvents)])
  }
  expect(await count()).toEqual([1, 1, 1])
  await deleteInstance(ada.client, 'ada9')
  await expect.poll(count, { timeout: 20_000 }).toEqual([0, 0, 0])
})
