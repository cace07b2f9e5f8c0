/** What webhooks are told of somebody's computer: what its timeline tells. */
import type { OwnedEvent } from '../tenants/events/store.ts'
import type { WebhookEvent } from './queue.ts'

export const computerEvent = ({
  userId,
  handle,
  instanceId,
  at,
  kind,
  ...more
}: OwnedEvent): WebhookEvent => ({
  ...{ userId, type: `computer.${kind}`, at },
  data: { computer: { id: instanceId, handle }, durationMs: more.durationMs, detail: more.detail },
})
