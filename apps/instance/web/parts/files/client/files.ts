/** The calls of the files API, as the page makes them. Each rejects with a FilesError. */
import {
  type Listing,
  type Located,
  listing,
  located,
  type Restored,
  restored,
  type TrashContents,
  type Trashed,
  trashContents,
  trashed,
} from '../../../../src/files/api/protocol.ts'
import { addressOf, ask, askFor } from './request.ts'

type Signal = AbortSignal | undefined

const post = (call: string, json: object) => askFor(located, call, { method: 'POST', json })

export const files = {
  list: (path: string, signal?: Signal): Promise<Listing> =>
    askFor(listing, 'list', { query: { path }, signal }),
  stat: (path: string, signal?: Signal): Promise<Located> =>
    askFor(located, 'stat', { query: { path }, signal }),

  makeFolder: (path: string): Promise<Located> => post('folder', { path }),
  makeFile: (path: string): Promise<Located> => post('file', { path }),
  move: (from: string, to: string): Promise<Located> => post('move', { from, to }),
  copy: (from: string, to: string): Promise<Located> => post('copy', { from, to }),

  trash: (paths: readonly string[]): Promise<Trashed> =>
    askFor(trashed, 'trash', { method: 'POST', json: { paths } }),
  restore: (id: string): Promise<Restored> => askFor(restored, 'restore', { method: 'POST', json: { id } }),
  trashContents: (signal?: Signal): Promise<TrashContents> => askFor(trashContents, 'trash', { signal }),
  /** At once, without the trash. */
  delete: (paths: readonly string[]) => ask('delete', { method: 'POST', json: { paths } }),
  deleteForGood: (id: string) => ask(`trash/${encodeURIComponent(id)}`, { method: 'DELETE' }),
  emptyTrash: () => ask('trash', { method: 'DELETE' }),

  /** At most `atMost` bytes from the beginning, and the version that they are of. */
  read: async (
    path: string,
    atMost: number,
    signal?: Signal,
  ): Promise<{ bytes: Uint8Array; version: string }> => {
    const answer = await ask('content', {
      query: { path },
      headers: { range: `bytes=0-${atMost - 1}` },
      signal,
    }).catch((error) => {
      // An empty file has no range that could be satisfied.
      if (error.status === 416) return ask('content', { query: { path }, signal })
      throw error
    })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    return { bytes, version: (answer.headers.get('etag') ?? '').replace(/^W\//, '').replaceAll('"', '') }
  },

  /** `version`: what it has to be at that moment; `null`: nothing may be there. */
  write: (path: string, body: Blob | string, version: string | null, signal?: Signal): Promise<Located> =>
    askFor(located, 'content', {
      method: 'PUT',
      query: { path },
      body,
      headers: version === null ? { 'if-none-match': '*' } : { 'if-match': `"${version}"` },
      signal,
    }),

  /** `version` is there for caches alone. */
  contentAddress: (path: string, version = ''): string =>
    addressOf('content', version === '' ? { path } : { path, version }),
  downloadAddress: (path: string): string => addressOf('content', { path, download: '1' }),
  archiveAddress: (paths: readonly string[]): string => addressOf('archive', { path: paths }),
}

export type FilesApi = typeof files
