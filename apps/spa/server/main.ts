/** Serves the built pages on a unix socket (or a port) until the supervisor leaves or a signal comes. */
import { randomBytes } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAdaptorServer } from '@hono/node-server'
import { answerPings } from '@matrixos/host/answer-pings'
import { SERVICE_HEADER_BYTES } from '@matrixos/shared'
import { createSpaApp } from './app.ts'
import { createAskApi } from './ask-api.ts'
import { loadAssets } from './assets.ts'
import { readEnv } from './env.ts'
import { createPreviews } from './previews.ts'
import { createWellKnown } from './well-known.ts'

const env = readEnv()
const ask = createAskApi({ socketPath: env.apiSocket, host: new URL(env.hosts.apiOrigin).host })
const app = createSpaApp({
  assets: loadAssets(fileURLToPath(new URL('../dist', import.meta.url))),
  hosts: env.hosts,
  isSingle: env.isSingle,
  wellKnown: createWellKnown(env),
  // One person alone shows nobody anything of this.
  previewOf: env.isSingle ? async () => 'unknown' : createPreviews({ ask, hosts: env.hosts }),
  nonce: () => randomBytes(16).toString('base64url'),
})
const server = createAdaptorServer({
  fetch: app.fetch,
  serverOptions: { maxHeaderSize: SERVICE_HEADER_BYTES },
})

if ('path' in env.listen) {
  mkdirSync(dirname(env.listen.path), { recursive: true })
  // A socket file outlives a killed process and would refuse the new one.
  rmSync(env.listen.path, { force: true })
}
answerPings()
server.listen(env.listen, () => process.send?.({ type: 'ready' }))

function stop() {
  server.close(() => process.exit(0))
  if ('closeIdleConnections' in server) server.closeIdleConnections()
  // A client that keeps reading may not hold the whole platform back.
  setTimeout(() => process.exit(0), 2000).unref()
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
process.once('disconnect', stop)
