/** Sends JSON to this computer, as its own page. */

import { REQUEST_HEADER } from '../../src/protocol.ts'

/** Resolves to whether it was accepted; rejects when there is no answer. */
export async function sendJson(
  method: 'PUT' | 'POST' | 'DELETE',
  path: string,
  body: unknown,
  options: Pick<RequestInit, 'keepalive'> = {},
): Promise<boolean> {
  const headers = { 'content-type': 'application/json', [REQUEST_HEADER]: '1' }
  const { ok } = await fetch(path, { method, headers, body: JSON.stringify(body), ...options })
  return ok
}
