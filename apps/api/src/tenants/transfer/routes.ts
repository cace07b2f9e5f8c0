/** The bytes of exports and imports: what no tRPC call carries. Who asks, the two doors decide. */
import { Readable } from 'node:stream'
import {
  archiveName,
  HOME_ARCHIVE_TYPE,
  TRANSFER_PATH,
  UPLOAD_CHUNK_BYTES,
  uploadIdSchema,
} from '@matrixos/shared'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { z } from 'zod'
import { requireRecentProof } from '../../access/policy.ts'
import type { SessionPrincipal } from '../../access/principal.ts'
import { AppError, toAppError } from '../../errors.ts'
import { errorAnswer } from '../../http/error-response.ts'
import { requestInfo } from '../../http/request.ts'
import type { Log } from '../../log.ts'
import { SIGNED_OUT } from '../../texts.ts'
import type { ExportFile } from './kept-exports.ts'
import type { TransferRouterOptions } from './router.ts'
import type { Actor, MovedRow, Transfers } from './service.ts'

interface Door {
  /** Throw whatever keeps the caller out. */
  toExport: (context: Context) => Promise<{ row: MovedRow; who: Actor }>
  toUpload: (context: Context) => Promise<MovedRow>
}

const chunkSchema = z.object({ id: uploadIdSchema, offset: z.coerce.number().int().min(0) })

const fileHeaders = ({ handle }: MovedRow) => ({
  'content-type': HOME_ARCHIVE_TYPE,
  'content-disposition': `attachment; filename="${archiveName(handle)}"`,
  'cache-control': 'no-store',
})

function transferRoutes(door: Door, transfers: Transfers, log: Log): Hono {
  const routes = new Hono()
  routes.get(`${TRANSFER_PATH}/export`, async (context) => {
    const { row, who } = await door.toExport(context)
    const headers = fileHeaders(row)
    // Nobody would read it to its end, and it would be packed for ever.
    if (context.req.method === 'HEAD') return new Response(null, { headers })
    const archive = await transfers.export(row, who, context.req.raw.signal)
    archive.once('error', (error) => log.warn({ err: error, instance: row.id }, 'an export broke off'))
    return new Response(Readable.toWeb(archive) as ReadableStream<Uint8Array>, { headers })
  })
  routes.put(`${TRANSFER_PATH}/upload/:id`, bodyLimit({ maxSize: UPLOAD_CHUNK_BYTES }), async (context) => {
    // Also of what is refused: closed on bytes that are still to come, a connection is reset, and the answer with it.
    const bytes = new Uint8Array(await context.req.arrayBuffer())
    const row = await door.toUpload(context)
    const read = chunkSchema.safeParse({ id: context.req.param('id'), offset: context.req.query('offset') })
    if (!read.success) throw new AppError('invalid_input', 'This is no piece of an upload.')
    return context.json({ received: await transfers.append(row, read.data.id, read.data.offset, bytes) })
  })
  routes.onError((error) => {
    const known = toAppError(error)
    if (known.httpStatus >= 500) log.error({ err: error }, 'a transfer failed')
    // As both of its clients read it: the page's upload, and the operator's command.
    const { status, headers } = errorAnswer(known)
    return new Response(JSON.stringify(known.toBody()), { status, headers })
  })
  return routes
}

export interface OwnTransferOptions
  extends Pick<TransferRouterOptions, 'transfers' | 'keptExports' | 'ownRow' | 'exportLimit'> {
  appOrigin: string
  current: (headers: Headers) => Promise<SessionPrincipal | null>
  now: () => number
  log: Log
}

/** A link of the app itself, or typed by a person: instances are same-site, and must not start one. */
const FROM_APP = new Set(['same-origin', 'none'])

/** On `app.DOMAIN`, for one's own computer. */
export function ownTransferRoutes(options: OwnTransferOptions): Hono {
  const { transfers, keptExports, ownRow, appOrigin, current, exportLimit, now, log } = options
  async function signedIn({ headers }: Request): Promise<SessionPrincipal> {
    const principal = await current(headers)
    if (!principal) throw new AppError('unauthorized', SIGNED_OUT)
    return principal
  }
  async function recentlyProved(request: Request): Promise<SessionPrincipal> {
    if (!FROM_APP.has(request.headers.get('sec-fetch-site') ?? 'none'))
      throw new AppError('origin_refused', 'Export your computer from its settings.')
    const principal = await signedIn(request)
    requireRecentProof(principal, now())
    return principal
  }
  const door: Door = {
    async toExport(context) {
      const principal = await recentlyProved(context.req.raw)
      await exportLimit.take(principal.userId)
      const { address } = requestInfo(context.req.raw.headers, () => undefined)
      return {
        row: await ownRow(principal.userId, { toChange: false }),
        who: { actor: principal.userId, address },
      }
    },
    async toUpload(context) {
      const { headers } = context.req.raw
      if (headers.get('origin') !== appOrigin || headers.get('x-mos') !== '1')
        throw new AppError('origin_refused', `This address only accepts requests from pages on ${appOrigin}.`)
      return ownRow((await signedIn(context.req.raw)).userId)
    },
  }
  const routes = transferRoutes(door, transfers, log)
  routes.get(`${TRANSFER_PATH}/export/:id`, async (context) => {
    const { userId } = await recentlyProved(context.req.raw)
    const row = await ownRow(userId, { toChange: false })
    const id = uploadIdSchema.catch('').parse(context.req.param('id'))
    return fileAnswer(context.req.raw, row, id, await keptExports.open(row, id))
  })
  return routes
}

/** `bytes=N-`: a download goes on where its connection was lost. Any other range is answered with the whole. */
const REST = /^bytes=(\d+)-$/

function fileAnswer({ method, headers }: Request, row: MovedRow, id: string, file: ExportFile): Response {
  const etag = `"${id}"`
  const asked = headers.get('if-range') === etag ? REST.exec(headers.get('range') ?? '') : null
  const offset = asked && Number(asked[1]) < file.sizeBytes ? Number(asked[1]) : 0
  const body = method === 'HEAD' ? null : Readable.toWeb(Readable.from(file.read(offset)))
  return new Response(body as ReadableStream<Uint8Array> | null, {
    status: offset > 0 ? 206 : 200,
    headers: {
      ...fileHeaders(row),
      'content-length': String(file.sizeBytes - offset),
      'accept-ranges': 'bytes',
      etag,
      ...(offset > 0 && { 'content-range': `bytes ${offset}-${file.sizeBytes - 1}/${file.sizeBytes}` }),
    },
  })
}

/** On the private socket, for the operator: any computer. */
export function serverTransferRoutes(
  options: Pick<TransferRouterOptions, 'transfers' | 'rowOfHandle'> & {
    isService: (headers: Headers) => boolean
    log: Log
  },
): Hono {
  const { transfers, rowOfHandle, isService, log } = options
  const toUpload = (context: Context) => {
    if (!isService(context.req.raw.headers))
      throw new AppError('forbidden', 'Only the platform itself can make this call.')
    return rowOfHandle(context.req.query('handle') ?? '')
  }
  const who = { actor: 'server', address: '' } as const
  const toExport = async (context: Context) => ({ row: await toUpload(context), who })
  return transferRoutes({ toExport, toUpload }, transfers, log)
}
