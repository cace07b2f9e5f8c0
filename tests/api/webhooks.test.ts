/** Webhooks, from what happens to what a receiver gets, and what their owner sees of it. */
import { putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import type { WebhookGroup } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { until } from '@matrixos/testing/until'
import { and, isNull, sql } from 'drizzle-orm'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { webhookDeliveries } from '../../apps/api/src/db/schema/index.ts'
import { startApi, type TestApi } from '../support/api.ts'
import { refusal } from '../support/api-error.ts'
import { startWebhookReceiver } from '../support/webhook-receiver.ts'

let api: TestApi
beforeAll(async () => {
  api = await startApi({
    pretended: true,
    env: { WEBHOOKS_TO_PRIVATE_NETWORKS: '1', WEBHOOKS_PER_ACCOUNT: '2' },
  })
}, 120_000)
afterAll(() => api[Symbol.asyncDispose]())

async function person(handle: string) {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle })
  return client
}

/** A webhook of a new person, whose own receiver it leads to. */
async function hooked(handle: string, groups: WebhookGroup[] = ['computer']) {
  const [receiver, client] = await Promise.all([startWebhookReceiver(), person(handle)])
  const { trpc } = client
  const { secret, view } = await trpc.webhooks.create.mutate({ url: receiver.url, groups })
  const deliveries = async () => (await trpc.webhooks.deliveries.query({ webhookId: view.id })).deliveries
  /** The one that only tries the address, once that is so. */
  const tested = (state: string, attempts = 1) =>
    until(`it is ${state}`, async () =>
      (await deliveries()).find(
        (each) => each.type.endsWith('.test') && each.state === state && each.attempts === attempts,
      ),
    )
  return {
    client,
    trpc,
    receiver,
    secret,
    id: view.id,
    deliveries,
    tested,
    [Symbol.asyncDispose]: receiver[Symbol.asyncDispose],
  }
}

/** The database's own clock cannot be moved. */
const makeDue = () =>
  api.database.db
    .update(webhookDeliveries)
    .set({ nextAttemptAt: sql`now()` })
    .where(and(isNull(webhookDeliveries.doneAt)))

it('tells a receiver what happens to a computer, signed as a library checks it', async () => {
  await using hook = await hooked('ada')
  const { id: instanceId } = await waitUntilRunning(hook.client)
  await putInstanceToSleep(hook.client)
  const slept = await until(
    'it is told',
    () => hook.receiver.received.find(({ body }) => body.includes('"computer.slept"')),
    60_000,
  )
  const headers = Object.fromEntries(
    Object.entries(slept.headers).map(([name, value]) => [name, String(value)]),
  )
  const told = new Webhook(hook.secret).verify(slept.body, headers)
  expect(told).toMatchObject({
    type: 'computer.slept',
    data: { computer: { id: instanceId, handle: 'ada' } },
  })
  expect(() => new Webhook(hook.secret).verify(slept.body.replace('slept', 'woken'), headers)).toThrow()
  await until('its owner sees that', async () =>
    (await hook.deliveries()).find(({ type, state }) => type === 'computer.slept' && state === 'delivered'),
  )
})

it('tries again what a receiver refused, with the same id, until it takes it', async () => {
  await using hook = await hooked('bob', ['feed'])
  hook.receiver.answer(500)
  await hook.trpc.webhooks.test.mutate({ id: hook.id })
  expect(await hook.tested('waiting')).toMatchObject({ status: 500, problem: 'The receiver answered 500.' })
  hook.receiver.answer(204)
  await makeDue()
  expect(await hook.tested('delivered', 2)).toMatchObject({ status: 204, problem: null, nextAttemptAt: null })
  const ids = hook.receiver.received.map(({ headers }) => headers['webhook-id'])
  expect([ids.length, new Set(ids).size]).toEqual([2, 1])
  expect(await hook.trpc.webhooks.list.query()).toMatchObject([{ last: { state: 'delivered' } }])
})

it('gives up where nobody wants it, follows no redirect, and sends it once more when asked', async () => {
  await using hook = await hooked('cleo', ['feed'])
  hook.receiver.answer(302)
  await hook.trpc.webhooks.test.mutate({ id: hook.id })
  expect(await hook.tested('waiting')).toMatchObject({ status: 302 })
  hook.receiver.answer(410)
  await makeDue()
  const { id } = await hook.tested('failed', 2)
  hook.receiver.answer(200)
  await hook.trpc.webhooks.repeat.mutate({ deliveryId: id })
  await hook.tested('delivered')
  const waiting = hook.trpc.webhooks.repeat.mutate({ deliveryId: id + 1_000_000 })
  expect((await refusal(waiting)).code).toBe('conflict')
})

it('shows a webhook to its owner alone', async () => {
  await using hook = await hooked('dora')
  await hook.trpc.webhooks.test.mutate({ id: hook.id })
  const { id: deliveryId } = await hook.tested('delivered')
  const { trpc: stranger } = await person('eve')
  expect(await stranger.webhooks.list.query()).toEqual([])
  const tries = [
    stranger.webhooks.deliveries.query({ webhookId: hook.id }),
    stranger.webhooks.test.mutate({ id: hook.id }),
    stranger.webhooks.remove.mutate({ id: hook.id }),
    stranger.webhooks.repeat.mutate({ deliveryId }),
  ]
  const codes = await Promise.all(tries.map(async (tried) => (await refusal(tried)).code))
  expect(codes).toEqual(['not_found', 'not_found', 'not_found', 'conflict'])
})

it('allows so many of one account, and forgets one with all it sent', async () => {
  await using hook = await hooked('finn')
  const order = { url: hook.receiver.url, groups: ['feed' as const] }
  await hook.trpc.webhooks.create.mutate(order)
  expect((await refusal(hook.trpc.webhooks.create.mutate(order))).code).toBe('conflict')
  await hook.trpc.webhooks.remove.mutate({ id: hook.id })
  expect(await hook.trpc.webhooks.list.query()).toHaveLength(1)
  expect((await refusal(hook.trpc.webhooks.deliveries.query({ webhookId: hook.id }))).code).toBe('not_found')
})
