/** Brings Caddy's live server to the desired one: reads, compares, and writes only if nothing changed meanwhile. */

import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { type CaddyAdmin, CaddyConflict } from '../admin.ts'
import type { CaddyServer } from '../render/config.ts'
import type { CaddyRoute } from '../render/types.ts'
import { type Change, diff, SERVER_PATH, shardsOf } from './diff.ts'

export interface Writer {
  /** Whether anything had to be written. `full` looks at all of the live server, else at what changed only. */
  bring: (wanted: CaddyServer, full: boolean) => Promise<boolean>
}

const TRIES = 5

const routeSchema = z.looseObject({ handle: z.array(z.record(z.string(), z.unknown())).default([]) })
const serverSchema = z.looseObject({
  listen: z.array(z.string()).default([]),
  routes: z.array(routeSchema).default([]),
})

export function createWriter(admin: CaddyAdmin): Writer {
  /** What the last write or check left: only a hint where to look, for each write is conditional. */
  let last: CaddyServer | null = null

  async function once(wanted: CaddyServer, full: boolean): Promise<boolean> {
    const quick = full || !last ? null : await quickly(admin, last, wanted)
    if (quick !== null) return quick
    const part = await admin.read(SERVER_PATH)
    const live = part ? (serverSchema.parse(part.value) as CaddyServer) : null
    const change = diff(live, wanted)
    if (change) await admin.write(change.method, change.path, change.value, part?.etag)
    return change !== null
  }

  return {
    bring: async (wanted, full) => {
      for (let tries = 1; ; tries++) {
        try {
          const wrote = await once(wanted, full || tries > 1)
          last = wanted
          return wrote
        } catch (error) {
          last = null
          if (!(error instanceof CaddyConflict) || tries === TRIES) throw error
        }
      }
    },
  }
}

/** One shard's change needs only that shard to be read. `null`: this is no such case. */
async function quickly(admin: CaddyAdmin, last: CaddyServer, wanted: CaddyServer): Promise<boolean | null> {
  const change = diff(last, wanted)
  if (!change) return false
  const before = shardBefore(last, change)
  if (!before) return null
  const part = await admin.read(change.path)
  if (!part || !isDeepStrictEqual(part.value, before)) return null
  await admin.write(change.method, change.path, change.value, part.etag)
  return true
}

const shardBefore = (server: CaddyServer, change: Change): CaddyRoute | undefined =>
  shardsOf(server).find((shard) => change.path === `/id/${shard['@id']}`)
