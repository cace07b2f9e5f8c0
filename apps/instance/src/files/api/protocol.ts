/**
 * The files of the home over HTTP and one WebSocket, as the page and the server both know them.
 *
 * Paths are relative to the home, separated by `/`; `''` is the home itself. A name that is not valid UTF-8 comes with
 * each byte that does not fit as one character of U+EF80–U+EFFF, and goes back the same way (`names.ts`).
 *
 * Whatever changes something needs the header `REQUEST_HEADER` with the value `1` and, from a browser, the page's own
 * origin. Errors are `problem`: 400 the request makes no sense, 403 not allowed (outside of the home, private, a viewer
 * who writes), 404 not there, 409 something is in the way, 412 changed meanwhile, 413 too large, 415 not a file or
 * folder, 428 a precondition is missing, 429 too much at once, 507 the disk is full.
 */
import * as z from 'zod/mini'

export { FILES_API, FILES_SOCKET_PATH, REQUEST_HEADER } from '../../protocol.ts'

/** The largest body of `PUT content` and of one `PATCH` of an upload; what is larger is uploaded in several. */
export const CHUNK_BYTES = 8 * 1024 * 1024
/** Folders and files that one page may watch. */
export const WATCHED_AT_MOST = 64
/** Entries of one listing; beyond them it says that it is not complete. */
export const LISTED_AT_MOST = 50_000
/** Entries that one request may put into the trash. */
export const TRASHED_AT_MOST = 1_000

const path = z.string().check(z.maxLength(16_384))
/** Changes whenever the content does. Opaque; without quotes here, with quotes in `ETag` and `If-Match`. */
const version = z.string()
/** UTC, ISO 8601. */
const time = z.string()
const bytes = z.number()

export const problem = z.object({
  /** In plain words, for the person who is there. */
  message: z.string(),
  /** With 412: what is there now; `null`: nothing. */
  version: z.optional(z.nullable(version)),
  /** With 409 of an upload's `PATCH`: where to go on. */
  offset: z.optional(bytes),
})

export const entry = z.object({
  name: z.string(),
  kind: z.enum(['file', 'folder', 'link', 'other']),
  /** Of a link: what is at its end; `null`: nothing, or nothing within the home. */
  leadsTo: z.optional(z.nullable(z.enum(['file', 'folder', 'other']))),
  /** Bytes of a file; 0 for everything else. */
  size: bytes,
  modifiedAt: time,
  version,
})
export type Entry = z.infer<typeof entry>

/** `GET list?path=` In no particular order. */
export const listing = z.object({
  entries: z.array(entry),
  version,
  /** `false`: there are more than `LISTED_AT_MOST`. */
  isComplete: z.boolean(),
})
export type Listing = z.infer<typeof listing>

/**
 * `GET stat?path=`, and the answer to everything that made, moved or wrote one entry: `PUT content?path=`,
 * `POST folder`, `file`, `move`, `copy` and `uploads/ID/finish`. `PUT` answers 201 where nothing was.
 */
export const located = z.extend(entry, { path })
export type Located = z.infer<typeof located>

/** `POST folder` (with the folders above it) and `POST file` (empty). */
export const makeRequest = z.object({ path })
/** `POST move` and `POST copy`. `to` is the whole new path; the folder that it lies in has to be there. */
export const moveRequest = z.object({ from: path, to: path })

/** `POST trash`: all of them together are one thing to undo. */
export const trashRequest = z.object({
  paths: z.array(path).check(z.minLength(1), z.maxLength(TRASHED_AT_MOST)),
})
export const trashed = z.object({ id: z.string() })
export type Trashed = z.infer<typeof trashed>
// `POST delete` takes a `trashRequest` too, and deletes for good: 204. On a full disk the trash may not keep anything.

/** `POST restore` */
export const restoreRequest = z.object({ id: z.string() })
export const restored = z.object({
  /** `path` is another than `wasAt` where something else has taken its place. */
  entries: z.array(z.object({ wasAt: path, path })),
})
export type Restored = z.infer<typeof restored>

export const trashedEntry = z.object({ wasAt: path, kind: entry.shape.kind, size: bytes })
/** `GET trash`, the newest first. `DELETE trash/ID` and `DELETE trash` (all of it) delete for good: 204. */
export const trashContents = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      trashedAt: time,
      entries: z.array(trashedEntry),
    }),
  ),
})
export type TrashContents = z.infer<typeof trashContents>

/** One line of `GET search?query=&in=names|contents&path=`. The last one is `done`, unless the connection broke. */
export const searchLine = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('match'),
    path,
    kind: entry.shape.kind,
    /** In contents: the first line that matches, counted from 1, and its text, shortened around the match. */
    line: z.optional(z.number()),
    text: z.optional(z.string()),
  }),
  z.object({
    type: z.literal('done'),
    /** `null`: everything was searched. */
    stoppedBy: z.nullable(z.enum(['results', 'time', 'entries'])),
    /** Files and folders that were looked at. */
    searched: z.number(),
    /** Files whose content was not searched: binary, too large, or not readable. */
    skipped: z.number(),
  }),
])
export type SearchLine = z.infer<typeof searchLine>

const ifExists = z.enum(['refuse', 'replace', 'rename'])
/** `POST uploads`: 201 with an `upload`. The folders above it are made at the end, where they are missing. */
export const uploadRequest = z.object({
  path,
  size: bytes.check(z.int(), z.gte(0)),
  /** What to do when something is there: nothing (409), replace the file, or take a free name beside it. */
  ifExists: z._default(ifExists, 'refuse'),
  /** Of the file on the person's own machine, which the upload keeps. */
  modifiedAt: z.optional(time),
})
/**
 * `GET uploads` (all that are unfinished, `uploads`), `GET uploads/ID`, `PATCH uploads/ID?offset=` with up to
 * `CHUNK_BYTES` of bytes from there on. `offset`: how many have arrived for good. `DELETE uploads/ID` gives it up: 204.
 */
export const upload = z.object({ id: z.string(), path, size: bytes, offset: bytes, startedAt: time })
export type Upload = z.infer<typeof upload>
export const uploads = z.object({ uploads: z.array(upload) })
/** `POST uploads/ID/finish`: answers `located`; on 409 the upload is kept, to be finished with another `ifExists`. */
export const finishRequest = z.object({ ifExists: z.optional(ifExists) })

/** What a page may ask on the WebSocket. `watch` replaces what it asked for before. */
export const watchRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('ping') }),
  z.object({ type: z.literal('watch'), paths: z.array(path).check(z.maxLength(WATCHED_AT_MOST)) }),
])

export type WatchEvent =
  | { type: 'pong' }
  /** The answer to each `watch`. `refused`: paths that are not there, or that cannot be watched. */
  | { type: 'watching'; refused: { path: string; message: string }[] }
  /** Something in this folder, or this file, is not as it was; perhaps it is gone. */
  | { type: 'changed'; path: string }

/**
 * The rest, which have no JSON:
 * - `GET content?path=[&download=1]`: bytes, `ETag`, `Range`. As an attachment with `download=1`; without, with a type
 *   that browsers show without running anything: images, PDF, sound, video, and everything else as plain text.
 * - `PUT content?path=[&folders=1]`: bytes, with `If-Match: "VERSION"` or `If-None-Match: *`. With `folders=1` the
 *   folders above it are made where they are missing: one request for a small file of a folder that is dropped in.
 * - `GET archive?path=[&path=…]`: a .zip of a folder, or of several entries of one folder. Links are left out.
 */
