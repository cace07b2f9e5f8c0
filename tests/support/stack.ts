/** A whole platform of its own for a test: the project's supervisor, its own port, folder, database and network. */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { caddyBinary } from '@matrixos/host/parts'
import { ROOT } from '@matrixos/host/root'
import type { Hosts } from '@matrixos/shared'
import { type Browser, createBrowser } from '@matrixos/testing/browser'
import type { CookieJar } from '@matrixos/testing/cookie-jar'
import { freePort } from '@matrixos/testing/free-port'
import { createPlatformClient, type PlatformClient } from '@matrixos/testing/platform-client'
import { findProcesses } from '@matrixos/testing/processes'
import type { PartName } from '@matrixos/testing/required-parts'
import { until } from '@matrixos/testing/until'
import { prepareDatabase } from '../../apps/api/src/drivers/database/testing/prepared.ts'
import { freeSubnet } from '../../apps/api/src/drivers/runtime/testing/free-subnet.ts'
import { bundleOf } from '../../apps/supervisor/src/build/programs.ts'
import { NODE_FLAGS } from '../../apps/supervisor/src/part-list.ts'
import { type Platform, readPlatform } from '../../apps/supervisor/src/platform-file.ts'
import { DOMAINS, type Domains, hostsAt, usesTls } from './domains.ts'
import { createTestDatabase } from './test-database.ts'
import { engine, removeTestContainers, testContainers } from './test-engine.ts'
import { unmountBelow } from './unmount.ts'

interface NamedStack extends StackOptions {
  name: string
  /** What it needs on this machine. */
  needs: PartName[]
}

const REAL: PartName[] = ['docker', 'caddy', 'postgres']

/** Both ways to run. */
export const STACKS: NamedStack[] = [
  { name: 'embedded', parts: 'embedded', needs: [] },
  { name: 'real', parts: 'real', needs: REAL },
]

/** The same with a domain of their own for instances. */
export const TWO_DOMAIN_STACKS: NamedStack[] = [
  { name: 'embedded-two-domains', parts: 'embedded', domains: DOMAINS.localhostTwo, needs: [] },
  { name: 'real-two-domains', parts: 'real', domains: DOMAINS.two, needs: REAL },
]

/** Programs other than browsers do not know this suffix, or refuse its certificate. */
export const SUFFIX_STACK: NamedStack = {
  ...{ name: 'caddy-suffix', parts: 'caddy', domains: DOMAINS.suffix, needs: ['caddy'] },
}

export interface StackOptions {
  /** `caddy`: the defaults behind Caddy. `real`: Docker, Caddy and PostgreSQL. */
  parts: 'embedded' | 'caddy' | 'real'
  /** Names with TLS need Caddy. */
  domains?: Domains
  /** One person's own computer instead of a platform. */
  single?: boolean
  /** Added to every part's environment. */
  env?: Record<string, string>
  /** A replica of this one: the same data, database, engine and URL, a listener and a RUN_DIR of its own. */
  beside?: Stack
}

export interface Stack {
  /** Prefix of its containers. */
  name: string
  url: string
  hosts: Hosts
  dataDir: string
  runDir: string
  /** Of its PostgreSQL, where it has one. */
  databaseUrl: string | undefined
  /** The environment that places it; a replica gets the same. */
  place: Record<string, string>
  platform: () => Platform
  /** A new browser-like client with cookies of its own, or with those of `jar`. */
  client: (jar?: CookieJar) => PlatformClient
  /** SIGKILLs a part; the supervisor starts it again. Resolves when the new one is ready. */
  kill: (part: 'api' | 'ai' | 'model' | 'edge' | 'spa' | 'caddy') => Promise<void>
  /** Stops all of it, as an operator does, and starts it again. */
  restart: () => Promise<void>
  /** Containers or processes of this handle, whatever state they are in. */
  instancesOf: (handle: string) => Promise<number>
  /** Names the run of an instance, another one after each start; empty while it does not run. */
  runOf: (handle: string) => Promise<string>
  /** SIGKILLs an instance itself. */
  crash: (handle: string) => Promise<void>
  /** Everything the platform has printed. */
  log: () => string
  [Symbol.asyncDispose]: () => Promise<void>
}

const START_TIMEOUT_MS = 90_000
const STOP_TIMEOUT_MS = 30_000

