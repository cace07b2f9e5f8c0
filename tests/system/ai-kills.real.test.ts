/** `kill -9` under calls that stream: what was killed comes back by itself, and the books charge each call once. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { signUp, waitUntilRunning } from '@matrixos/client'
import { formatUsd, parseUsd } from '@matrixos/shared'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { describeReal } from '@matrixos/testing/describe-real'
import { openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { findProcesses } from '@matrixos/testing/processes'
import { until } from '@matrixos/testing/until'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { containerOf, runInside } from '../support/inside.ts'
import { bootStack, STACKS, type Stack } from '../support/stack.ts'

const HANDLE = 'ada'
/** Instead of a minute. The api must have had answers for all of that time. */
const DEAD_AFTER_S = 10
/** Longer than the api takes to come back. */
const LONG = { words: 800, eventDelayMs: 15 }
const SHORT = { words: 400, eventDelayMs: 15 }
const HANGING = { hangAfterEvents: 5 }

/** The program of an instance: prints the answer's status, its bytes, and whether they came to their end. */
const programOf = (script: object) => {
  const body = {
    ...{ model: 'demonstration-1', max_tokens: 4_000, stream: true },
    messages: [{ role: 'user', content: `#scripted ${JSON.stringify(script)}\nHello` }],
  }
  return `const answer = await fetch(process.env.ANTHROPIC_BASE_URL + '/v1/messages', {
      method: 'POST',
      headers: { 'x-api-key': process.env.ANTHROPIC_API_KEY, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
      body: ${JSON.stringify(JSON.stringify(body))},
    })
    let text = ''
    const decoder = new TextDecoder()
    const read = async () => { for await (const chunk of answer.body) text += decoder.decode(chunk, { stream: true }) }
    const ending = await read().then(() => 'whole', () => 'cut')
    console.log(JSON.stringify({ status: answer.status, ending, text }))`
}

for (const { name, parts, needs } of STACKS) {
  describeReal(needs, `kill -9 under AI calls (${name})`, () => {
    let stack: Stack
    let client: PlatformClient
    beforeAll(async () => {
      // With one slot, a call is served only when those before it have left theirs.
      stack = await bootStack({
        parts,
        env: { AI_CALLS_AT_ONCE: '1', AI_CALL_DEAD_AFTER_S: String(DEAD_AFTER_S) },
      })
      client = stack.client()
      await signUp({ client, authenticator: createAuthenticator(), handle: HANDLE })
      await waitUntilRunning(client, 60_000)
    })
    afterAll(() => stack?.[Symbol.asyncDispose]())

    async function call(script: object): Promise<{ status: number; ending: string; text: string }> {
      const program = programOf(script)
      if (parts === 'real') return JSON.parse(await runInside(containerOf(stack.name, HANDLE), program))
      const [pid] = findProcesses(`MATRIX_HANDLE=${HANDLE}`, stack.dataDir)
      const lines = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
      const env = Object.fromEntries(
        lines.map((line) => [line.split('=', 1)[0], line.replace(/^[^=]*=/, '')]),
      )
      const run = promisify(execFile)
      const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { env })
      return JSON.parse(stdout)
    }
    const credits = () => client.trpc.quota.credits.query()
    const calls = async () => (await client.trpc.quota.calls.query({})).calls
    /** Under way, and past its first events. */
    const streams = () =>
      until('it streams', async () => (await credits()).calls.some(({ costSoFar }) => Number(costSoFar) > 0))

    async function expectEvenBooks() {
      const { spent, held } = await credits()
      const sum = (await calls()).reduce((total, { cost }) => total + parseUsd(cost), 0n)
      expect([held, spent]).toEqual([formatUsd(0n), formatUsd(sum)])
    }
    /** By a proxy that has a slot for it: nobody else holds the only one. */
    async function expectServed() {
      const before = (await calls()).length
      expect(await call({ words: 5 })).toMatchObject({ status: 200, ending: 'whole' })
      await until('it is settled', async () => (await calls()).length === before + 1)
      expect((await calls())[0]).toMatchObject({ status: 'settled' })
      await expectEvenBooks()
    }

    it('of the api: the stream goes on to its end, and is charged once by its own figures', async () => {
      const { api: _, ...others } = stack.platform().parts
      const answer = call(LONG)
      await streams()
      await stack.kill('api')
      const { status, ending, text } = await answer
      expect([status, ending]).toEqual([200, 'whole'])
      expect(text).toContain('message_stop')
      await until('its hold is gone', async () => (await credits()).calls.length === 0, 30_000)
      const told = text
        .matchAll(/"output_tokens":(\d+)/g)
        .toArray()
        .at(-1)?.[1]
      expect(await calls()).toMatchObject([{ status: 'settled', outputTokens: Number(told) }])
      await expectEvenBooks()
      await expectServed()
      expect(stack.platform().parts).toMatchObject(others)
    })

    it('of an api that hung under the stream: it is charged when there is another', async () => {
      const before = await calls()
      const { api = 0 } = stack.platform().parts
      const answer = call(SHORT)
      await streams()
      process.kill(api, 'SIGSTOP')
      expect(await answer).toMatchObject({ status: 200, ending: 'whole' })
      await stack.kill('api')
      await until('its hold is gone', async () => (await credits()).calls.length === 0, 30_000)
      const [charged, ...rest] = await calls()
      expect(charged).toMatchObject({ status: 'settled' })
      expect(rest).toEqual(before)
      await expectEvenBooks()
      await expectServed()
    })

    it('of the proxy: the stream is cut and charged once, flagged', async () => {
      const { ai: _, ...others } = stack.platform().parts
      const before = await calls()
      const answer = call(HANGING)
      await streams()
      const held = (await credits()).calls[0]?.held
      await stack.kill('ai')
      expect(await answer).toMatchObject({ status: 200, ending: 'cut' })
      await until('its hold is gone', async () => (await credits()).calls.length === 0, 60_000)
      const [charged, ...rest] = await calls()
      expect(charged).toMatchObject({ status: 'estimated', cost: held })
      expect(rest).toEqual(before)
      await expectEvenBooks()
      await expectServed()
      expect(stack.platform().parts).toMatchObject(others)
      await openInstance(client, stack.hosts.instanceOrigin(HANDLE))
    })
  })
}
