/** One request to the files API: the header that only this page can send, plain errors, a checked answer. */
import * as z from 'zod/mini'
import { FILES_API, REQUEST_HEADER } from '../../../../src/files/api/protocol.ts'
import { FilesError, OFFLINE, problemOf } from './problem.ts'

export type Query = Record<string, string | readonly string[]>

export function addressOf(call: string, query: Query = {}): string {
  const parts = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    for (const one of typeof value === 'string' ? [value] : value) parts.append(key, one)
  const text = parts.toString()
  return `${FILES_API}/${call}${text === '' ? '' : `?${text}`}`
}

export interface AskOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  query?: Query
  json?: unknown
  body?: Blob | string
  headers?: Record<string, string>
  signal?: AbortSignal | undefined
}

/** Rejects with a FilesError, or an AbortError where `signal` says so. */
export async function ask(call: string, options: AskOptions = {}): Promise<Response> {
  const {
    method = 'GET',
    query,
    json,
    body = json === undefined ? null : JSON.stringify(json),
    signal,
  } = options
  const headers = {
    ...(method === 'GET' ? {} : { [REQUEST_HEADER]: '1' }),
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...options.headers,
  }
  let answer: Response
  try {
    answer = await fetch(addressOf(call, query), {
      method,
      headers,
      body,
      cache: 'no-store',
      signal: signal ?? null,
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new FilesError(OFFLINE, { status: 0 })
  }
  if (!answer.ok) throw await problemOf(answer)
  return answer
}

export async function askFor<T extends z.ZodMiniType>(
  schema: T,
  call: string,
  options: AskOptions = {},
): Promise<z.output<T>> {
  const answer = await ask(call, options)
  try {
    return z.parse(schema, await answer.json())
  } catch (error) {
    if (options.signal?.aborted) throw error
    // Cut off on its way, or from a computer of another version.
    throw new FilesError(OFFLINE, { status: 0 })
  }
}
