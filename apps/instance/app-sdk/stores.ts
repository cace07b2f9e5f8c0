/** What an app keeps: small values by their keys, and files. */
import { API, call, encodePath } from './call.ts'

const keyPath = (key: string) => `kv/${encodeURIComponent(key)}`

export const kv = {
  async get(key: string): Promise<unknown> {
    return (await kv.entry(key)).value
  },
  /** With its version, for `set` with `{ version }`: then nothing newer is overwritten (status 412). */
  async entry(key: string): Promise<{ value: unknown; version: number }> {
    return (await call(keyPath(key))).json()
  },
  async set(key: string, value: unknown, { version }: { version?: number } = {}): Promise<number> {
    const headers: HeadersInit = version === undefined ? {} : { 'if-match': `"${version}"` }
    const body = JSON.stringify(value ?? null)
    return (await (await call(keyPath(key), { method: 'PUT', headers, body })).json()).version
  },
  async delete(key: string): Promise<void> {
    await call(keyPath(key), { method: 'DELETE' })
  },
  async keys(prefix = ''): Promise<string[]> {
    return (await (await call(`kv?prefix=${encodeURIComponent(prefix)}`)).json()).keys
  },
}

export const files = {
  async list(folder = ''): Promise<unknown[]> {
    return (await (await call(`files/${folder ? `${encodePath(folder)}/` : ''}`)).json()).entries
  },
  blob: async (path: string): Promise<Blob> => (await call(`files/${encodePath(path)}`)).blob(),
  text: async (path: string): Promise<string> => (await call(`files/${encodePath(path)}`)).text(),
  /** For `src` of a picture or a sound. */
  url: (path: string): string => `${API}files/${encodePath(path)}`,
  async write(path: string, content: BodyInit): Promise<void> {
    await call(`files/${encodePath(path)}`, { method: 'PUT', body: content })
  },
  async delete(path: string): Promise<void> {
    await call(`files/${encodePath(path)}`, { method: 'DELETE' })
  },
}
