/** The files of an instance as its page asks for them. */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type * as z from 'zod/mini'
import type { Settings } from '../env.ts'
import { FILES_API, REQUEST_HEADER } from '../protocol.ts'
import { bootInstance } from './instance.ts'

export interface Answer {
  status: number
  body: unknown
  text: string
  headers: Headers
  /** The body, which has to be what the protocol promises. */
  as<T extends z.ZodMiniType>(schema: T): z.output<T>
}

export async function bootFiles(settings: Partial<Settings> = {}) {
  const instance = await bootInstance(settings)
  await instance.booted
  const url = (path: string, query: Record<string, string> = {}) =>
    instance.url(
      `${FILES_API}/${path}${Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : ''}`,
    )
  const send = async (target: string, init: RequestInit = {}): Promise<Answer> => {
    const answer = await fetch(target, { ...init, headers: { [REQUEST_HEADER]: '1', ...init.headers } })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type') === 'application/json'
    const body = isJson ? JSON.parse(text) : text
    return { status: answer.status, body, text, headers: answer.headers, as: (schema) => schema.parse(body) }
  }
  return {
    ...instance,
    fileUrl: url,
    send,
    get: (path: string, query: Record<string, string> = {}, init: RequestInit = {}) =>
      send(url(path, query), init),
    post: (path: string, body: object, init: RequestInit = {}) =>
      send(url(path), { method: 'POST', body: JSON.stringify(body), ...init }),
    put: (path: string, body: BodyInit, headers: Record<string, string>) =>
      send(url('content', { path }), { method: 'PUT', body, headers }),
    remove: (path: string) => send(url(path), { method: 'DELETE' }),
    /** Writes a file into the home, as a program in it would. */
    write: async (path: string, text: string | Buffer = path) => {
      await mkdir(dirname(join(instance.home, path)), { recursive: true })
      await writeFile(join(instance.home, path), text)
    },
    at: (path: string) => join(instance.home, path),
    [Symbol.asyncDispose]: () => instance[Symbol.asyncDispose](),
  }
}
