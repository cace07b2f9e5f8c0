/** What is deleted once its time is over, whatever goes wrong with some of it. */
import { expect, it, vi } from 'vitest'
import { type TidyOptions, tidyUp } from './tidy-up.ts'

it('lets every domain have its turn, also after one that fails, and tells of those', async () => {
  const done = vi.fn(async () => undefined)
  const away = new Error('The statement took too long.')
  const [expiring, ageing] = [{ deleteExpired: done }, { deleteOld: done }]
  const modules: TidyOptions = {
    ...{ auth: expiring, tokens: expiring, gate: expiring, limits: expiring },
    audit: { deleteOld: () => Promise.reject(away) },
    tenants: { events: ageing, rotateAiTokens: done },
    quota: { deleteGone: done },
    ...{ channels: ageing, homeserver: ageing, feed: ageing, webhooks: ageing },
    aiTokens: { outdated: async () => [] },
  }
  await expect(tidyUp(modules, new Date(0))).rejects.toMatchObject({ errors: [away] })
  expect(done).toHaveBeenCalledTimes(11)
})
