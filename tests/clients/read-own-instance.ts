/**
 * A program outside the platform, with nothing but its address and a token of scope `tenant:read`: reads the state of its
 * owner's computer, and shows that everything else is refused. Copy it, and begin your own.
 *
 *     MATRIXOS_API=https://api.example.org MATRIXOS_TOKEN=mos_… node tests/clients/read-own-instance.ts
 */
import type { ApiRouter } from '@matrixos/api/router'
import { apiFetch } from '@matrixos/client'
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client'

const { MATRIXOS_API: url = 'http://api.localhost:8080', MATRIXOS_TOKEN: token } = process.env
if (!token) throw new Error('Set MATRIXOS_TOKEN to a token from Settings, API tokens.')

const api = createTRPCClient<ApiRouter>({
  links: [httpLink({ url: `${url}/trpc`, headers: { authorization: `Bearer ${token}` }, fetch: apiFetch })],
})

/** The status and the words of a call that must be refused. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof TRPCClientError) return `${error.data?.httpStatus} ${error.message}`
    throw error
  }
  throw new Error('A call that the token does not allow was not refused.')
}

const { id: instanceId, handle, observed } = await api.tenants.mine.query()
console.log(`${handle} is ${observed}`)
console.log(`wake: ${await refusal(api.tenants.wake.mutate({ instanceId }))}`)
console.log(`sleep: ${await refusal(api.tenants.sleep.mutate({ instanceId }))}`)
console.log(`delete: ${await refusal(api.tenants.delete.mutate({ instanceId, handle }))}`)
