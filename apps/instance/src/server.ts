/**
 * The listener. It is there, and `/health` with it, before anything else is loaded: the time from a request to a
 * sleeping computer to its answer is mostly this.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getBuiltinModule } from 'node:process'
import type { Duplex } from 'node:stream'
import { setImmediate as othersTurn } from 'node:timers/promises'
import { HEALTH_PATH, INSTANCE_HEADERS, SERVICE_HEADER_BYTES } from '@matrixos/shared'
import type { App, AppOptions } from './app.ts'
import { firstBoot } from './boot/first-boot.ts'
import type { Settings } from './env.ts'
import { describeError, describeRequest, type Log } from './log.ts'

export interface Instance {
  port: number
  /** Resolves to whether this was the first boot; rejects when the home cannot be prepared. */
  booted: Promise<boolean>
  stop(): Promise<void>
}

export interface InstanceOptions {
  settings: Settings
  web: string
  template: string
  now: () => Date
  log: Log
  /** Called when a request or a connection begins, and when it ends. Whoever asks after health does not use anything. */
  onUse?: () => void
}

const LIMITS = {
  /** Longer than the edge keeps an idle connection, so that it never sends a request into a closing one. */
  keepAliveTimeout: 150_000,
  /** A neighbour's page may set cookies for all of the instances' domain: they must not keep anybody out of here. */
  maxHeaderSize: SERVICE_HEADER_BYTES,
}

/** For requests that are under way at a stop. */
const CUT_AFTER_MS = 2_000

/** Resolves when it listens, which may be before first boot is complete: until then `/health` answers 503. */
export async function startInstance({
  settings,
  web,
  template,
  now,
  log,
  onUse = () => undefined,
}: InstanceOptions): Promise<Instance> {
  const { handle, displayName, home } = settings
  const bootedAt = now().toISOString()
  let healthy = false
  const booted = firstBoot({ home, template, words: { handle, displayName, now: bootedAt } })
  booted.then(
    () => {
      healthy = true
    },
    () => undefined,
  )
  /** `stream`: closes when it ends. */
  const uses = (stream: Duplex | ServerResponse) => {
    onUse()
    stream.once('close', onUse)
  }
  let app: Promise<App> | undefined
  const insides = () => {
    app ??= openApp(booted, { settings, web, now, log }).catch((error) => {
      // Too many files were open, for instance: the next request may find it otherwise.
      app = undefined
      throw error
    })
    return app
  }

  const server = createServer(LIMITS, (request, response) => {
    if (request.url === HEALTH_PATH && request.headers[INSTANCE_HEADERS.app] === undefined) {
      json(response, healthy ? 200 : 503, { status: healthy ? 'ok' : 'starting', handle, bootedAt })
      // Whoever asks after health sends a request next: the rest is loaded while the answer is on its way.
      if (healthy) setImmediate(() => insides().catch(() => undefined))
      return
    }
    uses(response)
    insides()
      .then((it) => it.handle(request, response))
      .catch((error) => {
        log('request failed', { ...describeRequest(request), ...describeError(error) })
        failed(response)
      })
  })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    stream.on('error', () => stream.destroy())
    uses(stream)
    insides()
      .then((it) => it.upgrade(request, stream, head))
      .catch((error) => {
        log('upgrade failed', { ...describeRequest(request), ...describeError(error) })
        stream.destroy()
      })
  })
  const port = await listen(server, settings)
  return {
    port,
    booted,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await (await app?.catch(() => undefined))?.stop()
      server.closeIdleConnections()
      // A download may have hours to go.
      const late = setTimeout(() => server.closeAllConnections(), CUT_AFTER_MS)
      await closed
      clearTimeout(late)
    },
  }
}

/** Without a pause, but piece by piece: as a whole it would keep whoever asks after health for as long as all of it takes. */
async function openApp(booted: Promise<boolean>, options: AppOptions): Promise<App> {
  await booted
  getBuiltinModule('node:crypto')
  await othersTurn()
  await import('./http/sockets.ts')
  await othersTurn()
  const { createApp } = await import('./app.ts')
  await othersTurn()
  return createApp(options)
}

function listen(server: Server, { host, port }: Pick<Settings, 'host' | 'port'>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => resolve((server.address() as AddressInfo).port))
  })
}

function failed(response: ServerResponse): void {
  if (response.headersSent) response.destroy()
  else json(response, 500, { message: 'Something went wrong inside this computer. Please try again.' })
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(body))
}
