/** What the gate's benchmark runs: people with many sessions, and load on one socket. */
import { readFileSync } from 'node:fs'
import { logIn, signUp, waitUntilRunning } from '@matrixos/client'
import { CHECK_REQUEST_HEADERS } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import autocannon from 'autocannon'
import type { Stack } from '../support/stack.ts'

/** A signed-in browser that was handed off to its person's instance. */
export interface BenchSession {
  client: PlatformClient
  /** Headers of the edge's question about it. */
  headers: Record<string, string>
}

/** One person with an awake instance, signed in to so many browsers, each handed off to it. */
export async function personWithSessions(
  stack: Stack,
  handle: string,
  sessions: number,
): Promise<BenchSession[]> {
  const authenticator = createAuthenticator()
  const first = stack.client()
  await signUp({ client: first, authenticator, handle })
  const { url } = await waitUntilRunning(first)
  const opened: BenchSession[] = []
  for (let i = 0; i < sessions; i++) {
    const client = i === 0 ? first : stack.client()
    if (i > 0) await logIn({ client, authenticator })
    await openInstance(client, url)
    const headers = {
      host: client.hosts.instanceHost(handle),
      cookie: client.browser.jar.header(new URL(url)),
      [CHECK_REQUEST_HEADERS.method]: 'GET',
      [CHECK_REQUEST_HEADERS.uri]: '/',
      [CHECK_REQUEST_HEADERS.upgrade]: '',
      'sec-fetch-site': 'same-origin',
      'sec-fetch-mode': 'cors',
    }
    opened.push({ client, headers })
  }
  return opened
}

export interface SocketLoad {
  perSecond: number
  /** Of the api's processor time: what one core of it answers. */
  perCpuSecond: number
  /** Cores that the api used. */
  cores: number
  p50Ms: number
  p99Ms: number
  /** Answers with another status, errors and timeouts. */
  failed: number
}

export interface SocketLoadOptions {
  socketPath: string
  /** Taken in turns. */
  requests: { path: string; headers: Record<string, string> }[]
  /** The status that every answer must have. */
  status: number
  /** The process that answers. */
  pid: number
  seconds: number
}

const CONNECTIONS = 32

export async function loadSocket(options: SocketLoadOptions): Promise<SocketLoad> {
  const { socketPath, requests, status, pid, seconds } = options
  const before = cpuSeconds(pid)
  const began = performance.now()
  const result = await autocannon({
    url: 'http://gate',
    socketPath,
    requests: requests.map(({ path, headers }) => ({ method: 'GET', path, headers })),
    connections: CONNECTIONS,
    duration: seconds,
  })
  const tookS = (performance.now() - began) / 1000
  const cpuS = cpuSeconds(pid) - before
  const answered = Object.values(result.statusCodeStats ?? {}).reduce((sum, { count = 0 }) => sum + count, 0)
  const right = result.statusCodeStats?.[`${status}`]?.count ?? 0
  return {
    perSecond: right / tookS,
    perCpuSecond: right / cpuS,
    cores: cpuS / tookS,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    failed: answered - right + result.errors + result.timeouts,
  }
}

const TICKS_PER_SECOND = 100

/** User and system time of a process, all its threads together (Linux). */
function cpuSeconds(pid: number): number {
  // The name of the process is in parentheses and may have spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}
