/** Sends JSON to this computer, as its own page. */

import { REQUEST_HEADER } from '../../src/protocol.ts'

export const jsonRequest = (method: 'PUT' | 'POST' | 'DELETE', body: unknown): RequestInit => ({
  method,
  headers: { 'content-type': 'application/json', [REQUEST_HEADER]: '1' },
  body: JSON.stringify(body),
})

/** Resolves to whether it was accepted; rejects when there is no answer. */
export async function sendJson(
  method: 'PUT' | 'POST' | 'DELETE',
  path: string,
  body: unknown,
  options: Pick<RequestInit, 'keepalive'> = {},
): Promise<boolean> {
  const { ok } = await fetch(path, { ...jsonRequest(method, body), ...options })
  return ok
}
