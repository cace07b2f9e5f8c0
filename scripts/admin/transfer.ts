/** `npm run admin -- export` and `import`: a computer's home as an archive, over the platform's private socket. */
import { createWriteStream } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { json } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { UserError } from '@matrixos/host/root'
import {
  errorBodySchema,
  type ImportState,
  TRANSFER_PATH,
  transferStateSchema,
  UPLOAD_CHUNK_BYTES,
} from '@matrixos/shared'
import { z } from 'zod'
import { callService, type Service } from './service-call.ts'

const STANDARD = '-'
const POLL_MS = 300

function send(
  { socketPath, token }: Service,
  options: { method: string; path: string; body?: Uint8Array },
): Promise<IncomingMessage> {
  const { method, path, body } = options
  const headers = {
    ...{ authorization: `Bearer ${token}`, host: 'service' },
    ...(body && { 'content-type': 'application/octet-stream', 'content-length': body.byteLength }),
  }
  return new Promise((resolve, reject) => {
    request({ socketPath, path, method, headers }, resolve)
      .on('error', (cause) =>
        reject(new UserError(`The platform does not answer on ${socketPath} (${cause.message}).`)),
      )
      .end(body)
  })
}

async function refuseErrors(answer: IncomingMessage): Promise<void> {
  if (answer.statusCode === 200) return
  const { success, data } = errorBodySchema.safeParse(await json(answer).catch(() => null))
  throw new UserError(success ? data.message : `The platform answered with ${answer.statusCode}.`)
}

/** A file is there whole or not at all. */
export async function exportHome(service: Service, handle: string, file: string): Promise<void> {
  const path = `${TRANSFER_PATH}/export?${new URLSearchParams({ handle })}`
  const answer = await send(service, { method: 'GET', path })
  await refuseErrors(answer)
  if (file === STANDARD) return pipeline(answer, process.stdout)
  const draft = `${file}.part`
  await pipeline(answer, createWriteStream(draft, { mode: 0o600 })).catch(async (error: unknown) => {
    await rm(draft, { force: true })
    throw new UserError(`The export broke off: ${error instanceof Error ? error.message : error}`)
  })
  await rename(draft, file)
  const { size } = await stat(file)
  console.log(`${handle}’s computer is in ${file} (${size.toLocaleString('en')} bytes).`)
}

/** What comes on standard input has no length: it is kept in a file first. */
async function fileOf(named: string): Promise<{ path: string; isOwn: boolean }> {
  if (named !== STANDARD) return { path: named, isOwn: false }
  const path = join(tmpdir(), `matrixos-import-${process.pid}`)
  await pipeline(process.stdin, createWriteStream(path, { mode: 0o600, flags: 'wx' }))
  return { path, isOwn: true }
}

export async function importHome(service: Service, handle: string, named: string): Promise<void> {
  const { path, isOwn } = await fileOf(named)
  try {
    await upload(service, handle, path)
  } finally {
    if (isOwn) await rm(path, { force: true })
  }
  const { status, message, manifest } = await untilDone(service, handle)
  if (status === 'failed' || !manifest) throw new UserError(message ?? 'The import failed.')
  console.log(
    `${handle} has the home of ${manifest.handle}, as exported on ${manifest.exportedAt}. The home before is kept for 7 days: ` +
      `npm run admin -- undo-import ${handle}`,
  )
}

async function upload(service: Service, handle: string, path: string): Promise<void> {
  const found = await stat(path).catch(() => null)
  if (!found?.isFile() || found.size === 0) throw new UserError(`${path} is not a file with something in it.`)
  const call = (name: string, input: object) =>
    callService(service, `transfer.server.${name}`, { handle, ...input })
  const begun = await call('begin', { sizeBytes: found.size })
  const { uploadId } = z.object({ uploadId: z.string() }).parse(begun)
  const file = await open(path)
  try {
    const piece = Buffer.alloc(UPLOAD_CHUNK_BYTES)
    for (let offset = 0; ; ) {
      const { bytesRead } = await file.read(piece, 0, piece.length, offset)
      if (bytesRead === 0) break
      const query = new URLSearchParams({ handle, offset: String(offset) })
      const to = `${TRANSFER_PATH}/upload/${uploadId}?${query}`
      const answer = await send(service, { method: 'PUT', path: to, body: piece.subarray(0, bytesRead) })
      await refuseErrors(answer)
      offset = z.object({ received: z.number() }).parse(await json(answer)).received
    }
  } finally {
    await file.close()
  }
  await call('finish', { uploadId })
}

async function untilDone(service: Service, handle: string): Promise<ImportState> {
  for (;;) {
    const answer = await callService(service, 'transfer.server.state', { handle })
    const { import: state } = transferStateSchema.parse(answer)
    if (!state) throw new UserError('The platform was restarted during the import. Begin again.')
    if (state.status === 'done' || state.status === 'failed') return state
    await delay(POLL_MS)
  }
}
