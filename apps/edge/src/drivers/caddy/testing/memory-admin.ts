/** A Caddy admin API in memory, with the paths that the edge uses, conditional writes included. */

import type { CaddyAdmin } from '../admin.ts'
import { CaddyConflict, CaddyUnreachable } from '../admin.ts'
import type { CaddyServer } from '../render/config.ts'
import { SERVER_PATH } from '../sync/diff.ts'

export interface MemoryAdmin extends CaddyAdmin {
  live: CaddyServer | null
  writes: string[]
  reads: string[]
  down: boolean
  /** Runs once, between the next read and the write after it. */
  meddle: (() => void) | null
}

export function memoryAdmin(): MemoryAdmin {
  const admin: MemoryAdmin = {
    ...{ live: null, writes: [], reads: [], down: false, meddle: null },
    read: async (path) => {
      if (admin.down) throw new CaddyUnreachable('Caddy is down.')
      admin.reads.push(path)
      const found = path === SERVER_PATH ? admin.live : find(admin.live, path.slice('/id/'.length))
      return found ? { value: structuredClone(found), etag: JSON.stringify(found) } : null
    },
    write: async (method, path, value, etag) => {
      if (admin.down) throw new CaddyUnreachable('Caddy is down.')
      admin.meddle?.()
      admin.meddle = null
      const now = path === SERVER_PATH ? admin.live : find(admin.live, path.slice('/id/'.length))
      const base = etag?.includes('"listen"') ? admin.live : now
      if ((method === 'PUT') !== (now === null) || (etag && JSON.stringify(base) !== etag))
        throw new CaddyConflict('It moved.')
      admin.writes.push(`${method} ${path}`)
      if (path === SERVER_PATH || !now) admin.live = structuredClone(value) as CaddyServer
      else Object.assign(now, structuredClone(value))
    },
    upstreams: async () => [],
    close: async () => undefined,
  }
  return admin
}

type Node = Record<string, unknown>

function find(node: unknown, id: string): Node | null {
  if (typeof node !== 'object' || node === null) return null
  if ('@id' in node && node['@id'] === id) return node as Node
  for (const child of Object.values(node)) {
    const found = find(child, id)
    if (found) return found
  }
  return null
}
