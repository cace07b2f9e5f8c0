/** `npm run admin -- export` and `import`: a computer's home as an archive, over the platform's private socket. */
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm, stat } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
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

type Archive = AsyncIterable<Buffer>

/** `-`: what comes on `input`, which may be larger than any folder for temporary files. */
export async function importHome(
  service: Service,
  handle: string,
  named: string,
  input: Archive = process.stdin,
): Promise<void> {
  if (named === STANDARD) await upload(service, handle, { archive: input, sizeBytes: null })
  else {
    const found = await stat(named).catch(() => null)
    if (!found?.isFile() || found.size === 0)
      throw new UserError(`${named} is not a file with something in it.`)
    await upload(service, handle, { archive: createReadStream(named), sizeBytes: found.size })
  }
  const { status, message, manifest } = await untilDone(service, handle)
  if (status === 'failed' || !manifest) throw new UserError(message ?? 'The import failed.')
  console.log(
    `${handle} has the home of ${manifest.handle}, as exported on ${manifest.exportedAt}. The home before is kept for 7 days: ` +
      `npm run admin -- undo-import ${handle}`,
  )
}

/** `sizeBytes`: `null` where it shows only at the end. The platform refuses what it has no room for then, too. */
async function upload(
  service: Service,
  handle: string,
  { archive, sizeBytes }: { archive: Archive; sizeBytes: number | null },
): Promise<void> {
  const call = (name: string, input: object) =>
    callService(service, `transfer.server.${name}`, { handle, ...input })
  const begun = await call('begin', { sizeBytes: sizeBytes ?? 1 })
  const { uploadId } = z.object({ uploadId: z.string() }).parse(begun)
  let offset = 0
  for await (const piece of piecesOf(archive)) {
    const query = new URLSearchParams({ handle, offset: String(offset) })
    const to = `${TRANSFER_PATH}/upload/${uploadId}?${query}`
    const answer = await send(service, { method: 'PUT', path: to, body: piece })
    await refuseErrors(answer)
    offset += piece.length
    const { received } = z.object({ received: z.number() }).parse(await json(answer))
    if (received !== offset) throw new UserError('The platform could not keep all of the archive.')
  }
  if (offset === 0) throw new UserError('There is nothing on standard input.')
  await call('finish', { uploadId })
}

/** As much as one request may bring, however it comes. */
async function* piecesOf(archive: Archive): AsyncGenerator<Buffer> {
  let held = Buffer.alloc(0)
  for await (const chunk of archive) {
    held = Buffer.concat([held, chunk])
    for (; held.length >= UPLOAD_CHUNK_BYTES; held = held.subarray(UPLOAD_CHUNK_BYTES))
      yield held.subarray(0, UPLOAD_CHUNK_BYTES)
  }
  if (held.length > 0) yield held
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
