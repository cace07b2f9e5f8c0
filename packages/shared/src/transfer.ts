/** Moving a computer: its home as one archive, from one platform to another, or to a computer of one's own. */
import { z } from 'zod'

/** What an archive says of itself, as `manifest.json` in it; the home is in the folder beside it. */
export const homeManifestSchema = z.object({
  format: z.literal('matrixos-home'),
  /** Of the format. Raised when an older platform could not read it. */
  version: z.literal(1),
  handle: z.string().max(64),
  displayName: z.string().max(200),
  exportedAt: z.iso.datetime(),
  /** Of the platform that made it. */
  platform: z.string().max(64),
})
export type HomeManifest = z.infer<typeof homeManifestSchema>

export const MANIFEST_FILE = 'manifest.json'
export const HOME_ARCHIVE_TYPE = 'application/zstd'

/** Bytes of an archive that one request brings: edges let no more than 1 MiB through to the platform. */
export const UPLOAD_CHUNK_BYTES = 1_000_000

/** Of uploads and downloads of the owner, on `app.DOMAIN`, and of the operator, on the private socket. */
export const TRANSFER_PATH = '/transfer'

export const archiveName = (handle: string): string => `${handle}.tar.zst`

export const uploadIdSchema = z.string().regex(/^[0-9a-f]{32}$/)

/** Where an import stands. Bytes are those of the archive. */
export const importStateSchema = z.object({
  status: z.enum(['unpacking', 'restarting', 'done', 'failed']),
  doneBytes: z.number().int(),
  totalBytes: z.number().int(),
  /** Why it failed. */
  message: z.string().nullable(),
  /** What the archive said of itself, once it is unpacked. */
  manifest: homeManifestSchema.nullable(),
})
export type ImportState = z.infer<typeof importStateSchema>

/** Where an export stands that is made to be downloaded later. */
export const exportStateSchema = z.object({
  id: uploadIdSchema,
  status: z.enum(['packing', 'ready', 'failed']),
  /** Of the files, before they are compressed. */
  doneBytes: z.number().int(),
  /** What the home takes on the disk; `null`: not measured yet. */
  totalBytes: z.number().int().nullable(),
  /** Of the file, once it is there. */
  sizeBytes: z.number().int().nullable(),
  /** Why it failed. */
  message: z.string().nullable(),
  /** Until when it can be downloaded, once it is there. */
  keptUntil: z.iso.datetime().nullable(),
})
export type ExportState = z.infer<typeof exportStateSchema>

export const transferStateSchema = z.object({
  import: importStateSchema.nullable(),
  export: exportStateSchema.nullable(),
  /** Since when the home before the last import has been kept beside it; `null`: there is none. */
  earlierSince: z.iso.datetime().nullable(),
  /** Days that it is kept. */
  earlierDays: z.number(),
})
export type TransferState = z.infer<typeof transferStateSchema>
