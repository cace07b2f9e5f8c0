/** One edge between fakes, as each test of the contract starts it. */
import { hostsFrom } from '@matrixos/shared'
import { freePort } from '@matrixos/testing/free-port'
import type { EdgeDriver, EdgeOptions } from '../driver.ts'
import { LIMITS } from '../policy/limits.ts'
import { type Ask, fetchReply, open, openSocket, type Reply, type Socket } from './client.ts'
import { type FakePlatform, pass, startPlatform } from './gate.ts'
import { type Echo, type FakeInstance, startInstance } from './instance.ts'

/** Starts a driver that already serves when it resolves. `runDir` is a folder for sockets. */
export type StartEdge = (options: EdgeOptions & { runDir: string }) => Promise<EdgeDriver>

export interface Setup extends AsyncDisposable {
  options: EdgeOptions
  edge: EdgeDriver
  port: number
  platform: FakePlatform
  instance: FakeInstance
  open: (ask: Ask) => ReturnType<typeof open>
  fetch: (ask: Ask) => Promise<Reply>
  /** What the instance was sent. */
  echo: (ask?: Partial<Ask>) => Promise<Echo>
  socket: (headers?: Record<string, string>) => Promise<Socket>
}

export const ALICE = 'alice.localhost'

export interface SetupOptions extends Partial<Pick<EdgeOptions, 'trustedProxies' | 'limits'>> {
  /** Default: plain HTTP at the edge's own port of localhost. `PORT` in it stands for that port. */
  publicUrl?: string
  instanceDomain?: string
  /** One person's own computer. */
  single?: boolean
  /** The instance stands in for it. */
  hasHomeserver?: boolean
}

export async function setUp(
  start: StartEdge,
  {
    publicUrl = 'http://localhost:PORT',
    instanceDomain,
    single = false,
    hasHomeserver = false,
    trustedProxies = [],
    limits = LIMITS,
  }: SetupOptions = {},
): Promise<Setup> {
  const platform = await startPlatform()
  const instance = await startInstance()
  platform.decide = () => pass(instance.address, { user: 'alice' })
  const port = await freePort()
  const hosts = hostsFrom({
    PUBLIC_URL: publicUrl.replace('PORT', String(port)),
    INSTANCE_DOMAIN: instanceDomain,
    SINGLE: single,
  })
  const { sockets, runDir } = platform
  const options: EdgeOptions = { hosts, sockets, listen: `127.0.0.1:${port}`, trustedProxies, limits }
  if (hasHomeserver) options.homeserver = instance.address
  const edge = await start({ ...options, runDir })
  const fetch = (ask: Ask) => fetchReply(port, ask)
  return {
    options,
    edge,
    port,
    platform,
    instance,
    open: (ask) => open(port, ask),
    fetch,
    echo: async (ask = {}) => JSON.parse((await fetch({ host: ALICE, ...ask })).text),
    socket: (headers) => openSocket(port, ALICE, headers),
    [Symbol.asyncDispose]: async () => {
      await edge.close()
      await instance[Symbol.asyncDispose]()
      await platform[Symbol.asyncDispose]()
    },
  }
}
