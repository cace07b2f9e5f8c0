/** `npm run demo`: the whole journey of one person, without a browser, each step with its time. */

import { deleteInstance, putInstanceToSleep, signUp, waitUntilRunning } from '@matrixos/client'
import { showError } from '@matrixos/host/root'
import { duration } from '@matrixos/host/run-command'
import { createAuthenticator } from '@matrixos/testing/authenticator'
import { createPlatformClient, openInstance, type PlatformClient } from '@matrixos/testing/platform-client'
import { until } from '@matrixos/testing/until'
import { openNotes } from '../apps/instance/src/testing/notes.ts'
import { parseFlags, USAGE } from '../apps/supervisor/src/flags.ts'
import { callOnce, reachLimit } from './demo/credits.ts'
import { platformForDemo } from './demo/platform.ts'

async function step<T>(what: string, task: () => Promise<T>): Promise<T> {
  const before = performance.now()
  const result = await task()
  console.log(`  ✓ ${what.padEnd(58)} ${duration(performance.now() - before).padStart(8)}`)
  return result
}

/** To the nano-dollar, as the ledger keeps it. */
function exact(usd: string | null): string {
  if (usd === null) throw new Error('The AI call came back without its cost.')
  const [whole = '', fraction = ''] = usd.split('.')
  return `${whole}.${fraction.padEnd(9, '0')}`
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
  const call = await step('a program on their computer calls AI', () =>
    callOnce(platform.description, handle),
  )
  console.log(
    `    “${call.words.split('\n', 1)[0]}”\n    It cost $${exact(call.cost)}; $${exact(call.remaining)} are left.`,
  )
  const limit = await step('their limit is set to $0.01, and reached', () =>
    reachLimit(platform.description, client, handle),
  )
  console.log(
    `    ${limit.served} more calls were served, and the next one was refused (402):\n    ${limit.words}`,
  )
  await step('the account is deleted', () => remove(client, handle, url))
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
