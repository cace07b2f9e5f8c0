/** Channels and schedules, wired: `config.json`, what the platform is told, the inbox, and the services. */
import { setTimeout as delay } from 'node:timers/promises'
import type { ChannelKind, ChannelMessage, ScheduledRun } from '@matrixos/shared'
import type { Settings } from '../env.ts'
import type { WriteAtomic } from '../files/atomic.ts'
import { PlainError } from '../files/plain-words.ts'
import type { Dispatch } from '../http/routes.ts'
import { createRouter } from '../http/routes.ts'
import { describeError, type Log } from '../log.ts'
import { scheduleRoutes } from '../schedules/routes.ts'
import type { Report } from '../work-report.ts'
import { createAnswering } from './answering.ts'
import { openConfigFile } from './config-file.ts'
import { type AskChat, createDecide } from './deciding.ts'
import { newEntry, openInbox } from './inbox.ts'
import { createPlatform } from './platform.ts'
import { channelRoutes } from './routes.ts'
import { createSender } from './sending.ts'
import { createServices } from './services/gateway.ts'
import type { Act } from './services/host-protocol.ts'
import { createSetUp, targetOf } from './set-up.ts'
import { openState } from './state.ts'

export interface ChannelsRoom {
  dispatch: Dispatch
  /** Resolves when it is on the disk. */
  takeMessage(message: ChannelMessage): Promise<void>
  takeRun(run: ScheduledRun): Promise<void>
  stop(): Promise<void>
}

export interface ChannelsRoomOptions {
  settings: Settings
  root: string
  write: WriteAtomic
  /** With others that are at work. */
  share?: (report: Report) => Report
  ask: AskChat
  now: () => Date
  log: Log
}

const FIRST_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 300_000
const GONE = 'That channel is not connected.'

export async function openChannelsRoom(options: ChannelsRoomOptions): Promise<ChannelsRoom> {
  const { settings, root, write, ask, now, log } = options
  const over = new AbortController()
  const settler = createSettler(() => setUp.settle(), over.signal, log)
  const file = openConfigFile({ root, write, onChange: () => void settler.settle().catch(() => undefined) })
  const state = openState(root, write)
  const inbox = openInbox(root)
  const platform = createPlatform(settings.platform)
  const services = createServices({ log })
  const roots = settings.services
  const setUp = createSetUp({ file, state, platform, services, roots, now, log })
  const config = file.effective
  const perform = async (kind: ChannelKind, act: Act) => {
    const target = targetOf(kind, config().channels, roots)
    if (!target) throw new PlainError(GONE)
    return services.perform(target, act)
  }
  const { remember } = setUp
  const note = async (kind: ChannelKind, words: string | null) =>
    void (await remember(kind, (memory) => ({
      ...{ ...memory, trouble: words === null ? null : { at: now().toISOString(), words } },
    })))
  const decide = createDecide({
    ...{ handle: settings.handle, ask, config, state: state.read, remember, perform, now },
    letIn: (kind, person) => changePeople(file, kind, (people) => [...people, person]),
    keepResult: async (schedule, result) =>
      void (await state.change((before) => ({
        ...{ ...before, results: { ...before.results, [schedule]: result } },
      }))),
  })
  const send = createSender({ inbox, config, perform, note, now })
  const answering = createAnswering({
    inbox,
    decide,
    send,
    report: options.share?.(platform.report) ?? platform.report,
    log,
  })
  await file.read()
  await answering.resume()
  if (settings.platform) void settler.settle().catch(() => undefined)

  const takeRun = (run: ScheduledRun) =>
    answering.take(newEntry({ kind: 'run', id: run.id, run }, now().getTime()))
  const shared = { file, state, platform, settle: settler.settle, now }
  const routes = [
    ...channelRoutes({ ...shared, perform, remember, hasPlatform: settings.platform !== null }),
    ...scheduleRoutes({ ...shared, takeRun }),
  ]
  return {
    dispatch: createRouter(routes, { settings, log }),
    takeRun,
    takeMessage: (message) =>
      answering.take(newEntry({ kind: 'message', id: message.id, message }, now().getTime())),
    async stop() {
      over.abort()
      file.close()
      await answering.stop()
      services.stop()
    },
  }
}

type People = { id: string; name: string }[]

/** In the file itself, with whatever else its owner wrote there. */
async function changePeople(
  file: Pick<ReturnType<typeof openConfigFile>, 'change' | 'effective'>,
  kind: ChannelKind,
  change: (people: People) => People,
): Promise<void> {
  await file.change((raw) => {
    const channels = Object(raw.channels)
    const people = change(file.effective().channels[kind]?.people ?? [])
    return { ...raw, channels: { ...channels, [kind]: { ...channels[kind], people } } }
  })
}

/** One at a time, once more for whoever asked meanwhile, and again for as long as the platform cannot be told. */
function createSettler(settle: () => Promise<void>, signal: AbortSignal, log: Log) {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let retryMs = FIRST_RETRY_MS
  let isRetrying = false

  async function again(): Promise<void> {
    if (isRetrying || signal.aborted) return
    isRetrying = true
    const wait = retryMs
    retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS)
    await delay(wait, undefined, { signal, ref: false }).catch(() => undefined)
    isRetrying = false
    if (!signal.aborted) await run().catch(() => undefined)
  }
  const run = (): Promise<void> => {
    if (running) {
      next ??= running
        .catch(() => undefined)
        .then(() => {
          next = undefined
          return run()
        })
      return next
    }
    running = settle()
      .then(
        () => {
          retryMs = FIRST_RETRY_MS
        },
        (error: unknown) => {
          log('channels are not settled', describeError(error))
          void again()
          throw error
        },
      )
      .finally(() => {
        running = undefined
      })
    return running
  }
  return { settle: run }
}
