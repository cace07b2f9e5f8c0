/** What an export holds besides the home: who the person is on the platform, what they wrote, and what their AI calls cost. */
import { buffer } from 'node:stream/consumers'
import type { callPageSchema, callsQuerySchema, UserId, UserView } from '@matrixos/shared'
import { pack } from 'tar-stream'
import type { z } from 'zod'
import type { Bytes } from '../../ports/home-transfer.ts'

export interface AccountFilesOptions {
  userOf: (userId: UserId) => Promise<UserView>
  /** What they say of themselves, and how they stand to others. */
  recordOf: (userId: UserId) => Promise<object>
  callsOf: (
    userId: UserId,
    query: z.output<typeof callsQuerySchema>,
  ) => Promise<z.infer<typeof callPageSchema>>
  /** What they wrote for others, by kind. */
  written: Record<'posts' | 'comments', (userId: UserId, range: Range) => Promise<Page>>
}

interface Range {
  cursor?: string | undefined
  limit: number
}
interface Page {
  items: readonly unknown[]
  nextCursor: string | null
}

export type AccountFiles = (userId: UserId, at: Date) => AsyncIterable<Uint8Array>

/** Of one file: all of them are in memory at once. */
const ROWS = 2_000
const FOLDER = 'account'
/** A tar archive ends with two empty blocks; what comes before them can stand before another archive. */
const END_BYTES = 1_024

/** One member of an archive that goes on. */
async function member(name: string, content: unknown, mtime: Date): Promise<Uint8Array> {
  const packer = pack()
  packer.entry({ name: `${FOLDER}/${name}`, mode: 0o600, mtime }, `${JSON.stringify(content, null, 2)}\n`)
  packer.finalize()
  const whole = await buffer(packer)
  return whole.subarray(0, whole.length - END_BYTES)
}

/** Page by page, a file for each. */
async function* files(name: string, read: (range: Range) => Promise<Page>, at: Date) {
  let cursor: string | undefined
  for (let nth = 1; ; nth++) {
    const { items, nextCursor } = await read({ limit: ROWS, ...(cursor && { cursor }) })
    yield await member(`${name}-${nth}.json`, items, at)
    if (nextCursor === null) return
    cursor = nextCursor
  }
}

/** Members of a tar archive, without its end. */
export const createAccountFiles = ({
  userOf,
  recordOf,
  callsOf,
  written,
}: AccountFilesOptions): AccountFiles =>
  async function* members(userId, at) {
    yield await member('profile.json', { ...(await userOf(userId)), ...(await recordOf(userId)) }, at)
    yield* files('posts', (range) => written.posts(userId, range), at)
    yield* files('comments', (range) => written.comments(userId, range), at)
    const calls = async ({ limit, cursor }: Range) => {
      const page = await callsOf(userId, { limit, ...(cursor && { cursor }) })
      return { items: page.calls, nextCursor: page.nextCursor }
    }
    yield* files('ai-calls', calls, at)
  }

/** One archive of both. `archive` is begun only once it is read: nobody would end what is begun and not read. */
export async function* withMembers(
  members: Bytes,
  archive: () => Promise<Bytes>,
): AsyncGenerator<Uint8Array> {
  yield* members
  yield* await archive()
}
