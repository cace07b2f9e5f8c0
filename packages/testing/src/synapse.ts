/** A homeserver of a test's own: Synapse with a database in a file, closed to everybody and to the network. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { synapseBinary } from '@matrixos/host/synapse/binary'
import { homeserverConfigOf, LOG_CONFIG, registrationOf } from '@matrixos/host/synapse/config'
import { freePort } from './free-port.ts'
import { until } from './until.ts'

export interface SynapseOptions {
  serverName: string
  /** Where it hands events over. */
  eventsUrl: string
  /** Address that it listens on, for containers. */
  host?: string
}

export interface Synapse extends AsyncDisposable {
  url: string
  port: number
  asToken: string
  hsToken: string
  /** Its SQLite file. */
  databaseFile: string
  /** `kill -9`. */
  kill: () => Promise<void>
  /** After `kill`. Resolves when it answers. */
  start: () => Promise<void>
  log: () => string
}

const START_MS = 90_000
const token = () => randomBytes(24).toString('hex')

/** As Synapse makes it with `--generate-keys`, which takes it seconds: the seed of an Ed25519 key, unpadded. */
const signingKey = () => `ed25519 a_test ${randomBytes(32).toString('base64').replace(/=+$/, '')}\n`

export async function startSynapse(options: SynapseOptions): Promise<Synapse> {
  const { serverName, eventsUrl, host = '127.0.0.1' } = options
  const binary = synapseBinary()
  if (!binary) throw new Error('Synapse is missing: npm run setup:real installs it.')
  await using started = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'mos-synapse-'))
  started.defer(() => rmSync(folder, { recursive: true, force: true }))
  const port = await freePort()
  const url = `http://${host}:${port}`
  const [asToken, hsToken] = [token(), token()]
  const databaseFile = join(folder, 'homeserver.db')
  const write = (name: string, content: object) => {
    const file = join(folder, name)
    writeFileSync(file, JSON.stringify(content), { mode: 0o600 })
    return file
  }
  write('log.yaml', LOG_CONFIG)
  const registrationFile = write(
    'registration.yaml',
    registrationOf({ serverName, eventsUrl, asToken, hsToken }),
  )
  const config = write('homeserver.yaml', {
    ...homeserverConfigOf({
      ...{ serverName, folder, registrationFile, federates: false, publicUrl: url, listen: { host, port } },
      database: { name: 'sqlite3', args: { database: databaseFile } },
      secrets: { macaroon: token(), form: token() },
    }),
    // A test's own clients sign in a lot.
    rc_login: { address: BRISK, account: BRISK, failed_attempts: BRISK },
    rc_message: BRISK,
  })
  writeFileSync(join(folder, 'signing.key'), signingKey(), { mode: 0o600 })

  let log = ''
  let child: ChildProcess | null = null
  const start = async () => {
    const server = spawn(binary, ['-c', config], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    server.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString()
    })
    child = server
    const answers = async () => {
      if (server.exitCode !== null) throw new Error(`Synapse ended with ${server.exitCode}:\n${log}`)
      return (await fetch(`${url}/_matrix/client/versions`).catch(() => null))?.ok
    }
    await until('Synapse answers', answers, START_MS)
  }
  const kill = async () => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  started.defer(kill)
  await start()
  const all = started.move()
  return {
    ...{ url, port, asToken, hsToken, databaseFile, kill, start, log: () => log },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

const BRISK = { per_second: 1000, burst_count: 1000 }
