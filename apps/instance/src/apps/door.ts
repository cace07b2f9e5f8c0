/** The way to the apps, of which nothing is loaded before somebody comes. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { describeError, describeRequest } from '../log.ts'
import { appOf } from './guest.ts'
import type { AppsModule, AppsModuleOptions } from './module.ts'

/** What each app may spend is nobody's but its owner's to see: below the home. */
export const BOOKS_FILES = ['system/apps.json', 'system/apps.damaged.json']

/** What the page may show in frames, as a policy says it: no part of a label can be left open. */
export const framesOf = (originPattern: string | null): string | null =>
  originPattern?.replace(/\/\/[^.]*\{app\}[^.]*\./, '//*.') ?? null

export interface AppsDoor {
  open(): Promise<AppsModule>
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void
  stop(): Promise<void>
}

export function createAppsDoor(options: AppsModuleOptions): AppsDoor {
  let opened: Promise<AppsModule> | undefined
  const open = () => {
    opened ??= import('./module.ts').then(
      ({ openApps }) => openApps(options),
      (error) => {
        opened = undefined
        throw error
      },
    )
    return opened
  }
  return {
    open,
    async handle(request, response) {
      await (await open()).handle(request, response, appOf(request) ?? '')
    },
    upgrade(request, stream, head) {
      open()
        .then((apps) => apps.upgrade(request, stream, head, appOf(request) ?? ''))
        .catch((error) => {
          options.log('app upgrade failed', { ...describeRequest(request), ...describeError(error) })
          stream.destroy()
        })
    },
    stop: async () => (await opened?.catch(() => undefined))?.stop(),
  }
}
