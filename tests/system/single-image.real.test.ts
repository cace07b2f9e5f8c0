/**
 * One person's own computer as deploy/compose.single.yaml runs it: the image, with the file's own settings, claimed by
 * whoever reads its log, with a terminal, AI on a key of one's own, and everything kept over a restart.
 */

import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, statfsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { signUp, waitUntilRunning } from '@matrixos/client'
import { ROOT } from '@matrixos/host/root'
import { FULL_IMAGE_BASE } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { freePort } from '@matrixos/testing/free-port'
import { createPlatformClient, openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import type { Container, Network } from 'dockerode'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { freeSubnet } from '../../apps/api/src/drivers/runtime/testing/free-subnet.ts'
import { REQUEST_HEADER } from '../../apps/instance/src/protocol.ts'
import { startScriptedModel } from '../../apps/scripted-model/src/server.ts'
import { claimCode, codesPrinted } from '../support/claim.ts'
import { containerOf, networksOf, readCompose } from '../support/compose.ts'
import { runIn } from '../support/inside.ts'
import { engine } from '../support/test-engine.ts'

const BUILD_MS = 600_000
const START_MS = 120_000
const MEMORY = '/dev/shm'
const CONTEXT_BYTES = 1024 ** 3
const KEY = 'sk-ant-of-her-own'
/** The image's own check, without half a minute between two of them. */
const OFTEN = { Healthcheck: { Interval: 3e9 } }
const PROGRAM = ['/opt/matrixos/node_modules/.bin/node', '--input-type=module', '-e']

/** Asks as a program on the computer does: with what the instance's own environment has. */
const ASK = `
  import { readdirSync, readFileSync } from 'node:fs'
  const all = readdirSync('/proc').filter((name) => /^\\d+$/.test(name)).flatMap((pid) => {
    try { return [Object.fromEntries(readFileSync('/proc/' + pid + '/environ', 'utf8').split('\\0').map((line) => line.split(/=(.*)/s)))] } catch { return [] }
  })
  const env = all.find((one) => one.MATRIX_HANDLE === 'ada' && one.ANTHROPIC_API_KEY)
  const answer = await fetch(env.ANTHROPIC_BASE_URL + '/v1/messages', {
    method: 'POST',
    headers: { 'x-api-key': env.ANTHROPIC_API_KEY, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 200, messages: [{ role: 'user', content: 'Hello' }] }),
  })
  process.stdout.write(JSON.stringify({ status: answer.status, headers: Object.fromEntries(answer.headers), text: await answer.text() }))`

/** Where there is room: tens of thousands of small files, which a disk is long to take and to forget. */
function inMemory(): { TMPDIR?: string } {
  if (!existsSync(MEMORY)) return {}
  const { bavail, bsize } = statfsSync(MEMORY)
  return bavail * bsize > 4 * CONTEXT_BYTES ? { TMPDIR: MEMORY } : {}
}

describeReal(['docker', 'debian'], 'one person alone, in one container', () => {
  const name = `t${randomBytes(4).toString('hex')}`
  const image = `${name}-single:latest`
  let port = 0
  let url = ''
  let network: Network
  let container: Container
  let provider: Awaited<ReturnType<typeof startScriptedModel>>
  let owner: PlatformClient
  const clients: PlatformClient[] = []

  function client(): PlatformClient {
    const made = createPlatformClient({ publicUrl: url, single: true, connectTo: `127.0.0.1:${port}` })
    clients.push(made)
    return made
  }
  const logged = async (): Promise<string> => {
    const raw = await container.logs({ stdout: true, stderr: true, follow: false })
    return raw.toString('utf8')
  }
  const isHealthy = async () => (await container.inspect()).State.Health?.Status === 'healthy'
  const isServed = () =>
    client()
      .trpc.stats.public.query()
      .then(
        () => true,
        () => false,
      )

  beforeAll(async () => {
    const args = [join(ROOT, 'scripts/single-image.ts'), '--base', FULL_IMAGE_BASE, '--tag', image]
    const env = { ...process.env, ...inMemory() }
    await promisify(execFile)(process.execPath, args, { env, maxBuffer: 64 * 1_048_576 })
    port = await freePort()
    const subnet = (await freeSubnet(24)).replace('.0/24', '')
    url = `http://localhost:${port}`
    const file = readCompose('deploy/compose.single.yaml', { PUBLIC_URL: url }, (source) =>
      source
        .replaceAll('10.89.77.', `${subnet}.`)
        .replaceAll('127.0.0.1:8080:', `127.0.0.1:${port}:`)
        .replaceAll(/: matrixos-single(:latest)?(?=$|-|\n)/gm, (_, tag) => `: ${name}-single${tag ?? ''}`),
    )
    for (const options of networksOf(file)) network = await engine().createNetwork(options)
    provider = await startScriptedModel({ listen: { host: `${subnet}.1`, port: 0 }, apiKey: KEY })
    const options = containerOf(file)
    const Env = [...(options.Env ?? []), `ANTHROPIC_UPSTREAM=${provider.url}`]
    container = await engine().createContainer({ ...options, Env, ...OFTEN })
    await container.start()
    await until('it serves', isServed, START_MS).catch(async (error: unknown) => {
      throw new Error(`${String(error)}\n${await logged()}`)
    })
    owner = client()
  }, BUILD_MS)
  afterAll(async () => {
    for (const one of clients) await one.close()
    await container?.remove({ force: true })
    await provider?.close()
    await network?.remove().catch(() => undefined)
    for (const volume of [`${name}-single`, `${name}-single-certificates`])
      await engine()
        .getVolume(volume)
        .remove({ force: true })
        .catch(() => undefined)
    await engine()
      .getImage(image)
      .remove({ force: true })
      .catch(() => undefined)
  }, BUILD_MS)

  it('has walls around it', async () => {
    const { HostConfig, Config } = await container.inspect()
    expect(HostConfig).toMatchObject({
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      PidsLimit: 1024,
      Privileged: false,
    })
    expect(Config.User).toBe('10001:10001')
    const status = await runIn(container, ['/bin/sh', '-c', 'grep -E "^(CapEff|NoNewPrivs):" /proc/1/status'])
    expect(status.replaceAll(/\s+/g, ' ')).toBe('CapEff: 0000000000000000 NoNewPrivs: 1')
    const writing = await runIn(container, [
      '/bin/sh',
      '-c',
      'echo x > /opt/matrixos/x; echo x > /usr/x; echo y > /tmp/y; cat /tmp/y',
    ])
    expect(writing).toMatch(/ead-only[\s\S]*ead-only[\s\S]*\ny$/)
  })

  it('gives a stranger nothing, and nobody who guesses', async () => {
    const stranger = client()
    for (const path of ['/', '/api/me', '/api/files/list?path=', '/ws/terminal'])
      expect((await stranger.browser.fetch(`${url}${path}`)).status).toBe(404)
    const guess = { handle: 'mallory', invite: '0000-0000-0000-0000-0000-0000' }
    await expect(stranger.trpc.auth.registerPasskeyOptions.mutate(guess)).rejects.toThrow(/not the code/)
    expect(await stranger.trpc.stats.public.query()).toMatchObject({ instances: 0, signUp: 'invite' })
  })

  it('is claimed with the code from its log, and has a terminal', async () => {
    const log = await logged()
    const invite = claimCode({ log: () => log })
    await signUp({ client: owner, authenticator: createAuthenticator(), handle: 'ada', invite })
    await waitUntilRunning(owner, START_MS)
    await openInstance(owner, url, START_MS)
    const me = await (await owner.browser.fetch(`${url}/api/me`)).json()
    expect(me).toMatchObject({ handle: 'ada', terminal: 'pty' })
    expect((await client().browser.fetch(`${url}/api/me`)).status).toBe(401)
  })

  it('answers by a demonstration that says how to get more, then by the provider on a key of one’s own', async () => {
    const ask = async () => JSON.parse(await runIn(container, [...PROGRAM, ASK]))
    const shown = await ask()
    expect(shown.status).toBe(200)
    expect(shown.text).toContain('add a key of your own in Settings')
    expect(Object.keys(shown.headers)).not.toContain('x-credits-remaining-usd')
    await owner.trpc.quota.setOwnKey.mutate({ provider: 'anthropic', key: KEY })
    const before = provider.received()
    const own = await until('the key counts', async () => {
      const answer = await ask()
      return 'x-credits-cost-usd' in answer.headers && answer
    })
    expect(own.status).toBe(200)
    expect(provider.received()).toBeGreaterThan(before)
    const { calls } = await owner.trpc.quota.calls.query({})
    expect(calls[0]?.payer).toBe('own')
  })

  it('keeps owner, home and key over a restart, and prints no code any more', async () => {
    const headers = { origin: url, [REQUEST_HEADER]: '1', 'if-none-match': '*' }
    const note = `${url}/api/files/content?path=note.txt`
    const put = await owner.browser.fetch(note, { method: 'PUT', headers, body: 'Only mine.' })
    expect(put.ok).toBe(true)
    const before = await logged()
    await container.restart()
    await until('it serves again', isServed, START_MS)
    await openInstance(owner, url, START_MS)
    expect(await (await owner.browser.fetch(note)).text()).toBe('Only mine.')
    const after = await logged()
    expect(codesPrinted({ log: () => after })).toBe(codesPrinted({ log: () => before }))
    expect((await owner.trpc.quota.credits.query()).ownKeys).toHaveLength(1)
    expect((await client().trpc.stats.public.query()).signUp).toBe('closed')
    const again = { handle: 'mallory', invite: claimCode({ log: () => after }) }
    await expect(client().trpc.auth.registerPasskeyOptions.mutate(again)).rejects.toThrow(/cannot be created/)
  })

  it('lets its operator export, and calls itself healthy', async () => {
    const size = await runIn(container, ['/bin/sh', '-c', 'matrixos-admin export ada - | wc -c'])
    expect(Number(size.split('\n').at(-1))).toBeGreaterThan(100)
    await until('it is healthy', isHealthy, START_MS)
  })
})