export async function bootStack(options: StackOptions): Promise<Stack> {
  const { parts, single = false, env = {}, beside } = options
  const domains: Domains = options.domains ?? DOMAINS.localhost
  const name = beside?.name ?? `t${randomBytes(4).toString('hex')}`
  const dataDir = beside?.dataDir ?? mkdtempSync(join(tmpdir(), 'mos-'))
  const runDir = beside ? mkdtempSync(join(tmpdir(), 'mos-run-')) : join(dataDir, 'run')
  const port = await freePort()
  const hosts = beside?.hosts ?? hostsAt(domains, port, single)
  const url = hosts.landingOrigin
  const database = parts === 'real' && !beside ? await createTestDatabase(`matrixos_${name}`) : null
  if (!beside && parts !== 'real') await prepareDatabase(join(dataDir, 'database'))
  const place = beside?.place ?? {
    ...(await partsEnvironment(parts, name, database?.url)),
    // Instances' network is its own where it has Docker, and then so is the address there.
    ...(parts !== 'real' && { AI_PROXY_LISTEN: `127.0.0.1:${await freePort()}` }),
    ...domainEnvironment(domains, url),
    ...(single && { SINGLE: '1' }),
  }
  const own = {
    ...{ DATA_DIR: dataDir, RUN_DIR: runDir, EDGE_LISTEN: `127.0.0.1:${port}` },
    DELETION_GRACE_DAYS: '0',
  }
  let log = ''
  const keep = (chunk: Buffer) => {
    log += chunk.toString()
  }
  const start = (): ChildProcess => {
    const started = spawn(process.execPath, [...NODE_FLAGS, join(ROOT, bundleOf('supervisor'))], {
      cwd: ROOT,
      env: { ...bareEnvironment(), ...place, ...own, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    started.stdout?.on('data', keep)
    started.stderr?.on('data', keep)
    return started
  }
  let child = start()

  const platform = () => {
    const found = readPlatform(runDir)
    if (!found) throw new Error(`The platform is not running:\n${log}`)
    return found
  }
  /** How clients in this process reach it. Caddy's own authority is made at its first start. */
  const network = () => {
    const connectTo = `127.0.0.1:${port}`
    const file = join(dataDir, 'caddy/caddy/pki/authorities/local/root.crt')
    return { connectTo, ...(usesTls(domains) && existsSync(file) && { ca: readFileSync(file, 'utf8') }) }
  }
  const browsers: Pick<Browser, 'close'>[] = []
  const dispose = async () => {
    await Promise.all(browsers.map((browser) => browser.close()))
    await stop(child)
    if (beside) return rmSync(runDir, { recursive: true, force: true })
    if (parts === 'real') await removeTestContainers(name)
    unmountBelow(dataDir)
    await database?.drop()
    rmSync(dataDir, { recursive: true, force: true })
  }
  const isUp = async () => {
    if (child.exitCode !== null) throw new Error(`The platform ended with code ${child.exitCode}:\n${log}`)
    const probe = createBrowser(network())
    // One person's own computer lets nobody in who is not signed in.
    const front = single ? `${hosts.appOrigin}/login` : url
    const addresses = [front, `${hosts.apiOrigin}/trpc/stats.public`]
    const answers = await Promise.all(addresses.map((address) => probe.fetch(address).catch(() => null)))
    await probe.close()
    return answers.every((answer) => answer?.status === 200)
  }
  await until('the platform is up', isUp, START_TIMEOUT_MS).catch(async (error: unknown) => {
    await dispose()
    throw new Error(`${error instanceof Error ? error.message : error}\n${log}`)
  })

  return {
    name,
    url,
    hosts,
    dataDir,
    runDir,
    databaseUrl: database?.url ?? beside?.databaseUrl,
    place,
    platform,
    client: (jar) => {
      const { instanceDomain } = domains
      const client = createPlatformClient({
        publicUrl: url,
        ...(instanceDomain && { instanceDomain }),
        ...(single && { single }),
        ...(jar && { jar }),
        ...network(),
      })
      browsers.push(client)
      return client
    },
    kill: async (part) => {
      const pid = platform().parts[part]
      if (pid === undefined) throw new Error(`${part} is not running.`)
      process.kill(pid, 'SIGKILL')
      await until(
        `${part} runs again`,
        async () => (platform().parts[part] ?? pid) !== pid && (await isUp()),
        30_000,
      )
    },
    restart: async () => {
      await stop(child)
      child = start()
      await until('the platform is up again', isUp, START_TIMEOUT_MS)
    },
    instancesOf: async (handle) =>
      parts === 'real'
        ? (await testContainers(name)).filter(({ Names }) => Names.includes(`/${name}-${handle}`)).length
        : findProcesses(`MATRIX_HANDLE=${handle}`, dataDir).length,
    runOf: async (handle) => {
      if (parts !== 'real') return findProcesses(`MATRIX_HANDLE=${handle}`, dataDir).join()
      const { State } = await engine().getContainer(`${name}-${handle}`).inspect()
      return State.Running ? State.StartedAt : ''
    },
    crash: async (handle) => {
      if (parts === 'real') return void (await engine().getContainer(`${name}-${handle}`).kill())
      for (const pid of findProcesses(`MATRIX_HANDLE=${handle}`, dataDir)) process.kill(pid, 'SIGKILL')
    },
    log: () => log,
    [Symbol.asyncDispose]: dispose,
  }
}

function domainEnvironment(domains: Domains, publicUrl: string): Record<string, string> {
  return {
    PUBLIC_URL: publicUrl,
    ...(domains.instanceDomain && { INSTANCE_DOMAIN: domains.instanceDomain }),
    ...(usesTls(domains) && { EDGE_TLS: 'internal' }),
  }
}

async function partsEnvironment(parts: StackOptions['parts'], name: string, databaseUrl?: string) {
  if (parts === 'embedded') return {}
  const caddy = await caddyBinary()
  const edge = { EDGE_DRIVER: 'caddy', ...(caddy && { CADDY_BIN: caddy }) }
  if (!databaseUrl) return edge
  // A network of its own: two stacks on one engine must not share names or addresses.
  return {
    ...edge,
    RUNTIME: 'docker',
    DATABASE_URL: databaseUrl,
    DOCKER_NETWORK: `matrixos-${name}`,
    DOCKER_CONTAINER_PREFIX: `${name}-`,
    DOCKER_SUBNET: await freeSubnet(20),
    // Its table would outlive the test; services that stand in for others listen on this machine.
    INSTANCE_FIREWALL: 'off',
    // Containers of its own with each start; where it is tested, a test asks for it.
    ISOLATION_TEST_S: 'never',
  }
}

/** What a test's own surroundings set must not decide how the platform runs. */
function bareEnvironment(): Record<string, string> {
  const names = ['PATH', 'HOME', 'LANG', 'XDG_CACHE_HOME', 'TMPDIR', 'DOCKER_HOST', 'NODE_COMPILE_CACHE']
  return {
    ...Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
    // `npm test` has built all of it just now: to look again takes each start 5 s.
    ...(process.env.MATRIXOS_TESTS_BUILT === '1' && { MATRIXOS_PREBUILT: '1' }),
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
  await ended
  clearTimeout(force)
}
