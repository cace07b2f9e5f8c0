/** Exports, streamed and kept, and imports, in the middle of their bytes and of the restart that an import ends with. */
import { UPLOAD_CHUNK_BYTES } from '@matrixos/shared'
import { until } from '@matrixos/testing/until'
import { atCall, atProcess, type ChaosCase, type HeldAt, type UnderWay } from './case.ts'
import { freezeTool } from './frozen.ts'
import { expectKept } from './invariants.ts'
import { createOwner, listingOfArchive, type Person } from './people.ts'
import type { World } from './world.ts'

/** More than all buffers on its way hold. */
const BIG_BYTES = 24_000_000
const DONE_MS = 90_000

/** `which`: the path of one that is kept; otherwise it is packed while it is read. */
async function openExport({ client, logIn }: Person, which = '') {
  await logIn()
  const { body, status } = await client.browser.fetch(`${client.hosts.appOrigin}/transfer/export${which}`, {
    headers: { 'sec-fetch-site': 'same-origin' },
  })
  if (status !== 200 || !body) throw new Error(`The export answered ${status}.`)
  return body.getReader()
}

async function readAll(reader: ReadableStreamDefaultReader<Uint8Array>, chunks: Uint8Array[] = []) {
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return Buffer.concat(chunks)
    chunks.push(value)
  }
}

const isWhole = (archive: Uint8Array, person: Person): boolean => {
  try {
    return listingOfArchive(archive) === person.listing()
  } catch {
    return false
  }
}

/** What was cut off fails, and is no archive; the next try is whole. */
async function exportsWhole(person: Person, rest: () => Promise<Buffer>): Promise<void> {
  const first = await rest().catch(() => null)
  const archive = first ?? (await readAll(await openExport(person)))
  if (!isWhole(archive, person)) throw new Error('The export is not what is in the home.')
  expectKept(person)
}

async function exporting(_world: World, person: Person): Promise<UnderWay> {
  const reader = await openExport(person)
  const first = await reader.read()
  if (first.done) throw new Error('The export was over at once.')
  const frozen = await freezeTool('tar', person.folder)
  let hasEnded = false
  reader.closed.then(
    () => {
      hasEnded = true
    },
    () => undefined,
  )
  return atProcess(frozen, {
    isUnderWay: () => !hasEnded,
    isStillHeld: () => !hasEnded,
    settle: () => exportsWhole(person, () => readAll(reader, [first.value])),
  })
}

const exportOf = async ({ client }: Person) => (await client.trpc.transfer.state.query()).export

/** Nobody asks for it again: it is packed anew, and is whole. */
async function isPackedWhole(person: Person): Promise<void> {
  const made = await until(
    'the export has ended',
    async () => {
      const state = await exportOf(person).catch(() => null)
      return (state?.status === 'ready' || state?.status === 'failed') && state
    },
    DONE_MS,
  )
  if (made.status !== 'ready') throw new Error(`The export failed: ${made.message}`)
  if (!isWhole(await readAll(await openExport(person, `/${made.id}`)), person))
    throw new Error('The export that was packed is not what is in the home.')
  expectKept(person)
}

async function packing(_world: World, person: Person): Promise<UnderWay> {
  await person.logIn()
  await person.client.trpc.transfer.beginExport.mutate()
  const frozen = await freezeTool('tar', person.folder)
  return atProcess(frozen, {
    isUnderWay: async () => (await exportOf(person))?.status === 'packing',
    settle: () => isPackedWhole(person),
  })
}

interface Import {
  uploadId: string
  archive: Buffer
}

const put = ({ client }: Person, { uploadId, archive }: Import, at: number) => {
  const origin = client.hosts.appOrigin
  return client.browser.fetch(`${origin}/transfer/upload/${uploadId}?offset=${at}`, {
    method: 'PUT',
    headers: { origin, 'x-mos': '1', 'sec-fetch-site': 'same-origin' },
    body: archive.subarray(at, at + UPLOAD_CHUNK_BYTES),
  })
}

