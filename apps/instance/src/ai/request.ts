/** One request to the platform's AI proxy. Not with `fetch`: loading that takes more memory than all the rest of this computer. */
import type { IncomingHttpHeaders } from 'node:http'

export interface AiAccess {
  /** `ANTHROPIC_BASE_URL` */
  url: string
  /** `ANTHROPIC_API_KEY` */
  token: string
}

export interface ProxyAnswer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

interface RequestOptions {
  /** Sent as JSON; without it, a GET. */
  body?: unknown
  /** Of what is sent; a POST by default. */
  method?: 'POST' | 'PUT'
  withinMs: number
  /** Characters of the answer; a longer one rejects. */
  longest: number
}

/** Rejects when there is no answer in time, or one that is too long. */
export async function sendToProxy(
  { url, token }: AiAccess,
  path: string,
  { body, method: sent = 'POST', withinMs, longest }: RequestOptions,
): Promise<ProxyAnswer> {
  const { request: send } = await (url.startsWith('https:') ? import('node:https') : import('node:http'))
  const headers = {
    'x-api-key': token,
    'anthropic-version': '2023-06-01',
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  const method = body === undefined ? 'GET' : sent
  const signal = AbortSignal.timeout(withinMs)
  return new Promise((resolve, reject) => {
    const asked = send(`${url.replace(/\/+$/, '')}${path}`, { method, headers, signal }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        text += chunk
        if (text.length > longest) asked.destroy(new Error('The answer is too long.'))
      })
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }))
    })
    asked.on('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
