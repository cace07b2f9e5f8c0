/** What keeps a computer awake: each kind of use alone, for three times as long as one that nobody uses stays awake. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { signUp } from '@matrixos/client'
import { HOME_FOLDER } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { findProcesses } from '@matrixos/testing/processes'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openNotes } from '../../apps/instance/src/testing/notes.ts'
import { containerOf, runInside } from '../support/inside.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

const IDLE_LIMIT_S = '4'
const IDLE_TIMES = 3
const SHORT = { IDLE_LIMIT_S, IN_FLIGHT_INTERVAL_MS: '200', RESYNC_S: '0.5', PASS_S: '1' }
/** More than all the buffers between an instance and somebody who reads slowly. */
const DOWNLOAD_BYTES = 64 * 1024 * 1024

const TICKING = `require('http').createServer((_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('data: open\\n\\n')
  setInterval(() => response.write(': tick\\n\\n'), 500)
}).listen(process.env.PORT)`

/** Begins an answer that falls silent, and waits until it is told that it is over. */
const CALLING = `
import { existsSync, writeFileSync } from 'node:fs'
const answer = await fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', {
  method: 'POST',
  headers: { 'x-api-key': process.env.ANTHROPIC_API_KEY, 'content-type': 'application/json',
    'anthropic-version': '2023-06-01', 'x-scripted': '{"hangAfterEvents":3}' },
  body: JSON.stringify({ model: 'claude-haiku-4-5', max_tokens: 100, stream: true,
    messages: [{ role: 'user', content: 'Hello' }] }),
})
await answer.body.getReader().read()
const home = process.env.MATRIX_HOME ?? '/home/matrixos/home'
writeFileSync(home + '/calling', String(answer.status))
setInterval(() => (existsSync(home + '/over') || !existsSync(home)) && process.exit(0), 50)`

interface Use {
  /** Goes on with it, in between. */
  goOn?: () => Promise<unknown>
  end: () => Promise<unknown>
}

for (const { name, parts, needs } of STACKS) {
  describeReal(needs, `what keeps a computer awake (${name})`, () => {
    let stack: Stack
    beforeAll(async () => {
      stack = await bootStack({ parts, env: { ...SHORT, ALLOW_HOST_SHELL: '1' } })
    })
    afterAll(() => stack?.[Symbol.asyncDispose]())

    async function person(handle: string): Promise<PlatformClient> {
      const client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle })
      await openInstance(client, client.hosts.instanceOrigin(handle))
      return client
    }
    const stateOf = async (client: PlatformClient) => (await client.trpc.tenants.mine.query()).observed
    const asleep = (client: PlatformClient) =>
      until('it sleeps', async () => (await stateOf(client)) === 'stopped', 60_000)

    const homeOf = (handle: string) => join(stack.dataDir, 'instances', handle, HOME_FOLDER)
    /** As its owner's own. */
    function put(handle: string, path: string, content: string | Buffer): void {
      const { uid, gid } = statSync(homeOf(handle))
      const file = join(homeOf(handle), path)
      const folder = join(file, '..')
      mkdirSync(folder, { recursive: true })
      writeFileSync(file, content)
      for (const made of [folder, file]) chownSync(made, uid, gid)
    }

    const uses: Record<string, (client: PlatformClient, handle: string) => Promise<Use>> = {
      async socketeer(client, handle) {
        const { close } = await openNotes(client, handle)
        return { end: close }
      },
      async downloader(client, handle) {
        put(handle, 'film', randomBytes(DOWNLOAD_BYTES))
        const url = `${client.hosts.instanceOrigin(handle)}/api/files/content?path=film`
        const answer = await client.browser.fetch(url)
        expect(answer.status).toBe(200)
        return readerOf(answer)
      },
      async streamer(client, handle) {
        put(handle, 'apps/ticker/server.cjs', TICKING)
        put(
          handle,
          'apps/ticker/app.json',
          JSON.stringify({ name: 'Ticker', server: { command: 'exec node server.cjs' } }),
        )
        const at = client.hosts.instanceAppOrigin(handle, 'ticker')
        // A whole visit, hand-off included: its answer is the stream.
        const answer = await client.browser.navigate(`${at}/`)
        expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
        return readerOf(answer)
      },
      async caller(_client, handle) {
        const ended =
          parts === 'real'
            ? runInside(containerOf(stack.name, handle), CALLING)
            : runBeside(handle, stack.dataDir)
        const calling = join(homeOf(handle), 'calling')
        await until('the model answers', () => existsSync(calling) && readFileSync(calling, 'utf8') === '200')
        return {
          end: () => {
            put(handle, 'over', '')
            return ended
          },
        }
      },
    }

    it('does not put to sleep whoever has only a WebSocket, a download, a stream or an AI call, as it does a closed tab', async () => {
      const names = Object.keys(uses)
      const people = await Promise.all(
        names.map(async (handle) => {
          const client = await person(handle)
          const use = await uses[handle]?.(client, handle)
          if (!use) throw new Error(`${handle} does nothing.`)
          return { handle, client, use, run: await stack.runOf(handle) }
        }),
      )
      const left = await person('closer')
      for (let time = 0; time < IDLE_TIMES; time++) {
        // A tab that is closed: what it had open is over.
        await (await openNotes(left, 'closer')).close()
        for (const { use } of people) await use.goOn?.()
        await asleep(left)
      }
      const now = async (handle: string, client: PlatformClient) => [
        handle,
        await stateOf(client),
        await stack.runOf(handle),
      ]
      expect(await Promise.all(people.map(({ handle, client }) => now(handle, client)))).toEqual(
        people.map(({ handle, run }) => [handle, 'running', run]),
      )
      await Promise.all(people.map(({ use }) => use.end()))
      await Promise.all(people.map(({ client }) => asleep(client)))
    })
  })
}

/** Takes a little at a time. */
function readerOf(answer: Response): Use {
  const reader = answer.body?.getReader()
  if (!reader) throw new Error('The answer has no body.')
  return {
    goOn: async () => expect((await reader.read()).done).toBe(false),
    end: () => reader.cancel(),
  }
}

/** As a program of the instance that is a plain process here. */
async function runBeside(handle: string, dataDir: string): Promise<void> {
  const [pid = 0] = findProcesses(`MATRIX_HANDLE=${handle}`, dataDir)
  const lines = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean)
  const env = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)))
  const child = spawn(process.execPath, ['--input-type=module', '-e', CALLING], { env, stdio: 'ignore' })
  onTestFinished(() => void child.kill())
  await once(child, 'exit')
}
