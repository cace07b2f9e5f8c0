/** `npm run demo`: the whole journey of one person, without a browser, each step with its time. */

import { deleteInstance, putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { showError } from '@matrixos/host/root'
import { duration } from '@matrixos/host/run-command'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { createPlatformClient, openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { runInConsole } from '../apps/instance/src/testing/console.ts'
import { openNotes } from '../apps/instance/src/testing/notes.ts'
import { parseFlags, USAGE } from '../apps/supervisor/src/flags.ts'
import type { Platform } from '../apps/supervisor/src/platform-file.ts'
import { serviceOf } from './admin/place.ts'
import { callService } from './admin/service-call.ts'
import { platformForDemo } from './demo/platform.ts'

const SMALL_LIMIT_USD = '0.01'
const MOST_CALLS = 20
const WIDTH = 100

type Place = Pick<Platform, 'dataDir' | 'runDir'>

/** What somebody said: its first line and its last. */
function say(text: string): void {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  for (const line of new Set([lines[0] ?? '', lines.at(-1) ?? '']))
    console.log(`      ${line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line}`)
}

async function step<T>(what: string, task: () => Promise<T>): Promise<T> {
  const before = performance.now()
  const result = await task()
  console.log(`  ✓ ${what.padEnd(58)} ${duration(performance.now() - before).padStart(8)}`)
  return result
}

async function untilAsleep(client: PlatformClient): Promise<void> {
  await putInstanceToSleep(client)
  await until(
    'it sleeps',
    async () => (await client.trpc.tenants.mine.query()).observed === 'stopped',
    30_000,
  )
}

async function writeNote(client: PlatformClient, handle: string, text: string): Promise<void> {
  const notes = await openNotes(client, handle)
  await notes.save(text)
  await notes.close()
}

async function readNote(client: PlatformClient, handle: string, expected: string): Promise<void> {
  const notes = await openNotes(client, handle)
  await notes.close()
  if (notes.text !== expected)
    throw new Error(`The note reads ${JSON.stringify(notes.text)}, not what was written.`)
}

/** Asked in the computer's own console: it has a token of its own, and no key. */
async function askAi(client: PlatformClient, handle: string): Promise<void> {
  const { text, failed } = await runInConsole(client, handle, 'ask Who are you, in one sentence?')
  if (failed) throw new Error(`The AI did not answer: ${text}`)
  say(text)
}

/** A long question costs most of what is allowed here, and soon the next one does not fit. */
async function spendAll(client: PlatformClient, handle: string, place: Place): Promise<void> {
  const service = serviceOf({ ...process.env, DATA_DIR: place.dataDir, RUN_DIR: place.runDir })
  await callService(service, 'admin.quota.server.limit', { handle, credits: SMALL_LIMIT_USD })
  const question = `ask Sum this up: ${'All work and no play makes Jack a dull boy. '.repeat(600)}`
  for (let calls = 0; calls < MOST_CALLS; calls++) {
    const { text, failed } = await runInConsole(client, handle, question)
    if (failed) return say(text)
  }
  throw new Error(`${MOST_CALLS} calls were answered for ${SMALL_LIMIT_USD} USD.`)
}

async function remove(client: PlatformClient, handle: string, url: string): Promise<void> {
  await deleteInstance(client, handle)
  await until('nobody lives there', async () => (await client.browser.navigate(url)).status === 404, 30_000)
}

async function main(): Promise<void> {
  const flags = process.argv.slice(2)
  // Refuses what it does not know, as `npm start` does, before anything is made.
  if (parseFlags(flags, process.env).help) {
    console.log(
      `The demo uses the platform that runs on DATA_DIR, or starts one with these options.\n\n${USAGE}`,
    )
    return
  }
  await using platform = await platformForDemo(flags)
  const { publicUrl, instanceDomain, runtime, edge, database } = platform.description
  const client = createPlatformClient({ publicUrl, instanceDomain })
  const handle = `demo-${Date.now().toString(36)}`
  const note = `Written at ${new Date().toISOString()}`
  console.log(`\nOn ${publicUrl} (instances: ${runtime}, edge: ${edge}, database: ${database})\n`)
  await step(`${handle} signs up with a passkey`, () =>
    signUp({ client, authenticator: createAuthenticator(), handle }),
  )
  const { url } = await step('their computer is created and starts', () => waitUntilRunning(client))
  await step(`${url} opens`, () => openInstance(client, url))
  await step('a note is written', () => writeNote(client, handle, note))
  await step('the computer goes to sleep', () => untilAsleep(client))
  await step('the next request wakes it', () => openInstance(client, url))
  await step('the note is still there', () => readNote(client, handle, note))
  await step('its AI answers, and says what that cost', () => askAi(client, handle))
  if (platform.description.aiProviders.length === 0)
    await step('its AI credits are used up, down to the last cent', () =>
      spendAll(client, handle, platform.description),
    )
  await step('the computer is deleted, and closed at once', () => remove(client, handle, url))
  await client.close()
  console.log()
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    showError(error)
    process.exit(1)
  },
)
