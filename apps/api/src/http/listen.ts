/** HTTP servers on unix sockets that only this user can open. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import { SERVICE_HEADER_BYTES } from '@matrixos/shared'

/** Milliseconds for a request to arrive whole; answers that stream take as long as they like. */
const REQUEST_MS = 30_000

/**
 * Connections that may wait while the process is busy: the edge makes one for each question to the gate, and the kernel
 * refuses what is beyond. As many as Linux allows unless told otherwise; Node asks for 511.
 */
const BACKLOG = 4096

/** The kernel's own limit, 108 bytes with the closing zero on Linux, 104 on macOS. */
const LONGEST_PATH = 103

/** Throws an Error when another process serves the socket; a file left by a killed one is replaced. */
export async function listenOnSocket(path: string, listener: RequestListener): Promise<Server> {
  if (Buffer.byteLength(path) > LONGEST_PATH) {
    throw new Error(
      `The socket path ${path} is longer than ${LONGEST_PATH} bytes. Set RUN_DIR to a shorter path.`,
    )
  }
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  if (await isServed(path))
    throw new Error(`${path} is in use by another process. Stop it, or give this one its own RUN_DIR.`)
  rmSync(path, { force: true })
  const limits = { keepAliveTimeout: 75_000, requestTimeout: REQUEST_MS, maxHeaderSize: SERVICE_HEADER_BYTES }
  const server = createServer(limits, listener)
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen({ path, backlog: BACKLOG }, resolve),
  )
  chmodSync(path, 0o660)
  return server
}

const isServed = (path: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })

/** Stops accepting, gives requests under way a moment, then cuts what is left (streams never end by themselves). */
export async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeIdleConnections()
  const cut = setTimeout(() => server.closeAllConnections(), graceMs)
  await closed
  clearTimeout(cut)
}
