/** Where the server listens: a port of a host, or a unix socket that only this user can open. */
import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { dirname, isAbsolute } from 'node:path'

export type Listen = { host: string; port: number } | { path: string }

/** `host:port` or an absolute path; `null`: neither. */
export function parseListen(text: string): Listen | null {
  if (isAbsolute(text)) return { path: text }
  const match = /^(\[[0-9a-f:]+\]|[^:/\s]+):(\d{1,5})$/i.exec(text)
  const port = Number(match?.[2])
  if (!match?.[1] || port > 65_535) return null
  return { host: match[1].replace(/^\[|\]$/g, ''), port }
}

/** Resolves with the URL of the listener (`http://localhost` for a socket); rejects when the address is taken. */
export async function listenOn(server: Server, listen: Listen): Promise<string> {
  if ('path' in listen) {
    mkdirSync(dirname(listen.path), { recursive: true, mode: 0o700 })
    rmSync(listen.path, { force: true })
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(listen, () => {
      server.off('error', reject)
      resolve()
    })
  })
  if ('path' in listen) {
    chmodSync(listen.path, 0o660)
    return 'http://localhost'
  }
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : listen.port
  return `http://${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${port}`
}
