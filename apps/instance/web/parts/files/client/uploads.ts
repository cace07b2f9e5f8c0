/** The calls by which something is brought in, piece by piece. */
import { type Located, located, type Upload, upload } from '../../../../src/files/api/protocol.ts'
import { ask, askFor } from './request.ts'

export type IfExists = 'refuse' | 'replace' | 'rename'

export interface NewUpload {
  path: string
  size: number
  ifExists: IfExists
  modifiedAt: string
}

const at = (id: string) => `uploads/${encodeURIComponent(id)}`

export const uploadsApi = {
  begin: (wanted: NewUpload, signal: AbortSignal): Promise<Upload> =>
    askFor(upload, 'uploads', { method: 'POST', json: wanted, signal }),
  look: (id: string, signal: AbortSignal): Promise<Upload> => askFor(upload, at(id), { signal }),
  send: (id: string, offset: number, piece: Blob, signal: AbortSignal): Promise<Upload> =>
    askFor(upload, at(id), { method: 'PATCH', query: { offset: String(offset) }, body: piece, signal }),
  finish: (id: string, ifExists: IfExists, signal: AbortSignal): Promise<Located> =>
    askFor(located, `${at(id)}/finish`, { method: 'POST', json: { ifExists }, signal }),
  giveUp: (id: string) => ask(at(id), { method: 'DELETE' }),
}

export type UploadsApi = typeof uploadsApi
