/** Caddy as the edge: its server is kept equal to the render through its admin API. */
import type { Route } from '@matrixos/shared'
import type { EdgeDriver, InFlight } from '../../driver.ts'
import type { Groups } from '../../groups/groups.ts'
import { portTakenMessage } from '../../listen/listen-address.ts'
import type { Log } from '../../log.ts'
import type { Timers } from '../../timers.ts'
import { type CaddyAdmin, CaddyRefused, createCaddyAdmin } from './admin.ts'
import { cutConnections } from './cut.ts'
import { render, UNKNOWN_ID } from './render/config.ts'
import { createSync } from './sync/sync.ts'
import { writeIntervalMs } from './sync/write-interval.ts'
import { createWriter } from './sync/writer.ts'
import { ensureTls, renderTls, type TlsOptions } from './tls.ts'

export interface CaddyDriverOptions extends TlsOptions {
  /** `unix//path` or `host:port`. */
  adminAddress: string
  resyncMs: number
  /** Memory that old configurations may hold, for streams that began in them. */
  streamMemoryBytes: number
  /** What goes by the relay. */
  groups: Pick<Groups, 'closeGroup' | 'closeStreams' | 'counts'>
  log: Log
  timers: Timers
}

/** Addresses of instances; unix sockets and placeholders are rows of the platform's own. */
const INSTANCE_ADDRESS = /^(\[[^\]]+\]|[^/:{}]+):\d+$/

export function createCaddyDriver(options: CaddyDriverOptions): EdgeDriver {
  const admin = createCaddyAdmin(options.adminAddress)
  const tls = renderTls(options)
  let routes: readonly Route[] | null = null
  const sync = createSync({
    writer: explaining(createWriter(admin), options.listen),
    log: options.log,
    timers: options.timers,
    resyncMs: options.resyncMs,
    intervalMs: (generations) =>
      writeIntervalMs({ routes: routes?.length ?? 0, generations, budgetBytes: options.streamMemoryBytes }),
    prepare: () => ensureTls(admin, tls),
  })
  const apply = (wanted: readonly Route[]) => {
    routes = wanted
    sync.want(render(options, wanted))
  }
  return {
    apply,
    closeStreams: (upstream) => {
      options.groups.closeStreams(upstream)
      cutConnections(upstream).catch((error: unknown) =>
        options.log.warn(
          { reason: String(error), upstream },
          'Could not close open streams of a session that ended.',
        ),
      )
    },
    closeGroup: options.groups.closeGroup,
    grouped: options.groups.counts,
    inFlight: async () => {
      const upstreams = await admin.upstreams()
      // All of them: a dashboard's stream holds a configuration just as an instance's does. What goes to an instance
      // counts for the gate as well, so this is an upper bound.
      sync.observeOpen(upstreams.reduce((sum, { num_requests }) => sum + num_requests, 0))
      // A Caddy that restarted between two checks has nothing of ours. One that never had anything must not wait for
      // the api to name the routes: the platform's own hosts and the wildcard need none.
      if (!(await admin.read(`/id/${UNKNOWN_ID}`))) routes ? sync.check() : apply([])
      return instanceCounts(upstreams)
    },
    close: async () => {
      sync.close()
      await admin.close()
    },
  }
}

function instanceCounts(upstreams: Awaited<ReturnType<CaddyAdmin['upstreams']>>): InFlight {
  const counts: InFlight = {}
  for (const { address, num_requests } of upstreams)
    if (num_requests > 0 && INSTANCE_ADDRESS.test(address)) counts[address] = num_requests
  return counts
}

/** Who has the port, when that is why Caddy refuses. */
const explaining = (writer: ReturnType<typeof createWriter>, listen: string): typeof writer => ({
  bring: (wanted, full) =>
    writer.bring(wanted, full).catch(async (error: unknown) => {
      if (error instanceof CaddyRefused && error.message.includes('address already in use'))
        throw new CaddyRefused(await portTakenMessage(listen), { cause: error })
      throw error
    }),
})
