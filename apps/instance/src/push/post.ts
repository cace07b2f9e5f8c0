/** Sends one request to a push service. Not with `fetch`, which would take more memory than all the rest. */
import { isPublicHost, lookupPublic } from './public-address.ts'

export interface PushRequest {
  endpoint: string
  headers: Record<string, string | number>
  body: Buffer
}

/** Resolves to the HTTP status; rejects when there is no answer. */
export type Post = (request: PushRequest) => Promise<number>

const ANSWER_WITHIN_MS = 10_000

export const post: Post = async ({ endpoint, headers, body }) => {
  const url = new URL(endpoint)
  if (url.protocol !== 'https:' || !isPublicHost(url.hostname)) throw new Error('not a push service')
  const { request: send } = await import('node:https')
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers, signal, lookup: lookupPublic, agent: false }
    const sent = send(url, options, (response) => {
      response.resume()
      response.on('error', reject)
      response.on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
