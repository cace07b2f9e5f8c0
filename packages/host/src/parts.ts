/** Finds the real parts (Docker, Caddy, PostgreSQL, Chromium) on this machine; installs nothing. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect } from 'node:net'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { findCaddy } from './caddy/binary.ts'
import { type Environment, environment } from './env.ts'

export const cacheDir = (env: Environment = environment): string =>
  join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'matrixos')

/** Full path of a program, by the PATH. */
export function findOnPath(name: string, env: Environment = environment): string | null {
  const candidates = (env.PATH ?? '').split(delimiter).map((dir) => join(dir, name))
  return candidates.find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Whether a Docker Engine answers at DOCKER_HOST, or at its usual socket. */
export const dockerAvailable = (env: Environment = environment): Promise<boolean> => dockerHas('/_ping', env)

/** Whether an image of this name is at that engine. */
export const dockerHasImage = (name: string, env: Environment = environment): Promise<boolean> =>
  dockerHas(`/images/${name}/json`, env)

/** Whether that engine can run containers with a runtime of this name. */
export async function dockerHasRuntime(name: string, env: Environment = environment): Promise<boolean> {
  const answer = await askDocker('/info', env)
  const info: { Runtimes?: Record<string, unknown> } = answer?.status === 200 ? JSON.parse(answer.body) : {}
  return info.Runtimes?.[name] !== undefined
}

const dockerHas = async (path: string, env: Environment): Promise<boolean> =>
  (await askDocker(path, env))?.status === 200

/** `null`: no engine answers. */
function askDocker(path: string, env: Environment): Promise<{ status: number; body: string } | null> {
  const host = env.DOCKER_HOST || 'unix:///var/run/docker.sock'
  const target = host.startsWith('unix://')
    ? { socketPath: host.slice('unix://'.length) }
    : { host: new URL(host).hostname, port: Number(new URL(host).port || 2375) }
  return new Promise((done) => {
    const ask = request({ ...target, path, timeout: 5000 }, async (answer) => {
      done({ status: answer.statusCode ?? 0, body: await text(answer).catch(() => '') })
    })
    ask.on('timeout', () => ask.destroy())
    ask.on('error', () => done(null))
    ask.end()
  })
}

/** Path of schemathesis: SCHEMATHESIS_BIN, the one `npm run setup:real` installed, or the PATH's. */
export function schemathesisBinary(env: Environment = environment): string | null {
  const installed = join(cacheDir(env), 'schemathesis/bin/schemathesis')
  return env.SCHEMATHESIS_BIN || (isExecutable(installed) ? installed : findOnPath('schemathesis'))
}

/** Path of a Caddy that is new enough: CADDY_BIN, the one `npm run setup:real` built, or the PATH's. */
export async function caddyBinary(env: Environment = environment): Promise<string | null> {
  try {
    return requireCaddy(env)
  } catch {
    return null
  }
}

/** The same; throws an Error that says what is wrong. */
export function requireCaddy(env: Environment = environment): string {
  const built = join(cacheDir(env), 'bin', 'caddy')
  const binary = env.CADDY_BIN || (isExecutable(built) ? built : undefined)
  return findCaddy({ binary, path: env.PATH })
}

/** The file in which `npm run setup:real` keeps the URL of the database that it made. */
export const postgresUrlFile = (env: Environment = environment): string => join(cacheDir(env), 'postgres-url')

/** URL of a PostgreSQL whose port answers and whose role may create databases, or `null`. */
export async function postgresUrl(env: Environment = environment): Promise<string | null> {
  const file = postgresUrlFile(env)
  const url = env.TEST_DATABASE_URL || (existsSync(file) ? readFileSync(file, 'utf8').trim() : '')
  if (!URL.canParse(url)) return null
  return (await portAnswers(new URL(url).hostname, Number(new URL(url).port || 5432))) ? url : null
}

export function portAnswers(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 3000 })
    const end = (answer: boolean) => {
      socket.destroy()
      done(answer)
    }
    socket.on('connect', () => end(true))
    socket.on('timeout', () => end(false))
    socket.on('error', () => end(false))
  })
}

const CHROMIUM_PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * Path of a Chromium or Chrome: CHROMIUM_BIN, the PATH's, or where macOS keeps it. The shell without windows is preferred:
 * the same engine, for half the CPU time.
 */
export function chromiumPath(env: Environment = environment): string | null {
  const names = [
    ...['chromium-headless-shell', 'chromium', 'chromium-browser'],
    ...['google-chrome', 'google-chrome-stable'],
  ]
  const candidates = [env.CHROMIUM_BIN, ...names.map((name) => findOnPath(name, env)), ...CHROMIUM_PLACES]
  return candidates.find((path) => path && isExecutable(path)) ?? null
}