/** From where the platform says that it has come. */
async function upload(person: Person, what: Import, { from = 0, to = what.archive.length } = {}) {
  for (let at = from; at < to; ) {
    const answer = await put(person, what, at)
    const body = await answer.text()
    if (answer.status !== 200) throw new Error(`The upload answered ${answer.status}: ${body}`)
    at = Number(JSON.parse(body).received)
  }
}

async function beginImport(person: Person): Promise<Import> {
  const archive = await readAll(await openExport(person))
  // Whatever is there now, the import replaces it.
  const imported = person.listing()
  person.fill(1_000)
  person.expect(imported)
  const { uploadId } = await person.client.trpc.transfer.begin.mutate({ sizeBytes: archive.length })
  return { uploadId, archive }
}

const stateOf = async ({ client }: Person) => (await client.trpc.transfer.state.query()).import

/** Imports it until it is there: what was cut off says so, and has changed nothing or waits for a start. */
async function importsWhole(person: Person, archive: Buffer): Promise<void> {
  const ends = () =>
    until(
      'the import has ended',
      async () => {
        const state = await stateOf(person).catch(() => null)
        return (state?.status === 'done' || state?.status === 'failed') && state
      },
      DONE_MS,
    )
  let state = await ends()
  await person.open()
  if (state.status === 'failed' && !person.hasKept()) {
    await person.logIn()
    const { uploadId } = await person.client.trpc.transfer.begin.mutate({ sizeBytes: archive.length })
    await upload(person, { uploadId, archive })
    await person.client.trpc.transfer.finish.mutate({ uploadId })
    state = await ends()
    if (state.status !== 'done') throw new Error(`The second import failed: ${state.message}`)
    await person.open()
  }
  expectKept(person)
}

async function finish(person: Person, what: Import): Promise<void> {
  await upload(person, what)
  await person.client.trpc.transfer.finish.mutate({ uploadId: what.uploadId })
}

async function uploading(_world: World, person: Person): Promise<UnderWay> {
  const what = await beginImport(person)
  await upload(person, what, { to: 10 * UPLOAD_CHUNK_BYTES })
  let isOver = false
  return {
    isUnderWay: () => !isOver,
    isStillHeld: () => !isOver,
    letGo: () => {
      isOver = true
    },
    async settle() {
      // One piece that was on its way may have to be sent again.
      await until(
        'a piece arrives',
        async () => (await put(person, what, 0).catch(() => null))?.status === 200,
      )
      const { received } = JSON.parse(await (await put(person, what, 0)).text())
      await upload(person, what, { from: Number(received) })
      await person.client.trpc.transfer.finish.mutate({ uploadId: what.uploadId })
      await importsWhole(person, what.archive)
    },
  }
}

async function unpacking(_world: World, person: Person): Promise<UnderWay> {
  const what = await beginImport(person)
  await finish(person, what)
  const frozen = await freezeTool('tar', person.folder)
  return atProcess(frozen, {
    isUnderWay: async () => (await stateOf(person))?.status === 'unpacking',
    settle: () => importsWhole(person, what.archive),
  })
}

async function restarting(world: World, person: Person, call: HeldAt) {
  const what = await beginImport(person)
  return atCall(world, person, {
    ...call,
    act: () => finish(person, what),
    settle: () => importsWhole(person, what.archive),
  })
}

const prepare = (world: World, handle: string) => createOwner(world, handle, BIG_BYTES)

export const transferCases: readonly ChaosCase[] = [
  { action: 'export', step: 'in the middle of its bytes', prepare, begin: exporting },
  { action: 'export', step: 'its file is being packed', prepare, begin: packing },
  { action: 'import', step: 'half of it has arrived', prepare, begin: uploading },
  { action: 'import', step: 'it is being unpacked', prepare, begin: unpacking },
  {
    action: 'import',
    step: 'the computer is to stop for it',
    prepare,
    begin: (world, person) =>
      restarting(world, person, { kind: 'stop', point: 'asked', observed: 'stopping' }),
  },
  {
    action: 'import',
    step: 'the computer starts with it, and nobody was told',
    prepare,
    begin: (world, person) =>
      restarting(world, person, { kind: 'start', point: 'done', observed: 'starting' }),
  },
]
