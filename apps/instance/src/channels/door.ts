/** The way to channels and schedules: what the platform hands over, and what their settings ask. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { channelMessage, INSTANCE_HEADERS, PLATFORM_API, scheduledRun } from '@matrixos/shared'
import type { Settings } from '../env.ts'
import type { WriteAtomic } from '../files/atomic.ts'
import { readJson } from '../http/json-body.ts'
import { sendJson } from '../http/pages.ts'
import { problemOf } from '../http/problem.ts'
import type { Dispatch } from '../http/routes.ts'
import { describeError, describeRequest, type Log } from '../log.ts'
import { once } from '../once.ts'
import type { Report } from '../work-report.ts'
import type { AskChat } from './deciding.ts'

export interface ChannelsDoorOptions {
  settings: Settings
  root: string
  write: WriteAtomic
  /** With others that are at work. */
  share: (report: Report) => Report
  /** The chat. */
  ask: AskChat
  /** Of what the platform hands over, all else; `false`: nobody takes it. */
  takeOther: (request: IncomingMessage, path: string) => Promise<boolean>
  now: () => Date
  log: Log
}

const APIS = ['/api/channels', '/api/schedules']
/** Whoever opened this computer goes first. */
const AFTER_MS = 300
const LARGEST_BYTES = 262_144

/** The platform itself: no edge lets anybody else say so. */
export const isFromPlatform = ({ headers }: Pick<IncomingMessage, 'headers'>): boolean =>
  headers[INSTANCE_HEADERS.role] === 'platform' && headers[INSTANCE_HEADERS.app] === undefined

export function createChannelsDoor(options: ChannelsDoorOptions) {
  const { settings, log } = options
  let isOpened = false
  const open = once(async () => {
    const { openChannelsRoom } = await import('./room.ts')
    isOpened = true
    return openChannelsRoom(options)
  })
  const begin = () => void open().catch((error) => log('channels cannot be opened', describeError(error)))
  // The platform is to know what this home wants now, and what was begun is gone on with.
  const timer = settings.platform ? setTimeout(begin, AFTER_MS).unref() : undefined

  const dispatch: Dispatch = async (request, response, visitor, path) =>
    APIS.some((api) => path === api || path.startsWith(`${api}/`)) &&
    (await (await open()).dispatch(request, response, visitor, path))

  async function take(request: IncomingMessage, path: string): Promise<boolean> {
    if (request.method !== 'POST') return false
    if (await options.takeOther(request, path)) return true
    const room = await open()
    if (path === `${PLATFORM_API}/messages`)
      await room.takeMessage(await readJson(request, channelMessage, LARGEST_BYTES))
    else if (path === `${PLATFORM_API}/schedules`)
      await room.takeRun(await readJson(request, scheduledRun, LARGEST_BYTES))
    else return false
    return true
  }

  return {
    dispatch,
    /** Answers the platform once what it brings is safe. */
    async handOver(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
      try {
        const isTaken = await take(request, path)
        sendJson(
          response,
          isTaken ? 202 : 404,
          isTaken ? {} : { message: 'There is nothing at this address.' },
        )
      } catch (error) {
        const { status, problem } = problemOf(error)
        if (status >= 500) log('request failed', { ...describeRequest(request), ...describeError(error) })
        request.resume()
        sendJson(response, status, problem)
      }
    },
    async stop(): Promise<void> {
      clearTimeout(timer)
      if (isOpened) await (await open()).stop()
    },
  }
}
