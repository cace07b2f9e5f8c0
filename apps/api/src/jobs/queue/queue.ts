/**
 * Durable jobs, by pg-boss in a schema of its own, on either database. A job is handed to one process, which says that
 * it lives; if it dies, another gets the job. So every handler may be called again, and goes on where the last one was
 * killed: what is to be known for that, and shown, is in the rows and on the disk of its domain, not in the job.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { fromPglite, PgBoss } from 'pg-boss'
import type { z } from 'zod'
import type { DatabaseDoor } from '../../db/database.ts'
import type { Log } from '../../log.ts'

const SCHEMA = 'job_queue'
/** The shortest that pg-boss takes. */
const HEARTBEAT_S = 10
/** Between two looks for jobs whose process is gone. */
const MONITOR_S = 10
const POLL_S = 1
/** The longest that it takes; what hangs is ended by its heartbeat, or by its own domain. */
const LONGEST_S = 86_399
const RETRY_MS = 5_000
const CLOSE_MS = 2_000
/** A handler writes its own failures down, so a job comes again only after a kill. */
const RETRIES = 100

export interface JobKind<Data extends object> {
  name: string
  /** Of what a job carries, which an earlier version may have written. */
  schema: z.ZodType<Data>
  /** At once in this process. */
  most: number
  /** `signal` aborts when this process stops: the job comes again, here or elsewhere. */
  perform: (data: Data, signal: AbortSignal) => Promise<void>
}

/** A kind whatever it carries. */
export interface AnyJobKind extends Pick<JobKind<object>, 'name' | 'most'> {
  /** `false`: not of this version. */
  perform: (data: unknown, signal: AbortSignal) => Promise<boolean>
}

export const jobKind = <Data extends object>({ schema, perform, ...kind }: JobKind<Data>): AnyJobKind => ({
  ...kind,
  async perform(found, signal) {
    const data = schema.safeParse(found)
    if (data.success) await perform(data.data, signal)
    return data.success
  },
})

export interface JobQueueOptions {
  door: DatabaseDoor
  log: Log
}

export type JobQueue = ReturnType<typeof createJobQueue>

export function createJobQueue({ door, log }: JobQueueOptions) {
  const boss = new PgBoss({
    ...('url' in door
      ? { connectionString: door.url, max: 2, connectionTimeoutMillis: 5_000 }
      : { db: fromPglite(door.embedded), backend: 'pglite' as const }),
    ...{ schema: SCHEMA, schedule: false, registerInstance: false, reindex: false, monitorVacuum: false },
    ...{
      superviseIntervalSeconds: MONITOR_S,
      monitorIntervalSeconds: MONITOR_S,
      openTelemetry: { enabled: false },
    },
  })
  boss.on('error', (error) => log.warn({ err: error }, 'the job queue could not reach its database'))
  const closing = new AbortController()

  async function work({ name, most, perform }: AnyJobKind): Promise<void> {
    await boss.createQueue(name, {
      ...{ policy: 'exclusive', retryLimit: RETRIES, retryDelay: 1, heartbeatSeconds: HEARTBEAT_S },
      expireInSeconds: LONGEST_S,
    })
    await boss.work<unknown>(
      name,
      { localConcurrency: most, pollingIntervalSeconds: POLL_S },
      async ([job]) => {
        if (!(await perform(job?.data, closing.signal)))
          return log.warn({ job: job?.id, kind: name }, 'a job of another version is dropped')
        // Not done: whoever comes next goes on.
        if (closing.signal.aborted) throw new Error('This process stops.')
      },
    )
  }

  return {
    /** Begins to work once the database is there; resolves then. */
    async start(kinds: readonly AnyJobKind[]): Promise<void> {
      while (!closing.signal.aborted) {
        try {
          await boss.start()
          for (const kind of kinds) await work(kind)
          return
        } catch (error) {
          log.warn({ err: error }, 'the job queue did not start; trying again')
          await delay(RETRY_MS, undefined, { signal: closing.signal }).catch(() => undefined)
        }
      }
    },

    /** Does nothing while a job of this kind and key waits or is under way. Rejects while the database is away. */
    async add(name: string, key: string, data: object): Promise<void> {
      await boss.send(name, data, { singletonKey: key })
    },

    async close(): Promise<void> {
      closing.abort()
      await boss
        .stop({ graceful: true, timeout: CLOSE_MS })
        .catch((error: unknown) => log.warn({ err: error }, 'the job queue did not stop in order'))
    },
  }
}
