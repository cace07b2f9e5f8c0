/** What there is to be read and changed on the platform that is called: people, a computer, a published app. */
import { signUp } from '@matrixos/client'
import { SCOPES, scopesOf } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import type { TestApi } from '../support/api.ts'

/** `parameters`: names of what is there, without which hardly any call would find anything. */
export async function createHome(
  api: TestApi,
): Promise<{ token: string; parameters: Record<string, string> }> {
  const client = api.client()
  await signUp({ client, authenticator: createAuthenticator(), handle: 'ada' })
  const allowed = scopesOf('member')
  const scopes = SCOPES.filter((scope) => allowed.includes(scope))
  const { token } = await client.trpc.tokens.create.mutate({ name: 'schemathesis', scopes })
  const { id } = await client.trpc.tenants.mine.query()
  const { id: itemId } = await client.trpc.feed.post.mutate({ text: 'Hello @ada', visibility: 'public' })
  await client.trpc.feed.comments.add.mutate({ itemId, text: 'Hello' })
  return { token, parameters: { 'path.instanceId': id, 'path.handle': 'ada', 'path.itemId': itemId } }
}
